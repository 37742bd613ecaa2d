package feeds

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/shopspring/decimal"

	"kouan/i18n"
	"kouan/tariffs"
)

// csvw is as much of a reader of annotated tables (W3C, Model for Tabular
// Data and Metadata) as this description needs: it knows nothing of us.
type csvw struct {
	Context []any  `json:"@context"`
	URL     string `json:"url"`
	Dialect struct {
		Encoding       string `json:"encoding"`
		Delimiter      string `json:"delimiter"`
		Header         bool   `json:"header"`
		HeaderRowCount int    `json:"headerRowCount"`
	} `json:"dialect"`
	Schema struct {
		Columns []struct {
			Name     string            `json:"name"`
			Titles   map[string]string `json:"titles"`
			Datatype any               `json:"datatype"`
			Required bool              `json:"required"`
		} `json:"columns"`
	} `json:"tableSchema"`
}

var (
	csvwName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.]*$`) // 5.6: names do not begin with _
	xsdDate  = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	xsdCount = regexp.MustCompile(`^[1-9]\d*$`)
)

// judge reads a table by its description and says what does not fit.
func judge(description, table []byte) (wrong []string, rows int) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	var m csvw
	if err := json.Unmarshal(description, &m); err != nil {
		return []string{err.Error()}, 0
	}
	if len(m.Context) == 0 || m.Context[0] != "http://www.w3.org/ns/csvw" || m.URL == "" {
		say("context %v, url %q", m.Context, m.URL)
	}
	if m.Dialect.Encoding != "utf-8" || m.Dialect.Delimiter != "," || !m.Dialect.Header || m.Dialect.HeaderRowCount != 1 {
		say("dialect %+v", m.Dialect)
	}
	lines, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil || len(lines) == 0 {
		return append(wrong, fmt.Sprintf("table: %v", err)), 0
	}
	if len(lines[0]) != len(m.Schema.Columns) {
		return append(wrong, fmt.Sprintf("%d columns are described, the table has %d", len(m.Schema.Columns), len(lines[0]))), 0
	}
	seen := map[string]bool{}
	for i, c := range m.Schema.Columns {
		if !csvwName.MatchString(c.Name) || seen[c.Name] {
			say("column %d: name %q", i+1, c.Name)
		}
		seen[c.Name] = true
		if c.Titles["und"] != lines[0][i] { // 6.5.1: a title must be the heading; und matches every language
			say("column %d: heading %q is none of its titles", i+1, lines[0][i])
		}
		for n, line := range lines[1:] {
			if line[i] == "" {
				if c.Required {
					say("row %d: %s is empty", n+1, c.Name)
				}
				continue
			}
			if !fits(line[i], c.Datatype) {
				say("row %d: %s %q is no %v", n+1, c.Name, line[i], c.Datatype)
			}
		}
	}
	return wrong, len(lines) - 1
}

func fits(cell string, datatype any) bool {
	if d, ok := datatype.(map[string]any); ok {
		format, isText := d["format"].(string)
		return isText && d["base"] == "string" && regexp.MustCompile("^(?:"+format+")$").MatchString(cell)
	}
	switch datatype {
	case "string":
		return true
	case "decimal":
		_, err := decimal.NewFromString(cell)
		return err == nil && !strings.ContainsAny(cell, "eE")
	case "date":
		return xsdDate.MatchString(cell)
	case "positiveInteger":
		return xsdCount.MatchString(cell)
	}
	return false
}

func TestTheTableIsReadByItsDescription(t *testing.T) {
	t.Parallel()
	for _, day := range []tariffs.Day{"2015-01-01", "2021-05-01", "2026-11-25"} {
		l := listOf(day)
		wrong, rows := judge(written(t, func(w *bytes.Buffer) error { return l.Metadata(w, "fees.csv") }), written(t, func(w *bytes.Buffer) error { return l.CSV(w) }))
		if rows != len(l.Rows) || len(wrong) > 0 {
			t.Errorf("%s: %d rows, want %d; %v", day, rows, len(l.Rows), wrong)
		}
	}
	// A description that fits everything would prove nothing.
	for name, spoil := range map[string]func(*tariffs.Row){
		"an amount in words":      func(r *tariffs.Row) { r.Amount = "面议" },
		"an amount with exponent": func(r *tariffs.Row) { r.Amount = "1e3" },
		"no payer":                func(r *tariffs.Row) { r.Payer = "" },
		"a day of no form":        func(r *tariffs.Row) { r.ValidFrom = "2026/1/1" },
		"a word of none":          func(r *tariffs.Row) { r.Word = "sure" },
		"another currency":        func(r *tariffs.Row) { r.Currency = "USD" },
	} {
		l := listOf("2026-11-25")
		spoil(&l.Rows[0])
		if wrong, _ := judge(written(t, func(w *bytes.Buffer) error { return l.Metadata(w, "fees.csv") }), written(t, func(w *bytes.Buffer) error { return l.CSV(w) })); len(wrong) == 0 {
			t.Errorf("%s fits the description", name)
		}
	}
}

func TestTheDescriptionHasTitlesInEveryLanguage(t *testing.T) {
	t.Parallel()
	var m csvw
	if err := json.Unmarshal(written(t, func(w *bytes.Buffer) error { return listOf("2026-11-25").Metadata(w, "fees.csv") }), &m); err != nil {
		t.Fatal(err)
	}
	for i, c := range m.Schema.Columns {
		if c.Name != tariffs.ListColumns()[i] {
			t.Errorf("column %d is %s", i+1, c.Name)
		}
		for _, lang := range i18n.Languages() {
			if c.Titles[string(lang)] == "" || strings.Contains(c.Titles[string(lang)], "fee_column.") {
				t.Errorf("%s has no title in %s", c.Name, lang)
			}
		}
	}
	for name := range datatypes {
		if !slices.Contains(tariffs.RowColumns, name) {
			t.Errorf("a datatype of no column: %s", name)
		}
	}
}

package feeds

import (
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/i18n"
	"kouan/tariffs"
)

// Metadata for Tabular Data on the Web (W3C, 2015-12-17): what the columns of
// the CSV mean and hold. One CSV has headings in all languages, since titles
// may be language maps (6.4); "und" is the heading that stands in the file.

type tableMeta struct {
	Context     []any          `json:"@context"`
	URL         string         `json:"url"`
	Title       []langText     `json:"dc:title"`
	Description []langText     `json:"dc:description"`
	Issued      *typed         `json:"dc:issued,omitempty"`
	Version     string         `json:"schema:version"`
	Languages   []string       `json:"dc:language"`
	Dialect     map[string]any `json:"dialect"`
	Schema      map[string]any `json:"tableSchema"`
}

type langText struct {
	Value string `json:"@value"`
	Lang  string `json:"@language"`
}

type typed struct {
	Value string `json:"@value"`
	Type  string `json:"@type"`
}

type columnMeta struct {
	Name     string            `json:"name"`
	Titles   map[string]string `json:"titles"`
	Datatype any               `json:"datatype"`
	Lang     string            `json:"lang,omitzero"`
	Required bool              `json:"required,omitzero"`
}

// choice is a datatype of a few words: format is a regular expression (6.4.2).
func choice[S ~string](words ...S) map[string]string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return map[string]string{"base": "string", "format": strings.Join(all, "|")}
}

// datatypes of columns that are no plain text.
var datatypes = map[string]any{
	"row_version": "positiveInteger",
	"nt_from":     "decimal", "nt_to": "decimal", "loa_from": "decimal", "loa_to": "decimal", "distance_from_nm": "decimal", "distance_to_nm": "decimal",
	"amount": "decimal", "port_factor": "decimal", "valid_from": "date", "valid_to": "date", "published_at": "date",
	"currency": choice("CNY"), "at_most": choice("yes"),
	"status":       choice(tariffs.Priced, tariffs.NotOnFile, tariffs.NoRow, tariffs.Suspended, tariffs.UnknownStatus),
	"regime":       choice(tariffs.GovernmentSet, tariffs.GovernmentGuided, tariffs.Market),
	"verification": choice(tariffs.Words...),
}

// required are the columns that no row leaves empty.
var required = map[string]bool{"catalogue": true, "item": true, "name_zh": true, "trade": true, "status": true, "regime": true,
	"payer": true, "collector": true, "basis": true, "basis_status": true, "verification": true}

// Title is the heading of a column in a language.
func Title(words i18n.Printer, column string) string { return words.Text("fee_column."+column, nil) }

// Metadata describes the CSV that stands at url, relative to the description.
func (l *List) Metadata(w io.Writer, url string) error {
	columns := make([]columnMeta, 0, len(tariffs.RowColumns)+1)
	for _, name := range tariffs.ListColumns() {
		c := columnMeta{Name: name, Titles: map[string]string{"und": name}, Datatype: "string", Required: required[name]}
		if d := datatypes[name]; d != nil {
			c.Datatype = d
		}
		if name == "name_zh" {
			c.Lang = string(i18n.ZhHans)
		}
		for _, lang := range i18n.Languages() {
			c.Titles[string(lang)] = Title(i18n.For(lang), name)
		}
		columns = append(columns, c)
	}
	m := tableMeta{Context: []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": string(i18n.ZhHans)}}, URL: url, Version: l.Catalogue,
		Languages: []string{string(i18n.ZhHans)},
		Dialect:   map[string]any{"encoding": "utf-8", "delimiter": ",", "quoteChar": `"`, "doubleQuote": true, "header": true, "headerRowCount": 1},
		Schema:    map[string]any{"columns": columns, "aboutUrl": "fees/{item}"}}
	if !l.PublishedAt.IsZero() {
		m.Issued = &typed{l.PublishedAt.UTC().Format("2006-01-02T15:04:05Z"), "xsd:dateTime"}
	}
	for _, lang := range i18n.Languages() {
		p := i18n.For(lang)
		m.Title = append(m.Title, langText{p.Text("fee_feed.list", map[string]string{"day": string(l.Day)}), string(lang)})
		m.Description = append(m.Description, langText{p.Text("fee_feed.neutral", nil), string(lang)})
	}
	if err := json.MarshalWrite(w, &m, jsontext.WithIndent(" "), json.Deterministic(true)); err != nil {
		return fmt.Errorf("write metadata: %w", err)
	}
	return nil
}

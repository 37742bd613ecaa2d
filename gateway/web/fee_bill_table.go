package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"

	"kouan/gateway/desk"
	"kouan/tariffs"
)

// writeTable answers a table as CSV: UTF-8 with a byte order mark, because
// programs of tables guess otherwise. What a stranger wrote is neutralised
// where such a program would run it as a formula.
func writeTable(w http.ResponseWriter, name string, rows [][]string) error {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	c := csv.NewWriter(&out)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i := range row {
			cells[i] = harmless(row[i])
		}
		if err := c.Write(cells); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	_, err := w.Write(out.Bytes())
	if err != nil {
		return nil //nolint:nilerr // the reader went away
	}
	return nil
}

// harmless puts an apostrophe before what begins like a formula; a plain
// negative number stays one.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if cell[0] == '-' && strings.Trim(cell[1:], "0123456789.") == "" && cell != "-" {
		return cell
	}
	return "'" + cell
}

// billResult is GET …/result.csv: the account with its verdicts.
func (s *server) billResult(w http.ResponseWriter, v *visit) error {
	private(w)
	b, err := s.Desk.FeeBill(v.Context(), v.PathValue("secret"))
	if err != nil {
		return err
	}
	p := billPageOf(v, &b, s.Clock())
	rows := [][]string{{"line", "text_zh", "item", "billed_cny", "reference_cny", "difference_cny", "verdicts", "standing", "verification", "words", "row"}}
	yuan := func(f *tariffs.Fen) string {
		if f == nil {
			return ""
		}
		return f.String()
	}
	for _, l := range append(p.Lines, p.Whole...) {
		number := ""
		if l.Line > 0 {
			number = strconv.Itoa(l.Line)
		}
		rows = append(rows, []string{number, l.Text, l.Code, yuan(l.Billed), yuan(l.Reference), yuan(l.Difference), l.Verdicts, string(l.Standing), string(l.word), l.Words, l.Row})
	}
	return writeTable(w, "account-checked.csv", rows)
}

// billFile is GET …/file: the bytes that came, never shown as a page.
func (s *server) billFile(w http.ResponseWriter, v *visit) error {
	private(w)
	b, err := s.Desk.FeeBill(v.Context(), v.PathValue("secret"))
	if err != nil {
		return err
	}
	file, err := s.Desk.FeeBillFile(v.Context(), &b)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="account.`+b.Format+`"`)
	h.Set("Content-Length", strconv.Itoa(len(file)))
	if _, err := w.Write(file); err != nil {
		return nil //nolint:nilerr // the reader went away
	}
	return nil
}

// bodyFigures is GET /{lang}/fees/bodies/{body}/figures.csv.
func (s *server) bodyFigures(w http.ResponseWriter, v *visit) error {
	b, err := s.Desk.FeeBody(v.Context(), v.PathValue("body"))
	if err != nil {
		return err
	}
	rows := [][]string{{"body", "month", "accounts", "accounts_judged", "accounts_equal", "equal_percent", "over_lines", "over_cny", "asked_lines", "asked_cny",
		"complaints_received", "complaints_upheld", "median_reply_hours", "calls", "net_tonnage", "revenue_cny"}}
	for i := range b.Months {
		m := &b.Months[i]
		row := []string{b.Code, m.Month}
		switch {
		case m.Few:
			row = append(row, "<"+strconv.Itoa(desk.FewBills), "", "", "", "", "", "", "")
		case m.Bills == 0:
			row = append(row, "", "", "", "", "", "", "", "")
		default:
			over, overFen := m.Over()
			asked, askedFen := m.Asked()
			row = append(row, strconv.Itoa(m.Bills), strconv.Itoa(m.Judged), "", "", "", "", "", "")
			if m.Judged > 0 {
				row = append(row[:4], strconv.Itoa(m.Equal), m.Share, strconv.Itoa(over), overFen.String(), strconv.Itoa(asked), askedFen.String())
			}
		}
		if c := m.Complaint; c != nil {
			row = append(row, strconv.Itoa(c.Received), strconv.Itoa(c.Upheld), "")
			if c.MedianHours != nil {
				row[len(row)-1] = strconv.Itoa(*c.MedianHours)
			}
		} else {
			row = append(row, "", "", "")
		}
		rows = append(rows, append(row, "", "", "")) // calls, tonnage and revenue are not on file: blank, never 0
	}
	return writeTable(w, b.Code+".csv", rows)
}

// formDigest names what a form says.
type formDigest struct{ h hash.Hash }

func newDigest(body []byte) formDigest {
	d := formDigest{sha256.New()}
	d.h.Write(body)
	return d
}

func (d formDigest) add(text string) { fmt.Fprintf(d.h, "\n%d %s", len(text), text) }

func (d formDigest) hex() string { return hex.EncodeToString(d.h.Sum(nil)) }

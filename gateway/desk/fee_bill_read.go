package desk

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
	"kouan/declarations/strictjson"
	"kouan/tariffs"
)

// Codes of faults of accounts as files; more stand in tariffs.
const (
	codeBillMerged    = "FEE-1201" // merged cells; args: name
	codeBillFormula   = "FEE-1202" // a cell holds a formula
	codeBillPortTime  = "FEE-1203" // a time without a zone is read at the port's clock; args: was, now
	codeBillChanged   = "FEE-1204" // a value was written otherwise; args: was, now
	codeBillCurrency0 = "FEE-1205" // no currency stated: read as CNY
	codeBillLineTwice = "FEE-1206" // a line number stands twice; args: value
	codeBillCurrency  = "FEE-1207" // another currency; args: value
	codeBillDistance  = "FEE-1208" // the distance is not that of the catalogue; args: value, known
	codeBillError     = "FEE-1209" // a cell holds an error; args: value
	codeBillLong      = "FEE-1220" // a text is too long; args: limit
	codeBillKind      = "FEE-1320" // the file is of the other kind than it is handed in as; args: value, known
	codeBillSynthetic = "FEE-1321" // the file calls itself invented
	codeBillIdle      = "FEE-1322" // a stay after completion of cargo is read as the ship's own
)

const (
	// MaxBill bounds the file of an account; those of long calls take some kilobytes.
	MaxBill = 3 << 20
	// mostAccountLines bounds an account; those of long calls have some dozens.
	mostAccountLines = 2000
	mostAccountText  = 500 // characters of one value
	accountCurrency  = "CNY"
)

// portZone is the clock of the port, by which a time without a zone is read.
var portZone = time.FixedZone("CST", 8*60*60)

// AccountFile is a disbursement account as it was read. Notes are what was
// written otherwise than it stands in the file, and what was assumed.
type AccountFile struct {
	Account *tariffs.Account
	Format  string // json, csv, xlsx
	Notes   []declarations.Fault
}

// ReadAccount reads an account from JSON, a table of any separator, or a
// workbook. fill, which may be nil, adds to the call what the file does not
// say, before the call is checked. Errors: *FaultsError.
func ReadAccount(c *tariffs.Catalogue, body []byte, fill func(*tariffs.Call)) (AccountFile, error) {
	if fill == nil {
		fill = func(*tariffs.Call) {}
	}
	out := AccountFile{Format: "csv"}
	var faults []declarations.Fault
	var err error
	head := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	switch {
	case len(body) > MaxBill:
		faults = []declarations.Fault{{Code: declarations.CodeTooLarge, Severity: declarations.Reject, Args: map[string]string{"limit": strconv.Itoa(MaxBill), "unit": "bytes"}}}
	case len(head) == 0:
		faults = []declarations.Fault{{Code: declarations.CodeEmpty, Severity: declarations.Reject}}
	case head[0] == '{' || head[0] == '[':
		out.Format, out.Account = "json", &tariffs.Account{}
		if isAccountForm(head) {
			out.Account, faults = readAccountForm(c, head, fill)
		} else if faults = readStrict(head, out.Account); faults == nil {
			faults = accountFaults(c, out.Account, fill, func(path string) string { return "call." + path })
		}
	default:
		out.Account, out.Format, faults, err = readAccountTable(c, body, fill)
	}
	if err != nil {
		return out, err
	}
	if declarations.Rejected(faults) {
		return out, &FaultsError{Faults: faults}
	}
	out.Notes = faults
	return out, nil
}

// readStrict fills an account or a call from one JSON object.
func readStrict(body []byte, into any) []declarations.Fault {
	values, isList, fault := strictjson.Split(body)
	switch {
	case fault != nil:
		return []declarations.Fault{*fault}
	case isList:
		return []declarations.Fault{strictjson.Reject(declarations.CodeWrongType, "", "want", "object", "got", "array")}
	}
	f, badTime := strictjson.Read(values[0], into)
	switch {
	case f == nil:
		return nil
	case badTime != "":
		return []declarations.Fault{strictjson.Reject(tariffs.CodeInstant, f.Path, "value", badTime)}
	}
	return []declarations.Fault{*f}
}

// readAccountTable reads row by row and stops behind the longest account, so
// that a workbook that grows without end is left alone.
func readAccountTable(c *tariffs.Catalogue, body []byte, fill func(*tariffs.Call)) (*tariffs.Account, string, []declarations.Fault, error) {
	in, size, format := bytes.NewReader(body), int64(len(body)), "csv"
	var table *cells.Table
	var err error
	if bytes.HasPrefix(body, []byte("PK")) || cells.Compound(in, size) != nil {
		format = "xlsx"
		table, err = cells.XLSX(in, size, isAccountHeading)
	} else {
		table, err = cells.CSV(in, size, "")
	}
	var refusal *cells.Refusal
	if errors.As(err, &refusal) {
		return nil, format, []declarations.Fault{tableRefusal(refusal)}, nil
	}
	if err != nil {
		return nil, format, nil, err
	}
	a := &accountSheet{c: c, table: table, faults: slices.Clone(table.Warnings)}
	for _, m := range table.Merged {
		if m.Bottom > m.Top || m.Right > m.Left {
			a.note(declarations.Reject, m.Top, m.Left, codeBillMerged, "name", m.Name)
		}
	}
	for row, err := range table.Rows {
		if errors.As(err, &refusal) {
			return nil, format, []declarations.Fault{tableRefusal(refusal)}, nil
		}
		if err != nil {
			return nil, format, nil, err
		}
		switch {
		case row.Number > 4*mostAccountLines || len(a.account.Lines) > mostAccountLines || len(a.faults) > mostAccountFaults:
			a.faults = append(a.faults, strictjson.Reject(tariffs.CodeLines, "", "limit", strconv.Itoa(mostAccountLines)))
			return nil, format, a.faults, nil
		case row.Empty():
		case a.columns == nil:
			if !a.heading(&row) {
				return nil, format, a.faults, nil
			}
		default:
			a.row(row.Number, a.texts(&row))
		}
	}
	fill(&a.account.Call)
	a.faults = append(a.faults, assumeIdle(a.account.Call.Berth, "cargo_completed")...)
	a.faults = append(a.faults, accountCallFaults(c, &a.account.Call, func(path string) string { return path })...)
	switch {
	case a.columns == nil:
		return nil, format, []declarations.Fault{{Code: declarations.CodeEmpty, Severity: declarations.Reject}}, nil
	case len(a.account.Lines) == 0:
		a.faults = append(a.faults, strictjson.Reject(tariffs.CodeLines, "", "limit", strconv.Itoa(mostAccountLines)))
	case !a.stated:
		a.account.Currency = accountCurrency
		a.faults = append(a.faults, declarations.Fault{Code: codeBillCurrency0, Severity: declarations.Warn, Path: "currency"})
	}
	return &a.account, format, a.faults, nil
}

// tableRefusal: a row that is too long is a fault of the row, not of the size of the file.
func tableRefusal(r *cells.Refusal) declarations.Fault {
	f := r.Fault
	if f.Code == declarations.CodeTooLarge {
		f.Code, f.Args = codeBillLong, map[string]string{"limit": strconv.Itoa(mostAccountText)}
	}
	return f
}

// mostAccountFaults bounds an answer.
const mostAccountFaults = 200

// isAccountHeading: the sheet of a workbook that has names and amounts is the account.
func isAccountHeading(r cells.Row) bool {
	name, amount := false, false
	for i := range r.Cells {
		switch headingOf(r.Cells[i].Text) {
		case "text_zh", "text_en":
			name = true
		case "amount":
			amount = true
		}
	}
	return name && amount
}

// texts are the values of a row as they are used; what was changed is noted.
func (a *accountSheet) texts(row *cells.Row) []string {
	out := make([]string, len(row.Cells))
	for i := range row.Cells {
		cell, name := &row.Cells[i], ""
		if i < len(a.columns) {
			name = a.columns[i]
		}
		if name == "" && cell.Text != "" {
			a.fault(row.Number, i+1, tariffs.CodeColumn, "name", strictjson.Shown(cell.Text))
			continue
		}
		switch cell.Kind {
		case cells.Formula: // its stored result is nobody's statement of a price
			a.fault(row.Number, i+1, codeBillFormula)
			continue
		case cells.Error, cells.Boolean:
			a.fault(row.Number, i+1, codeBillError, "value", strictjson.Shown(cell.Text))
			continue
		}
		text := accountText(cell, name)
		if len(text) > mostAccountText && len([]rune(text)) > mostAccountText {
			a.fault(row.Number, i+1, codeBillLong, "limit", strconv.Itoa(mostAccountText))
			continue
		}
		if was := strings.TrimSpace(cell.Text); was != text && cell.Kind != cells.Date {
			a.note(declarations.Warn, row.Number, i+1, codeBillChanged, "was", strictjson.Shown(was), "now", strictjson.Shown(text))
		}
		out[i] = text
	}
	return out
}

// accountText is the value of a cell. Names stay as they stand; everything
// else is folded (full-width digits), and a number of a workbook is what the
// workbook shows of it.
func accountText(cell *cells.Cell, name string) string {
	text := strings.TrimSpace(cell.Text)
	switch {
	case cell.Kind == cells.Date:
		return cell.Shown
	case cell.Kind == cells.Number:
		return sheetNumber(text)
	case name == "text_zh" || name == "text_en" || name == "ship" || name == "terminal":
		return text
	}
	return strings.Join(strings.Fields(norm.NFKC.String(text)), " ")
}

// accountInstant reads a time. One without a zone is the port's.
func accountInstant(text string) (at time.Time, assumed, ok bool) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, false, true
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, portZone); err == nil { // fractions of a second are read, too
			return at.Truncate(time.Second), true, true
		}
	}
	return time.Time{}, false, false
}

// grouped is a number with or without commas between its thousands.
var grouped = regexp.MustCompile(`^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$`)

// biggestAmount bounds a value: no account of a call comes near a billion yuan.
var biggestAmount = decimal.New(1, 9)

func goodAmount(text string) bool {
	if !grouped.MatchString(text) || len(text) > 40 {
		return false
	}
	d, err := decimal.NewFromString(strings.ReplaceAll(text, ",", ""))
	return err == nil && d.LessThan(biggestAmount)
}

// goodQuantity: each factor that is written in digits is a number (27435, or
// 15872 x 12); a quantity in words is nobody's factor and is left to the reader.
func goodQuantity(text string) bool {
	for factor := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("xX×* ", r) }) {
		if strings.Trim(factor, "0123456789.,") == "" && !goodAmount(factor) {
			return false
		}
	}
	return true
}

// accountFaults are those of an account that came as JSON.
// Its place says where a fact of the call stands in the document.
func accountFaults(c *tariffs.Catalogue, a *tariffs.Account, fill func(*tariffs.Call), place func(string) string) []declarations.Fault {
	if len(a.Lines) == 0 || len(a.Lines) > mostAccountLines {
		return []declarations.Fault{strictjson.Reject(tariffs.CodeLines, "lines", "limit", strconv.Itoa(mostAccountLines))}
	}
	var faults []declarations.Fault
	number := func(path, value string, needed bool) {
		if (value != "" || needed) && !goodAmount(value) {
			faults = append(faults, strictjson.Reject(tariffs.CodeNumber, path, "value", strictjson.Shown(value)))
		}
	}
	seen := map[int]bool{}
	for i := range a.Lines {
		l, at := &a.Lines[i], "lines["+strconv.Itoa(i)+"]."
		number(at+"amount", l.Amount, true)
		number(at+"rate", l.Rate, false)
		if !goodQuantity(l.Quantity) {
			faults = append(faults, strictjson.Reject(tariffs.CodeNumber, at+"quantity", "value", strictjson.Shown(l.Quantity)))
		}
		for _, text := range []struct{ name, value string }{{"text_zh", l.TextZH}, {"text_en", l.TextEN}, {"quantity", l.Quantity}, {"unit", l.Unit}, {"code", l.Code}} {
			if len([]rune(text.value)) > mostAccountText {
				faults = append(faults, strictjson.Reject(codeBillLong, at+text.name, "limit", strconv.Itoa(mostAccountText)))
			}
		}
		switch {
		case l.Line < 1:
			faults = append(faults, strictjson.Reject(tariffs.CodeNumber, at+"line", "value", strconv.Itoa(l.Line)))
		case seen[l.Line]:
			faults = append(faults, strictjson.Reject(codeBillLineTwice, at+"line", "value", strconv.Itoa(l.Line)))
		}
		seen[l.Line] = true
	}
	number("total", a.Total, false)
	fill(&a.Call)
	faults = append(faults, accountCallFaults(c, &a.Call, place)...)
	if a.Kind != "" && !slices.Contains(BillKinds, a.Kind) {
		faults = append(faults, choiceFault("kind", a.Kind, strings.Join(BillKinds, ", ")))
	}
	if a.Synthetic {
		faults = append(faults, declarations.Fault{Code: codeBillSynthetic, Severity: declarations.Warn, Path: "synthetic"})
	}
	switch a.Currency {
	case accountCurrency:
	case "":
		a.Currency = accountCurrency
		faults = append(faults, declarations.Fault{Code: codeBillCurrency0, Severity: declarations.Warn, Path: "currency"})
	default:
		faults = append(faults, strictjson.Reject(codeBillCurrency, "currency", "value", strictjson.Shown(a.Currency)))
	}
	return faults
}

// accountCallFaults are what the catalogue finds in a call.
func accountCallFaults(c *tariffs.Catalogue, call *tariffs.Call, place func(string) string) []declarations.Fault {
	var faults []declarations.Fault
	for _, f := range c.Check(call) {
		args := f.Args()
		if v, has := args["value"]; has {
			args["value"] = strictjson.Shown(v)
		}
		faults = append(faults, declarations.Fault{Code: f.Code(), Severity: declarations.Reject, Path: place(f.Path), Args: args})
	}
	return faults
}

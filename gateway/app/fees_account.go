package app

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/tariffs"
)

// accountColumns are those of an account as a table: the facts of the call on
// each row, then the line; the row whose line is total holds the stated sum.
var accountColumns = strings.Split("account_no,ship,imo,nt,loa_m,terminal,distance_nm,arrival,departure,"+
	"line,text_zh,text_en,quantity,unit,rate,amount,currency,verification", ",")

// neededColumns are those without which nothing can be judged.
var neededColumns = []string{"line", "text_zh", "amount"}

// accountSheet is an account's table being read.
type accountSheet struct {
	c       *tariffs.Catalogue
	columns []string
	account tariffs.Account
	first   []string // the first row, with which the facts of all others agree
	faults  []declarations.Fault
}

// accountOf reads the table form of an account. What the table has no column
// for (ship's type, stay alongside, tugs) is not assumed: --call tells it.
func accountOf(c *tariffs.Catalogue, s *tariffs.Sheet) (*tariffs.Account, []declarations.Fault) {
	a := &accountSheet{c: c, columns: s.Columns}
	if !a.heading() {
		return nil, a.faults
	}
	for i := range s.Rows {
		a.row(&s.Rows[i])
	}
	if len(a.faults) > 0 {
		return nil, a.faults
	}
	return &a.account, nil
}

func (a *accountSheet) heading() bool {
	for i, name := range a.columns {
		if !slices.Contains(accountColumns, name) || slices.Index(a.columns, name) < i {
			a.fault(1, i+1, tariffs.CodeColumn, "name", strictjson.Shown(name))
		}
	}
	for _, name := range neededColumns {
		if !slices.Contains(a.columns, name) {
			a.fault(1, 0, tariffs.CodeNoColumn, "name", name)
		}
	}
	return len(a.faults) == 0
}

func (a *accountSheet) fault(row, column int, code string, args ...string) {
	f := strictjson.Reject(code, "row "+strconv.Itoa(row), args...)
	if column > 0 {
		f.Path += ", column " + strconv.Itoa(column)
	}
	f.Line, f.Column = row, column
	a.faults = append(a.faults, f)
}

func (a *accountSheet) cell(cells []string, name string) string {
	i := slices.Index(a.columns, name)
	if i < 0 || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}

func (a *accountSheet) row(r *tariffs.SheetRow) {
	text := func(name string) string { return a.cell(r.Cells, name) }
	if a.first == nil {
		a.first = r.Cells
		a.facts(r)
	}
	for _, name := range accountColumns[:9] {
		if v := text(name); v != "" && v != a.cell(a.first, name) {
			a.fault(r.Line, 1+slices.Index(a.columns, name), tariffs.CodeOtherCall, "value", strictjson.Shown(v), "name", name)
		}
	}
	if text("line") == "total" {
		a.account.Total = text("amount")
		return
	}
	n, err := strconv.Atoi(text("line"))
	if err != nil || n < 1 {
		a.fault(r.Line, 1+slices.Index(a.columns, "line"), tariffs.CodeNumber, "value", strictjson.Shown(text("line")))
	}
	a.account.Lines = append(a.account.Lines, tariffs.AccountLine{Line: n, TextZH: text("text_zh"), TextEN: text("text_en"),
		Quantity: text("quantity"), Unit: text("unit"), Rate: text("rate"), Amount: text("amount")})
}

// facts of the call stand on every row; they are taken from the first.
func (a *accountSheet) facts(r *tariffs.SheetRow) {
	text := func(name string) string { return a.cell(r.Cells, name) }
	instant := func(name string) time.Time {
		if text(name) == "" {
			return time.Time{}
		}
		at, err := time.Parse(time.RFC3339, text(name))
		if err != nil {
			a.fault(r.Line, 1+slices.Index(a.columns, name), tariffs.CodeInstant, "value", strictjson.Shown(text(name)))
		}
		return at
	}
	a.account.Number, a.account.Currency = text("account_no"), text("currency")
	a.account.Call = tariffs.Call{Arrival: instant("arrival"), Leaving: instant("departure"),
		Ship: tariffs.Ship{Name: text("ship"), IMO: text("imo"), NT: text("nt"), LOA: text("loa_m")},
		// An account is for a call with arrival and departure: both pilotages are due.
		Pilotage: &tariffs.Pilotage{In: true, Out: true}}
	if name := text("terminal"); name != "" {
		a.account.Call.Terminal = a.terminal(name)
		if a.account.Call.Terminal == "" {
			a.fault(r.Line, 1+slices.Index(a.columns, "terminal"), tariffs.CodeTerminal, "value", strictjson.Shown(name))
		}
	}
}

// terminal finds a terminal by its code or its Chinese name, also by the
// beginning of a name when only one terminal has it: accounts leave out what
// stands in brackets.
func (a *accountSheet) terminal(name string) string {
	found := ""
	for i := range a.c.Terminals {
		switch t := &a.c.Terminals[i]; {
		case t.Code == name || t.NameZH == name:
			return t.Code
		case strings.HasPrefix(t.NameZH, name) && found != "":
			return ""
		case strings.HasPrefix(t.NameZH, name):
			found = t.Code
		}
	}
	return found
}

package desk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
	"kouan/declarations/strictjson"
	"kouan/tariffs"
)

// accountColumns are those of an account as a table: the facts of the call on
// each row, then the line; the row whose line is total holds the stated sum.
var (
	accountFacts = strings.Split("account_no,ship,imo,nt,gt,loa_m,ship_type,terminal,distance_nm,arrival,departure,"+
		"alongside_from,alongside_to,cargo_completed,idle_reason,tugs_in,tugs_out", ",")
	accountLineColumns = strings.Split("line,text_zh,text_en,quantity,unit,rate,amount,currency,verification", ",")
	AccountColumns     = slices.Concat(accountFacts, accountLineColumns)
)

// neededColumns are those without which nothing can be judged; one of several
// is enough. Agents abroad write English only.
var neededColumns = [][]string{{"line"}, {"text_zh", "text_en"}, {"amount"}}

// otherHeadings are how agents head the same columns, in lower case and without
// blanks. What is not here is not guessed: NRT is not the net tonnage.
var otherHeadings = map[string]string{
	"账单号": "account_no", "船名": "ship", "净吨": "nt", "净吨位": "nt", "船长": "loa_m", "总长": "loa_m", "码头": "terminal", "泊位": "terminal",
	"抵港时间": "arrival", "离港时间": "departure", "靠泊时间": "alongside_from", "离泊时间": "alongside_to", "序号": "line", "费目": "text_zh", "费用名称": "text_zh",
	"收费项目": "text_zh", "英文名称": "text_en", "数量": "quantity", "单价": "rate", "费率": "rate", "金额": "amount", "币种": "currency", "货币": "currency",
	"总吨": "gt", "总吨位": "gt",
	"accountno": "account_no", "accountno.": "account_no", "vessel": "ship", "vesselname": "ship", "nettonnage": "nt", "grosstonnage": "gt", "loa": "loa_m", "shiptype": "ship_type",
	"no": "line", "no.": "line", "lineno": "line", "lineno.": "line", "description": "text_en", "particulars": "text_en", "qty": "quantity", "unitprice": "rate",
	"单位": "unit",
}

// headingOf is the column that a heading names.
func headingOf(text string) string {
	name := strings.ToLower(strings.Join(strings.Fields(text), ""))
	if own := otherHeadings[name]; own != "" {
		return own
	}
	return strings.ToLower(strings.TrimSpace(text))
}

// accountTotals are how the row of the stated sum begins.
var accountTotals = []string{"total", "合计", "总计", "grand total"}

// accountSheet is an account's table being read.
type accountSheet struct {
	c       *tariffs.Catalogue
	table   *cells.Table
	columns []string
	account tariffs.Account
	first   []string // the first row, with which the facts of all others agree
	stated  bool     // a currency stands somewhere
	faults  []declarations.Fault
}

// heading reads the names of the columns.
func (a *accountSheet) heading(row *cells.Row) bool {
	for i := range row.Cells {
		name := headingOf(row.Cells[i].Text)
		a.columns = append(a.columns, name)
		if !slices.Contains(AccountColumns, name) || slices.Index(a.columns, name) < i {
			a.fault(row.Number, i+1, tariffs.CodeColumn, "name", strictjson.Shown(name))
		}
	}
	for len(a.columns) > 0 && a.columns[len(a.columns)-1] == "" { // columns that a workbook only formats
		a.columns = a.columns[:len(a.columns)-1]
		a.faults = slices.DeleteFunc(a.faults, func(f declarations.Fault) bool { return f.Column == len(a.columns)+1 })
	}
	for _, oneOf := range neededColumns {
		if !slices.ContainsFunc(oneOf, func(name string) bool { return slices.Contains(a.columns, name) }) {
			a.fault(row.Number, 0, tariffs.CodeNoColumn, "name", oneOf[0])
		}
	}
	return !declarations.Rejected(a.faults)
}

func (a *accountSheet) fault(row, column int, code string, args ...string) {
	a.note(declarations.Reject, row, column, code, args...)
}

func (a *accountSheet) note(severity declarations.Severity, row, column int, code string, args ...string) {
	f := strictjson.Reject(code, a.table.Place(row, column), args...)
	f.Severity, f.Line, f.Column = severity, row, column
	a.faults = append(a.faults, f)
}

func (a *accountSheet) cell(texts []string, name string) string {
	i := slices.Index(a.columns, name)
	if i < 0 || i >= len(texts) {
		return ""
	}
	return texts[i]
}

func (a *accountSheet) at(name string) int { return 1 + slices.Index(a.columns, name) }

func (a *accountSheet) row(number int, texts []string) {
	text := func(name string) string { return a.cell(texts, name) }
	total := slices.Contains(accountTotals, strings.ToLower(text("line"))) || text("line") == "" && slices.Contains(accountTotals, strings.ToLower(cmp.Or(text("text_zh"), text("text_en"))))
	if a.first == nil {
		a.first = texts
		a.facts(number)
	}
	for _, name := range accountFacts {
		if v := text(name); v != "" && v != a.cell(a.first, name) {
			a.fault(number, a.at(name), tariffs.CodeOtherCall, "value", strictjson.Shown(v), "name", name)
		}
	}
	a.currency(number, text("currency"))
	a.amount(number, "amount", text("amount"), true)
	a.amount(number, "rate", text("rate"), false)
	if !goodQuantity(text("quantity")) {
		a.fault(number, a.at("quantity"), tariffs.CodeNumber, "value", strictjson.Shown(text("quantity")))
	}
	if total {
		a.account.Total = text("amount")
		return
	}
	n, err := strconv.Atoi(text("line"))
	switch {
	case err != nil || n < 1:
		a.fault(number, a.at("line"), tariffs.CodeNumber, "value", strictjson.Shown(text("line")))
	case slices.ContainsFunc(a.account.Lines, func(l tariffs.AccountLine) bool { return l.Line == n }):
		a.fault(number, a.at("line"), codeBillLineTwice, "value", text("line"))
	}
	a.account.Lines = append(a.account.Lines, tariffs.AccountLine{Line: n, TextZH: text("text_zh"), TextEN: text("text_en"),
		Quantity: text("quantity"), Unit: text("unit"), Rate: text("rate"), Amount: text("amount")})
}

func (a *accountSheet) currency(number int, text string) {
	if text == "" {
		return
	}
	a.stated = true
	a.account.Currency = strings.ToUpper(text)
	if a.account.Currency != accountCurrency {
		a.fault(number, a.at("currency"), codeBillCurrency, "value", strictjson.Shown(text))
	}
}

// amount refuses what would count as nothing, or as something else: a comma
// that does not stand between thousands is somebody's decimal sign.
func (a *accountSheet) amount(number int, name, text string, needed bool) {
	if text == "" && !needed || goodAmount(text) {
		return
	}
	a.fault(number, a.at(name), tariffs.CodeNumber, "value", strictjson.Shown(text))
}

// facts of the call stand on every row; they are taken from the first.
func (a *accountSheet) facts(number int) {
	text := func(name string) string { return a.cell(a.first, name) }
	instant := func(name string) time.Time {
		if text(name) == "" {
			return time.Time{}
		}
		at, assumed, ok := accountInstant(text(name))
		switch {
		case !ok:
			a.fault(number, a.at(name), tariffs.CodeInstant, "value", strictjson.Shown(text(name)))
		case assumed:
			a.note(declarations.Warn, number, a.at(name), codeBillPortTime, "was", strictjson.Shown(text(name)), "now", at.Format(time.RFC3339))
		}
		return at
	}
	count := func(name string) *int {
		if text(name) == "" {
			return nil
		}
		n, err := strconv.Atoi(text(name))
		if err != nil {
			a.fault(number, a.at(name), tariffs.CodeNumber, "value", strictjson.Shown(text(name)))
		}
		return &n
	}
	a.account.Number = text("account_no")
	call := tariffs.Call{Arrival: instant("arrival"), Leaving: instant("departure"),
		Ship: tariffs.Ship{Name: text("ship"), IMO: text("imo"), NT: text("nt"), GT: text("gt"), LOA: text("loa_m"), Type: text("ship_type")},
		// An account is for a call with arrival and departure: both pilotages are due.
		Pilotage: &tariffs.Pilotage{In: true, Out: true}}
	if from, to := instant("alongside_from"), instant("alongside_to"); !from.IsZero() || !to.IsZero() {
		call.Berth = &tariffs.Berth{From: from, To: to, CargoDone: instant("cargo_completed"), IdleReason: text("idle_reason")}
	}
	if in, out := count("tugs_in"), count("tugs_out"); in != nil || out != nil {
		call.Tugs = &tariffs.Tugs{In: in, Out: out}
	}
	if name := text("terminal"); name != "" {
		call.Terminal = terminalNamed(a.c, name)
		if call.Terminal == "" {
			a.fault(number, a.at("terminal"), tariffs.CodeTerminal, "value", strictjson.Shown(name))
		}
	}
	a.account.Call = call
	a.distance(number, text("distance_nm"))
}

// distance of an account is never used: the catalogue has its own, by instrument.
func (a *accountSheet) distance(number int, stated string) {
	if known, differs := otherDistance(a.c, a.account.Call.Terminal, stated); differs {
		a.note(declarations.Warn, number, a.at("distance_nm"), codeBillDistance, "value", strictjson.Shown(stated), "known", known)
	}
}

// otherDistance reports a stated distance that is not the catalogue's.
func otherDistance(c *tariffs.Catalogue, terminal, stated string) (known string, differs bool) {
	t := c.Terminal(terminal)
	if stated == "" || t == nil || !t.Known {
		return "", false
	}
	m, ok := tariffs.ParseMeasure(stated)
	return t.Distance.Decimal().String(), !ok || m != t.Distance
}

// terminalNamed finds a terminal by its code or its Chinese name, also by the
// beginning of a name when only one terminal has it: accounts leave out what
// stands in brackets.
func terminalNamed(c *tariffs.Catalogue, name string) string {
	found := ""
	for i := range c.Terminals {
		switch t := &c.Terminals[i]; {
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

package receipts

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictxml"
	"kouan/declarations/wcoxml"
)

// notice reads the parts of one notification. Everything beside the code, the
// numbers and the time is taken as it comes: a part that cannot be read is a
// warning, because the news itself must not be lost over it.
type notice struct {
	*parser
	path string
}

func (n *notice) warn(code string, at *strictxml.Element, args ...string) {
	n.parser.warn(code, n.path, at, args...)
}

// text is the trimmed text of the first child of that name. Elements that may
// stand once and stand twice are the business of the schema.
func (n *notice) text(e *strictxml.Element, local string) string {
	return strings.TrimSpace(e.ChildText(local))
}

// layouts of a DateTimeString: 304 (yyyyMMddHHmmss and a zone) and 102
// (yyyyMMdd); RFC 3339 as a courtesy. zoned tells whether a zone is in it; a
// day is the beginning of that day in UTC.
var dateTimes = []struct {
	layout string
	zoned  bool
}{
	{"20060102150405Z07", true}, {"20060102150405Z0700", true}, {"20060102150405Z07:00", true}, {time.RFC3339, true},
	{"20060102", true}, {"20060102150405", false},
}

// instant reads a date-time child. element is where its text stands, nil when
// there is none or it is empty; ok is false when the text is no date-time.
func (n *notice) instant(e *strictxml.Element, local string) (at time.Time, element *strictxml.Element, ok bool) {
	element = e.Child(local)
	if s := element.Child("DateTimeString"); s != nil {
		element = s
		n.namespace(s, dateNamespace)
	}
	if element == nil {
		return time.Time{}, nil, false
	}
	v := strings.TrimSpace(element.Text)
	if v == "" {
		return time.Time{}, nil, false
	}
	for _, l := range dateTimes {
		t, err := time.ParseInLocation(l.layout, v, time.UTC)
		if err != nil || !plausible(t) {
			continue
		}
		if !l.zoned {
			n.warn(CodeNoZone, element, "element", local, "value", cut(v))
		}
		return t.UTC(), element, true
	}
	return time.Time{}, element, false
}

// date reads a date beside the time of the notice.
func (n *notice) date(e *strictxml.Element, local string) time.Time {
	at, element, ok := n.instant(e, local)
	if element != nil && !ok {
		n.warn(CodeSideDate, element, "element", local, "value", cut(strings.TrimSpace(element.Text)))
	}
	return at
}

// number is the SequenceNumeric of an element; 0 when it tells none.
func (n *notice) number(e *strictxml.Element) int {
	text := n.text(e, "SequenceNumeric")
	if text == "" { // many pointers have steps without one
		return 0
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		return 0
	}
	return number
}

func (n *notice) pointer(e *strictxml.Element) declarations.Pointer {
	steps := e.All("Pointer")
	if len(steps) == 0 {
		return nil
	}
	p := make(declarations.Pointer, 0, len(steps))
	for _, step := range steps {
		p = append(p, declarations.Section{ID: n.text(step, "DocumentSectionCode"), Sequence: n.number(step), Tag: n.text(step, "TagID")})
	}
	return p
}

func (n *notice) errors(r *strictxml.Element) []declarations.ErrorAt {
	var list []declarations.ErrorAt
	for _, e := range r.All("Error") {
		p := n.pointer(e)
		list = append(list, declarations.ErrorAt{Code: n.text(e, "ValidationCode"), Text: n.text(e, "Description"), Pointer: p, Path: wcoxml.FieldEitherWay(p)})
	}
	return list
}

// corrections are the places that customs changed; the new values stand in the
// second Declaration of the notice, which is kept as it came.
func (n *notice) corrections(r *strictxml.Element) []declarations.ErrorAt {
	var list []declarations.ErrorAt
	for _, a := range r.All("Amendment") {
		p := n.pointer(a)
		list = append(list, declarations.ErrorAt{Code: n.text(a, "ChangeReasonCode"), Pointer: p, Path: wcoxml.FieldEitherWay(p)})
	}
	return list
}

func (n *notice) statements(r *strictxml.Element) []declarations.Statement {
	var list []declarations.Statement
	for _, s := range r.All("AdditionalInformation") {
		list = append(list, declarations.Statement{
			Code: n.text(s, "StatementCode"), Type: n.text(s, "StatementTypeCode"), Text: n.text(s, "StatementDescription"),
			LimitAt: n.date(s, "LimitDateTime"), Pointer: n.pointer(s),
		})
	}
	return list
}

func (n *notice) statuses(r *strictxml.Element) []declarations.NoticeStatus {
	var list []declarations.NoticeStatus
	for _, s := range r.All("Status") {
		list = append(list, declarations.NoticeStatus{
			Name: n.text(s, "NameCode"), EffectiveAt: n.date(s, "EffectiveDateTime"), ReleaseAt: n.date(s, "ReleaseDateTime"),
		})
	}
	return list
}

// taxes are the tax lines of the goods lines, by the number that each line has
// in the notice.
func (n *notice) taxes(declaration *strictxml.Element) []declarations.TaxLine {
	var lines []declarations.TaxLine
	for _, item := range declaration.Child("GoodsShipment").All("GovernmentAgencyGoodsItem") {
		number := n.number(item)
		for _, d := range item.Child("Commodity").All("DutyTaxFee") {
			payment, quantity := d.Child("Payment"), d.Child("SpecificTaxBaseQuantity")
			lines = append(lines, declarations.TaxLine{
				Item: number, Type: n.text(d, "TypeCode"), Regime: n.text(d, "DutyRegimeCode"),
				Base:     n.amount(d, "AdValoremTaxBaseAmount"),
				Quantity: declarations.Decimal(n.text(d, "SpecificTaxBaseQuantity")), Unit: attribute(quantity, "unitCode"),
				Deducted: n.amount(d, "DeductAmount"), Rate: declarations.Decimal(n.text(d, "TaxRateNumeric")),
				Assessed: n.amount(payment, "TaxAssessedAmount"), Payable: n.amount(payment, "PaymentAmount"), Method: n.text(payment, "MethodCode"),
			})
		}
	}
	return lines
}

// payments are what is asked for the declaration as a whole.
func (n *notice) payments(declaration *strictxml.Element) []declarations.Payment {
	var list []declarations.Payment
	for _, d := range declaration.All("DutyTaxFee") {
		e := d.Child("Payment")
		if e == nil {
			continue
		}
		p := declarations.Payment{
			Reference: n.text(e, "ReferenceID"), DueAt: n.date(e, "DueDateTime"),
			Assessed: n.amount(e, "TaxAssessedAmount"), Payable: n.amount(e, "PaymentAmount"),
		}
		for _, g := range e.All("ObligationGuarantee") {
			if reference := n.text(g, "ReferenceID"); reference != "" {
				p.Guarantees = append(p.Guarantees, reference)
			}
		}
		list = append(list, p)
	}
	return list
}

func (n *notice) amount(e *strictxml.Element, local string) declarations.Amount {
	c := e.Child(local)
	return declarations.Amount{Value: declarations.Decimal(n.text(e, local)), Currency: attribute(c, "currencyID")}
}

func attribute(e *strictxml.Element, local string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.Attrs {
		if a.Local == local && !a.IsNamespace() {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// known are the children of a notification (wco-dec.md section 7). What is
// read out of them is above; the rest of them is kept in the document.
var known = map[string][]string{
	"Response":              {"FunctionCode", "FunctionalReferenceID", "IssueDateTime", "AdditionalInformation", "Amendment", "AppealOffice", "Bank", "ContactOffice", "Error", "Status", "Declaration"},
	"AdditionalInformation": {"StatementCode", "StatementDescription", "LimitDateTime", "StatementTypeCode", "Pointer"},
	"Amendment":             {"ChangeReasonCode", "Pointer"},
	"Error":                 {"Description", "ValidationCode", "Pointer"},
	"Status":                {"EffectiveDateTime", "NameCode", "ReleaseDateTime", "Pointer"},
	"Payment":               {"ReferenceID", "TaxAssessedAmount", "DueDateTime", "PaymentAmount", "ObligationGuarantee", "MethodCode"},
	"DutyTaxFee":            {"AdValoremTaxBaseAmount", "DeductAmount", "DutyRegimeCode", "SpecificTaxBaseQuantity", "TaxRateNumeric", "TypeCode", "Payment", "QuotaOrderID"},
}

// unread warns of elements that the layout of notifications does not have.
func (n *notice) unread(r *strictxml.Element) {
	first := answered(r)
	var look func(e *strictxml.Element)
	look = func(e *strictxml.Element) {
		children, judged := known[e.Local]
		for _, c := range e.Children {
			if judged && !slices.Contains(children, c.Local) {
				n.warn(CodeUnread, c, "element", c.Local)
				continue
			}
			if c.Local != "Declaration" || c == first {
				look(c)
			}
		}
	}
	look(r)
}

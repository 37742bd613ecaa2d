package inspection

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
	"kouan/declarations/strictjson"
)

// Fault codes of orders and reports.
const (
	CodeAction    = "NOT-1001" // action is missing or none of the list; args: value, known
	CodeMissing   = "NOT-1002" // a member that this action or kind needs; args: name
	CodeValue     = "NOT-1003" // a value is not of its form; args: name, value, reason (a slug)
	CodeWord      = "NOT-1004" // a value is none of its list; args: name, value, known
	CodeBoxes     = "NOT-1005" // no box, or too many; args: limit
	CodeBoxTwice  = "NOT-1006" // one box twice; args: value
	CodeVersion   = "NOT-1007" // the version is not newer than the one that stands; args: value, want
	CodeBoxNumber = "NOT-1008" // a box that the notice does not have; args: value
	CodeEventKind = "NOT-1009" // kind is missing or none of the list; args: value, known
	CodeEvents    = "NOT-1010" // no event, or too many; args: limit
	CodeTwice     = "NOT-1011" // two events of one request carry the same reference; args: value
	CodeWhole     = "NOT-1012" // a container number and a mark for one box
)

const (
	// MaxBoxes bounds the boxes of one notice: one declaration has few, a
	// bound keeps a message in size.
	MaxBoxes = 999
	// MaxEvents bounds the events of one request.
	MaxEvents = 1000
	// most is the length of a text in characters.
	most = 500
)

// Actions are all actions that customs orders.
var Actions = []Action{Issue, Change, Cancel, FollowUp, TransferSite}

var directions = []string{"import", "export", "transhipment"}

var reasonClasses = []string{"random", "risk", "follow_up", "complaint"}

// PurposeCustoms is the purpose of an order that tells none.
const PurposeCustoms = "customs"

// ParseOrder reads an order of customs. Faults of its content are CheckOrder's.
func ParseOrder(body []byte) (Order, []declarations.Fault) {
	values, isList, fault := strictjson.Split(body)
	if fault != nil {
		return Order{}, []declarations.Fault{*fault}
	}
	if isList {
		return Order{}, []declarations.Fault{strictjson.Reject(declarations.CodeWrongType, "", "want", "object", "got", "array")}
	}
	var o Order
	if f := read(values[0], &o); f != nil {
		return Order{}, []declarations.Fault{*f}
	}
	if o.Purpose == "" {
		o.Purpose = PurposeCustoms
	}
	for i := range o.Boxes {
		b := &o.Boxes[i]
		b.ContainerNumber, b.Mark, b.Parent = plain(b.ContainerNumber), strings.TrimSpace(b.Mark), plain(b.Parent)
	}
	return o, nil
}

// read fills an order or event; a time that is none is a value like others.
func read(value jsontext.Value, into any) *declarations.Fault {
	f, badTime := strictjson.Read(value, into)
	if badTime != "" {
		*f = strictjson.Reject(CodeValue, f.Path, "name", f.Path, "value", badTime, "reason", "fact_time")
	}
	return f
}

// plain makes two spellings of one box number equal.
func plain(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }

// orderCheck gathers the faults of one order.
type orderCheck struct {
	o      *Order
	faults []declarations.Fault
}

// CheckOrder judges an order by itself. What it refers to is judged when it is applied.
func CheckOrder(o *Order) []declarations.Fault {
	c := &orderCheck{o: o}
	if !slices.Contains(Actions, o.Action) {
		c.add(CodeAction, "action", "value", strictjson.Shown(string(o.Action)), "known", words(Actions))
		return c.faults
	}
	c.head()
	c.boxes()
	return c.faults
}

func (c *orderCheck) add(code, path string, pairs ...string) {
	c.faults = append(c.faults, strictjson.Reject(code, path, pairs...))
}

func (c *orderCheck) need(path, value string) {
	if strings.TrimSpace(value) == "" {
		c.add(CodeMissing, path, "name", path)
	}
}

// head judges what stands beside the boxes.
func (c *orderCheck) head() {
	o := c.o
	whole := o.Action == Issue || o.Action == Change
	if o.Action != Issue {
		c.need("notice_no", o.Number)
	}
	if whole {
		// notices.md section 2: mandatory. The terminal may be found from the
		// box or the goods place, ship and bill may stand in the declaration.
		c.need("declaration_no", o.DeclarationNumber)
		c.word("attendance", string(o.Attendance), words(Attendances), slices.Contains(Attendances, o.Attendance))
	}
	if v := o.DeclarationNumber; v != "" && (len(v) != 18 || !digits(v)) {
		c.value("declaration_no", v, "reason", "declaration_number")
	}
	if v := o.CustomsOffice; v != "" && (len(v) != 4 || !digits(v)) {
		c.value("customs_office", v, "reason", "office_number")
	}
	if o.Version < 0 {
		c.value("version", strconv.Itoa(o.Version), "reason", "version_number")
	}
	c.word("direction", o.Direction, words(directions), o.Direction == "" || slices.Contains(directions, o.Direction))
	c.word("reason_class", o.ReasonClass, words(reasonClasses), o.ReasonClass == "" || slices.Contains(reasonClasses, o.ReasonClass))
	c.word("purpose", o.Purpose, PurposeCustoms, o.Purpose == "" || o.Purpose == PurposeCustoms)
	if !whole && o.Attendance != "" {
		c.word("attendance", string(o.Attendance), words(Attendances), slices.Contains(Attendances, o.Attendance))
	}
	for i, w := range o.Orders {
		c.word(declarations.IndexPath("orders", i, ""), string(w), words(Works), slices.Contains(Works, w))
	}
	if n := strings.TrimPrefix(plain(o.ShipIMO), "IMO"); o.ShipIMO != "" && !declarations.CheckIMO(n) {
		c.value("ship_imo", o.ShipIMO, "reason", "fact_imo")
	}
	for _, t := range []struct{ name, value string }{
		{"notice_no", o.Number}, {"change_reason", o.ChangeReason}, {"source_message_id", o.SourceMessageID}, {"inspection_no", o.InspectionNumber},
		{"regime", o.Regime}, {"terminal_id", o.Terminal}, {"goods_place", o.GoodsPlace}, {"ship_name", o.ShipName}, {"voyage", o.Voyage},
		{"bill_number", o.BillNumber}, {"booking_number", o.BookingNumber}, {"declarant", o.Declarant}, {"contact", o.Contact},
		{"phone", o.Phone}, {"note", o.Note}, {"cost_bearer", o.PaidBy},
	} {
		c.text(t.name, t.value)
	}
}

// value adds the fault of a value that is not of its form; why is its
// argument: reason and a slug.
func (c *orderCheck) value(path, value string, why ...string) {
	c.add(CodeValue, path, append([]string{"name", path, "value", strictjson.Shown(value)}, why...)...)
}

func (c *orderCheck) word(path, value, known string, ok bool) {
	switch {
	case ok:
	case value == "":
		c.add(CodeMissing, path, "name", path)
	default:
		c.add(CodeWord, path, "name", path, "value", strictjson.Shown(value), "known", known)
	}
}

func (c *orderCheck) text(path, value string) {
	if !fits(value) {
		c.value(path, value, "reason", "notice_text")
	}
}

func fits(s string) bool {
	return utf8.RuneCountInString(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f })
}

// boxes judges the boxes; follow_up, transfer_site and cancel may leave them
// out and then mean all.
func (c *orderCheck) boxes() {
	o := c.o
	if len(o.Boxes) > MaxBoxes || len(o.Boxes) == 0 && (o.Action == Issue || o.Action == Change) {
		c.add(CodeBoxes, "boxes", "limit", strconv.Itoa(MaxBoxes))
		return
	}
	if o.Action == TransferSite && len(o.Boxes) == 0 {
		c.add(CodeMissing, "boxes", "name", "boxes[].site_id") // to where
	}
	seen := map[string]bool{}
	for i := range o.Boxes {
		b := &o.Boxes[i]
		at := func(name string) string { return declarations.IndexPath("boxes", i, name) }
		key := b.Key()
		switch {
		case b.ContainerNumber == "" && b.Mark == "":
			c.add(CodeMissing, at("container_no"), "name", at("container_no"))
		case b.ContainerNumber != "" && b.Mark != "":
			c.add(CodeWhole, at("mark"))
		case seen[key]:
			c.add(CodeBoxTwice, declarations.IndexPath("boxes", i, ""), "value", strictjson.Shown(key))
		}
		seen[key] = true
		if b.ContainerNumber != "" && !declarations.CheckContainer(b.ContainerNumber) {
			c.value(at("container_no"), b.ContainerNumber, "reason", "fact_box")
		}
		if o.Action == TransferSite {
			c.need(at("site_id"), b.Site)
		}
		c.box(b, at)
	}
}

func (c *orderCheck) box(b *Box, at func(string) string) {
	c.word(at("method"), string(b.Method), words(Methods), b.Method == "" || slices.Contains(Methods, b.Method))
	c.word(at("depth"), string(b.Depth), words(Depths), b.Depth == "" || slices.Contains(Depths, b.Depth))
	if b.Pieces != "" && !b.Pieces.Fits(9, 0, false) { // PackNo: 9 digits
		c.value(at("pieces"), string(b.Pieces), "reason", "fact_packages")
	}
	if b.GrossMassKg != "" && !b.GrossMassKg.Fits(19, 5, false) { // GrossWet: 19 digits, 5 decimals
		c.value(at("gross_mass_kg"), string(b.GrossMassKg), "reason", "fact_weight")
	}
	if b.SetPointCelsius != "" && !b.SetPointCelsius.Fits(4, 1, true) { // TMP: 3 digits and a decimal
		c.value(at("set_point_celsius"), string(b.SetPointCelsius), "reason", "set_point")
	}
	if v := b.SizeType; v != "" && !isSizeType(v) {
		c.value(at("size_type"), v, "reason", "size_type")
	}
	for i, n := range b.UNNumbers {
		if len(n) != 4 || !digits(n) {
			c.value(declarations.IndexPath(at("un_numbers"), i, ""), n, "reason", "un_number")
		}
	}
	for i, s := range b.Seals {
		c.text(declarations.IndexPath(at("seals"), i, ""), s)
	}
	for _, t := range []struct{ name, value string }{
		{"mark", b.Mark}, {"goods", b.Goods}, {"site_id", b.Site}, {"site_name", b.SiteName}, {"yard_place", b.YardPlace}, {"parent", b.Parent},
	} {
		c.text(at(t.name), t.value)
	}
}

// isSizeType reports a size and type code of ISO 6346: four letters or digits.
func isSizeType(s string) bool {
	return len(s) == 4 && !strings.ContainsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') })
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

func words[S ~string](list []S) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}

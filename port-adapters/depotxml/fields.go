package depotxml

import (
	"time"

	"kouan/declarations/inspection"
)

// codec goes over the elements of a message in their order: once it writes
// them, once it reads them. So both directions have one table.
type codec interface {
	text(name string, s *string)
	texts(name string, list *[]string)
	number(name string, n *int)
	flag(name string, b *bool)         // 1 or absent
	instant(name string, t *time.Time) // to the nanosecond, with its zone: our own elements
	stamp(name string, t *time.Time)   // yyyyMMddHHmmss at the port: elements of the family
	passed(name string, b *bool)       // CHK_FLAG
	direction(name string, s *string)
	group(name string, f func(codec))
	// each goes over n elements of a name, or, reading, over those that are there.
	each(name string, n int, grow func(int), f func(codec, int))
	known(name string) // read by itself
}

func head(c codec, h *Head) {
	c.text("MESSAGE_ID", &h.ID)
	c.text("FUNCTION_CODE", &h.Function)
	c.text("MESSAGE_TYPE", &h.Type)
	c.stamp("MESSAGE_CREATE_TIME", &h.At)
	c.text("SENDER", &h.Sender)
	c.text("RECEIVER", &h.Receiver)
	c.text("VERSION", &h.Version)
}

// notice is the content of KOUAN_INSN. Why goods were selected is not among it.
func notice(c codec, n *Notice) {
	c.text("NOTICE_NO", &n.Number)
	c.number("NOTICE_VERSION", &n.Version)
	c.text("LETTER_TYPE", &n.Letter)
	c.text("PREVIOUS_ID", &n.Previous)
	c.text("CHANGE", (*string)(&n.Change))
	c.text("CHANGE_REASON", &n.ChangeReason)
	c.instant("ISSUE_TIME", &n.IssuedAt)
	c.instant("ORDER_TIME", &n.OrderedAt)
	c.text("SOURCE_ID", &n.SourceMessageID)
	c.text("PURPOSE", &n.Purpose)
	c.text("CUSTOMS_CODE", &n.CustomsOffice)
	c.direction("I_E_FLAG", &n.Direction)
	c.text("INSPECTION_NO", &n.InspectionNumber)
	c.text("FORM_NO", &n.DeclarationNumber)
	c.text("REGIME", &n.Regime)
	c.text("TERMINAL", &n.Terminal)
	c.text("GOODS_PLACE", &n.GoodsPlace)
	c.text("BILL_NO", &n.BillNumber)
	c.text("BOOKING_NO", &n.BookingNumber)
	c.text("ATTENDANCE", (*string)(&n.Attendance))
	works := make([]string, len(n.Orders))
	for i, w := range n.Orders {
		works[i] = string(w)
	}
	c.texts("WORK", &works)
	n.Orders = nil
	for _, w := range works {
		n.Orders = append(n.Orders, inspection.Work(w))
	}
	c.text("DECLARANT", &n.Declarant)
	c.text("CONTACT", &n.Contact)
	c.text("PHONE", &n.Phone)
	c.text("NOTES", &n.Note)
	c.flag("ESCORT", &n.Escort)
	c.text("COST_BEARER", &n.PaidBy)
	c.text("ANSWER_URL", &n.Answer)
	c.texts("CANCELLED", &n.Cancelled)
	c.each("CONTAINER_INFO", len(n.Boxes), func(count int) { n.Boxes = make([]inspection.Box, count) }, func(c codec, i int) { box(c, &n.Boxes[i]) })
	c.group("SHIPINFO", func(c codec) {
		c.text("SHIP_ID", &n.ShipIMO)
		c.text("SHIP_NAME_EN", &n.ShipName)
		c.text("VOYAGE_NO", &n.Voyage)
	})
}

func box(c codec, b *inspection.Box) {
	c.text("CONTA_NO", &b.ContainerNumber)
	c.text("MARK", &b.Mark)
	c.text("PACK_NO", (*string)(&b.Pieces))
	c.text("SIZE_TYPE", &b.SizeType)
	c.texts("SEAL_NO", &b.Seals)
	c.text("GROSS_WT", (*string)(&b.GrossMassKg))
	c.texts("UN_NO", &b.UNNumbers)
	c.text("SET_POINT", (*string)(&b.SetPointCelsius))
	c.text("TRADE_NAME", &b.Goods)
	c.text("METHOD", (*string)(&b.Method))
	c.text("DEPTH", (*string)(&b.Depth))
	c.text("SITE_ID", &b.Site)
	c.text("SITE_NAME", &b.SiteName)
	c.flag("OFF_SITE", &b.OffSite)
	c.text("YARD_PLACE", &b.YardPlace)
	c.flag("ON_SHIP", &b.OnShip)
	c.instant("AT_SITE_BY", &b.AtSiteBy)
	c.instant("PLANNED_START", &b.PlannedStart)
	c.text("PARENT", &b.Parent)
}

// release is the content of WLJK_TREL (envelopes.md section 4.1). CARRIAGE_NO,
// LINE_FLAG, H2000ARRIVE_NO and DISCHARGE_PLACE are not ours to say.
func release(c codec, r *Release) {
	c.text("CUSTOMS_CODE", &r.CustomsOffice)
	c.direction("I_E_FLAG", &r.Direction)
	c.each("CONTAINER_INFO", len(r.Containers), func(count int) { r.Containers = make([]Released, count) }, func(c codec, i int) {
		one := &r.Containers[i]
		c.known("CARRIAGE_NO")
		c.text("CONTA_NO", &one.ContainerNumber)
		c.known("REL_MODE") // its values are not known
		c.stamp("REL_TIME", &one.At)
		c.text("NOTES", &one.Notes)
	})
	c.each("BILL_INFO", len(r.Bills), func(count int) { r.Bills = make([]Released, count) }, func(c codec, i int) {
		one := &r.Bills[i]
		c.text("BILL_NO", &one.BillNumber)
		for _, name := range []string{"CARRIAGE_NO", "H2000ARRIVE_NO", "REL_MODE", "DISCHARGE_PLACE"} {
			c.known(name)
		}
		c.stamp("REL_TIME", &one.At)
		c.text("PACK_NO", (*string)(&one.Packages))
		c.text("GROSS_WT", (*string)(&one.GrossMassKg))
		c.text("NOTES", &one.Notes)
		c.group("FORM_INFO", func(c codec) {
			c.text("FORM_NO", &one.FormNumber)
			c.known("FORM_TYPE") // its values are not known
			c.text("TRADE_NAME", &one.Goods)
		})
	})
	c.group("SHIPINFO", func(c codec) {
		for _, name := range []string{"CUSTOMS_CODE", "I_E_FLAG", "LINE_FLAG"} {
			c.known(name)
		}
		c.text("SHIP_ID", &r.ShipID)
		c.text("SHIP_NAME_EN", &r.ShipName)
		c.text("VOYAGE_NO", &r.Voyage)
	})
}

// answer is the content of RESPONSE_INFO (envelopes.md section 4.2). What its
// rows are called is not known; ours are BILL_INFO and CONTAINER_INFO.
func answer(c codec, a *Answer) {
	c.text("MSGID", &a.MessageID)
	c.passed("CHK_FLAG", &a.Passed)
	c.stamp("PER_TIME", &a.At)
	c.text("PER_OP", &a.Person)
	c.text("NOTES", &a.Notes)
}

func row(c codec, r *Row) {
	c.text("CONTA_NO", &r.ContainerNumber)
	c.text("BILL_NO", &r.BillNumber)
	c.passed("CHK_FLAG", &r.Passed)
	c.text("NOTES", &r.Notes)
}

// eventElements pairs the members of an event, as its faults name them, with
// their elements.
var eventElements = map[string]string{
	"notice_no": "NOTICE_NO", "version": "NOTICE_VERSION", "kind": "EVENT_TYPE", "box": "CONTA_NO", "occurred_at": "EVENT_TIME",
	"actor": "ACTOR", "reference": "EVENT_ID", "answers_id": "ANSWERS_ID", "reason": "REASON", "result": "RESULT", "text": "NOTES",
	"earliest_possible": "EARLIEST_TIME", "time": "PLAN_TIME", "site_id": "SITE_ID", "yard_place": "YARD_PLACE", "person": "PER_OP",
	"unplugged_at": "UNPLUG_TIME", "ordered_by": "ORDERED_BY", "caused_by": "CAUSED_BY", "withdraws": "WITHDRAWS", "channel": "CHANNEL",
}

func event(c codec, e *inspection.Event) {
	text := func(member string, s *string) { c.text(eventElements[member], s) }
	instant := func(member string, t *time.Time) { c.instant(eventElements[member], t) }
	text("notice_no", &e.NoticeNumber)
	c.number(eventElements["version"], &e.Version)
	text("kind", (*string)(&e.Kind))
	text("box", &e.Box)
	instant("occurred_at", &e.OccurredAt)
	text("actor", (*string)(&e.Actor))
	text("reference", &e.Reference)
	text("answers_id", &e.AnswersID)
	text("reason", (*string)(&e.Reason))
	text("result", (*string)(&e.Result))
	text("text", &e.Text)
	instant("earliest_possible", &e.Earliest)
	instant("time", &e.Time)
	text("site_id", &e.Site)
	text("yard_place", &e.YardPlace)
	text("person", &e.Person)
	c.texts("OLD_SEAL", &e.OldSeals)
	c.texts("NEW_SEAL", &e.NewSeals)
	instant("unplugged_at", &e.UnpluggedAt)
	text("ordered_by", &e.OrderedBy)
	text("caused_by", &e.CausedBy)
}

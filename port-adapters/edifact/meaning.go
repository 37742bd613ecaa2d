package edifact

import (
	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
)

// meanings are what reports come to beside their plain values.
var meanings = map[string]func(*reading, *Report){
	"CODECO": (*reading).gate,
	"COARRI": (*reading).quay,
	"COREOR": (*reading).release,
	"IFTSTA": (*reading).milestone,
	"CUSRES": (*reading).customs,
}

// fact is one about a box of the report.
func (r *reading) fact(kind clearance.Kind, report *Report, b *ReportBox, i int) clearance.Fact {
	f := clearance.Fact{Kind: kind, ContainerNumber: b.Number, BillNumber: b.Bill, VoyageNumber: report.Voyage, VesselName: report.ShipName, VesselIMO: report.ShipIMO,
		GrossWeightKg: b.GrossKg, Place: b.Terminal, OccurredAt: b.At.UTC(), Reference: r.number(i + 1)}
	if f.BillNumber == "" {
		f.BillNumber = report.Bill
	}
	if f.Place == "" {
		f.Place = report.Terminal
	}
	if f.GrossWeightKg != "" && !f.GrossWeightKg.Fits(19, 5, false) {
		f.GrossWeightKg = "" // a negative mass was told as no number of this form
	}
	if b.Damaged {
		f.Note = "DAMAGED"
	}
	return f
}

// seen says whether a box has what a report about it needs: a number and a time.
func (r *reading) seen(b *ReportBox) bool {
	if b.Number == "" {
		r.warn(b.segment, 2, 1, CodeNoBoxNumber)
		return false
	}
	if b.At.IsZero() {
		r.warn(b.segment, 0, 0, CodeNoTime)
		return false
	}
	return true
}

// unknown tells a document code whose meaning here is not known.
func (r *reading) unknown(report *Report) {
	for i := range r.m.Segments {
		if s := &r.m.Segments[i]; s.Tag() == "BGM" {
			r.warn(s, 1, 1, CodeMeaning, "id", "1001", "value", shown(report.Document))
		}
	}
}

// gate: 34 and 109 in, 36 and 111 out (edifact.md 3).
func (r *reading) gate(report *Report) {
	kind := clearance.GateIn
	switch report.Document {
	case "34", "109":
	case "36", "111":
		kind = clearance.GateOut
	default:
		r.unknown(report)
		return
	}
	for i := range report.Boxes {
		b := &report.Boxes[i]
		if !r.seen(b) {
			continue
		}
		f := r.fact(kind, report, b, i)
		r.Facts = append(r.Facts, f)
		place := Place{Container: b.Number, At: f.OccurredAt}
		if kind == clearance.GateIn {
			if place.Terminal, place.YardPlace = f.Place, b.YardPlace; place.Terminal == "" {
				place.Terminal = report.Sender
			}
		}
		r.Places = append(r.Places, place)
	}
}

// quay: 44 and 119 discharged, 46 and 122 loaded. A loaded box has left; no
// fact of a declaration follows from it.
func (r *reading) quay(report *Report) {
	discharged := false
	switch report.Document {
	case "44", "119":
		discharged = true
	case "46", "122":
	default:
		r.unknown(report)
		return
	}
	for i := range report.Boxes {
		b := &report.Boxes[i]
		if !r.seen(b) {
			continue
		}
		f := r.fact(clearance.BoxDischarged, report, b, i)
		place := Place{Container: b.Number, At: f.OccurredAt}
		if discharged {
			r.Facts = append(r.Facts, f)
			if place.Terminal, place.YardPlace = f.Place, b.YardPlace; place.Terminal == "" {
				place.Terminal = report.Sender
			}
		}
		r.Places = append(r.Places, place)
	}
}

// release: the carrier lets the named boxes go. The number under which they
// are handed over is a secret of its parties and goes into no fact.
func (r *reading) release(report *Report) {
	if report.Function == functionCancel {
		for i := range r.m.Segments {
			if s := &r.m.Segments[i]; s.Tag() == "BGM" {
				r.warn(s, 3, 1, CodeWithdrawn, "value", shown(report.Number))
			}
		}
		return
	}
	boxes := report.Boxes
	if len(boxes) == 0 {
		boxes = []ReportBox{{}}
	}
	for i := range boxes {
		f := r.fact(clearance.CarrierRelease, report, &boxes[i], i)
		f.OccurredAt, f.Note = report.At.UTC(), report.Number
		if report.At.IsZero() {
			r.warn(&r.m.Segments[0], 0, 0, CodeNoTime)
			return
		}
		r.Facts = append(r.Facts, f)
	}
}

// discharged is 9011 for a discharged box; the other milestones are no facts
// of those that are kept.
const discharged = "29"

func (r *reading) milestone(report *Report) {
	for i := range report.Boxes {
		if b := &report.Boxes[i]; b.Status == discharged && r.seen(b) {
			r.Facts = append(r.Facts, r.fact(clearance.BoxDischarged, report, b, i))
		}
	}
}

// customs: 4 released, 5 required for examination, 7 detained (GIS). That
// goods are to be examined is told and opens no notice.
func (r *reading) customs(report *Report) {
	at := report.CustomsSaidAt
	if at.IsZero() {
		at = report.At
	}
	for _, code := range report.CustomsSays {
		switch code {
		case "4":
			r.said(report, inspection.Event{Kind: inspection.Released, OccurredAt: at.UTC()})
		case "7":
			r.said(report, inspection.Event{Kind: inspection.Finished, Result: inspection.HoldGoods, OccurredAt: at.UTC()})
		case "5":
			// An order needs what CUSRES has no place for: who must attend and
			// what is to be done. Customs gives it as an order or a receipt.
			r.gis(code, CodeExamination, "value", shown(report.InspectionNo))
		default:
			r.gis(code, CodeMeaning, "id", "7365", "value", shown(code))
		}
	}
}

func (r *reading) gis(code, name string, pairs ...string) {
	for i := range r.m.Segments {
		if s := &r.m.Segments[i]; s.Tag() == "GIS" && s.Value(1, 1) == code {
			r.warn(s, 1, 1, name, pairs...)
		}
	}
}

// said is one event a box.
func (r *reading) said(report *Report, e inspection.Event) {
	if e.OccurredAt.IsZero() {
		r.warn(&r.m.Segments[0], 0, 0, CodeNoTime)
		return
	}
	for i := range report.Boxes {
		one := e
		if one.Box = report.Boxes[i].Number; one.Box == "" {
			r.warn(report.Boxes[i].segment, 2, 1, CodeNoBoxNumber)
			continue
		}
		one.Reference, one.Text = r.number(i+1), report.InspectionNo
		r.Events = append(r.Events, one)
	}
}

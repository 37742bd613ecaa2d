package edifact

import (
	"strconv"

	"kouan/declarations/inspection"
)

// unpacked are the boxes whose goods customs wants out, by half or all: only
// then is COSTOR sent.
func unpacked(letter string, boxes []inspection.Box) []inspection.Box {
	if letter != inspection.LetterIssued && letter != inspection.LetterChanged {
		return nil
	}
	var list []inspection.Box
	for i := range boxes {
		if boxes[i].Depth == inspection.Half || boxes[i].Depth == inspection.Full {
			list = append(list, boxes[i])
		}
	}
	return list
}

// unpacking is COSTOR (edifact.md 5.2). TDT and a consignment are mandatory
// by the standard; a number that the notice does not tell is left open.
func (w *letterWriter) unpacking(boxes []inspection.Box) Draft {
	n, o := w.n, w.interchange()
	number := n.Number
	if n.Version > 1 {
		number += "-" + strconv.Itoa(n.Version)
	}
	voyage := w.transport()
	if len(voyage.Elements) == 0 {
		voyage = L("TDT", E("20"))
	}
	lines := []Line{
		L("BGM", E("112"), E(number+"-U"), E(functionOriginal)),
		at203("137", w.l.At),
		reference("ADO", n.Number),
		voyage,
		w.portLine(),
		party("MS", o.Sender.ID),
		party("MR", o.Recipient.ID),
	}
	for i := range boxes {
		b := &boxes[i]
		lines = append(lines, w.equipment(b), reference("ALW", n.InspectionNumber), at203("203", b.PlannedStart), w.site(b))
	}
	for i := range boxes {
		b := &boxes[i]
		item := strconv.Itoa(i + 1)
		code := "UNPACK_HALF"
		if b.Depth == inspection.Full {
			code = "UNPACK_FULL"
		}
		lines = append(lines,
			L("CNI", E(item), E(n.BillNumber)),
			reference("BM", n.BillNumber),
			L("GID", E(item), E(string(b.Pieces))),
			L("FTX", E("SIN"), nil, E(code, "ZZZ", "ZZZ")),
			L("SGP", E(b.ContainerNumber), E(string(b.Pieces))),
		)
	}
	lines = append(lines, L("CNT", E("16", strconv.Itoa(len(boxes)))))
	return Draft{Reference: Reference(w.l.ID) + secondMessage, Type: "COSTOR", Version: "D", Release: "00B", Agency: "UN", Association: association, Lines: lines}
}

package edifact

import (
	"strings"

	"kouan/declarations/inspection"
)

// parties are sender, recipient and customs office, one each (SG2), and our
// duty desk (SG3).
func (w *letterWriter) parties() []Line {
	o := w.interchange()
	lines := []Line{party("MS", o.Sender.ID)}
	contact, phone := w.text("contact", w.n.Contact, 35), w.text("phone", w.n.Phone, 70)
	if contact != "" || phone != "" {
		if contact == "" {
			contact = "DUTY DESK"
		}
		lines = append(lines, L("CTA", E("IC"), E("", contact)))
	}
	if phone != "" {
		lines = append(lines, L("COM", E(phone, "TE")))
	}
	lines = append(lines, party("MR", o.Recipient.ID))
	w.wanted("customs_office", w.n.CustomsOffice == "")
	if w.n.CustomsOffice != "" {
		prefix := w.p.CustomsPrefix
		if prefix == "" {
			prefix = defaultCustomsPrefix
		}
		lines = append(lines, party("OY", prefix+w.n.CustomsOffice))
	}
	return lines
}

// work is what the terminal must do (7511, list ZZZ) and its words.
var work = map[inspection.Work][2]string{
	inspection.Lock:    {"LCK", "BLOCK RELEASE"},
	inspection.Unlock:  {"UNL", "LIFT BLOCK"},
	inspection.Move:    {"MOV", "MOVE TO INSPECTION SITE"},
	inspection.Scan:    {"SCN", "SCAN"},
	inspection.Unpack:  {"UNP", "UNPACK"},
	inspection.Present: {"PRS", "PRESENT FOR INSPECTION"},
}

// box is SG4 with the groups inside.
func (w *letterWriter) box(b *inspection.Box) []Line {
	n := w.n
	lines := []Line{
		w.equipment(b),
		reference("ALW", n.InspectionNumber),
	}
	w.wanted("inspection_no", n.InspectionNumber == "")
	if w.l.Type == inspection.LetterCancelled || w.l.Type == inspection.LetterReleased {
		return append(lines, handling(inspection.Unlock))
	}
	w.wanted("planned_start", b.PlannedStart.IsZero())
	w.wanted("must_be_at_site_by", b.AtSiteBy.IsZero())
	w.wanted("site_id", b.Site == "")
	lines = append(lines,
		reference("ABT", n.DeclarationNumber),
		reference("BM", n.BillNumber),
		at203("351", b.PlannedStart),
		at203("397", b.AtSiteBy),
		w.site(b),
	)
	if b.Method != "" {
		lines = append(lines, L("FTX", E("AAI"), nil, E(string(b.Method), "ZZZ", "ZZZ"), E(string(b.Depth))))
	}
	lines = append(lines, L("GOR", E(movement[n.Direction]), E("5", "6", "4", "5"))) // customs, required, inspection, arrangements required
	for _, k := range inspection.Works {
		for _, ordered := range n.Orders {
			if ordered == k {
				lines = append(lines, handling(k))
			}
		}
	}
	lines = append(lines, w.voyage()...)
	if name := w.text("declarant", n.Declarant, 35); name != "" {
		lines = append(lines, L("NAD", E("CB"), nil, nil, E(name)))
	}
	for _, un := range b.UNNumbers {
		lines = append(lines, L("DGS", E("IMD"), nil, E(strings.TrimPrefix(un, "UN"))))
	}
	if b.SetPointCelsius != "" {
		lines = append(lines, L("TMP", E("2"), E((&Outgoing{UNA: w.p.UNA}).Number(b.SetPointCelsius), "CEL")))
	}
	return lines
}

// movement is 8323; for transhipment the profile names no code.
var movement = map[string]string{"export": "1", "import": "2"}

// direction is 8249 of EQD.
var direction = map[string]string{"export": "2", "import": "3", "transhipment": "6"}

// equipment is EQD: a box that customs inspects is full.
func (w *letterWriter) equipment(b *inspection.Box) Line {
	size := E(b.SizeType, "6346", "5")
	if b.SizeType == "" {
		size = nil
	}
	return L("EQD", E("CN"), E(b.ContainerNumber, "6346", "5"), size, nil, E(direction[w.n.Direction]), E("5"))
}

func reference(qualifier, number string) Line {
	if number == "" {
		return L("RFF")
	}
	return L("RFF", E(qualifier, number))
}

func handling(k inspection.Work) Line {
	return L("HAN", E(work[k][0], "ZZZ", "ZZZ", work[k][1]))
}

func (w *letterWriter) site(b *inspection.Box) Line {
	name := w.text("site_name", b.SiteName, 35)
	if b.Site == "" && name == "" {
		return L("LOC")
	}
	return L("LOC", E("229"), E(b.Site, "ZZZ", "ZZZ", name))
}

// voyage is TDT with the port (SG5 and SG6 of COHAOR).
func (w *letterWriter) voyage() []Line {
	tdt := w.transport()
	if len(tdt.Elements) == 0 {
		return nil
	}
	return []Line{tdt, w.portLine()}
}

func (w *letterWriter) portLine() Line {
	qualifier := "11" // discharge
	if w.n.Direction == "export" {
		qualifier = "9"
	}
	return L("LOC", E(qualifier), E(w.p.port(), "139", "6"))
}

func (w *letterWriter) transport() Line {
	n := w.n
	ship := E("", "", "", w.text("ship_name", n.ShipName, 35))
	if n.ShipIMO != "" {
		ship = E(n.ShipIMO, "146", "11", w.text("ship_name", n.ShipName, 35))
	}
	if n.Voyage == "" && n.ShipIMO == "" && n.ShipName == "" {
		return L("TDT")
	}
	return L("TDT", E("20"), E(w.text("voyage_number", n.Voyage, 17)), E("1"), nil, nil, nil, nil, ship)
}

package wcoxml

import (
	"strconv"
	"strings"

	"kouan/declarations"
)

// meansBlock: the means of transport at the border and, with the same value,
// on arrival (import) or departure (export).
func meansBlock() block[declaration] {
	const name = "transport.means_name"
	row := pair(name, "/Declaration/BorderTransportMeans/ID")
	const own, kind = "/ID", "/IdentificationTypeCode"
	border, arrival, departure := "BorderTransportMeans", shipment+"Consignment/ArrivalTransportMeans", shipment+"Consignment/DepartureTransportMeans"
	type means struct{ id, kind place }
	at := func(class string) means { return means{below(Root(), class+own), below(Root(), class+kind)} }
	places := map[declarations.Direction][]means{
		declarations.Import: {at(border), at(arrival)}, declarations.Export: {at(border), at(departure)}, "": {at(border)},
	}
	read := func(r *reader, e *element, d *declaration) {
		for _, m := range places[r.dir] {
			if id := e.at(m.id); id != nil && !id.absent && r.open(row, id) {
				d.Transport.MeansName = trimmed(id.text)
				return
			}
		}
	}
	return block[declaration]{names: []string{name}, read: read, write: func(w *writer, e *element, d *declaration) {
		v := d.Transport.MeansName
		if !w.bare {
			var now declaration
			if read(&w.reader, e, &now); now.Transport.MeansName == v {
				return
			}
		}
		all := places[w.dir]
		if all == nil {
			all = places[""]
		}
		for i, m := range all {
			for _, p := range []place{m.id, m.kind} {
				if c := e.at(p); c != nil && !c.absent {
					e.take(p)
				}
			}
			if v == "" {
				continue
			}
			lost := len(w.losses)
			w.set(e.put(m.id), name, v)
			if i > 0 {
				w.losses = w.losses[:lost] // said once
			}
			id := e.at(m.id)
			if id.text == "" && !id.absent {
				e.take(m.id)
				continue
			}
			if kind := meansKind(d.Transport.BorderModeCode, v); kind != "" {
				w.set(e.put(m.kind), name, kind)
			}
		}
	}}
}

// meansKind: 10 IMO number, 11 name of a ship, 40 flight number; for a train or
// a lorry the map gives none.
func meansKind(mode, v string) string {
	imo := strings.TrimPrefix(v, "UN")
	_, err := strconv.ParseUint(imo, 10, 64)
	switch {
	case mode == "5":
		return "40"
	case mode != "2" && mode != "":
		return ""
	case err == nil && (imo != v || len(v) == 7):
		return "10"
	}
	return "11"
}

package feeds

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// changeEntry tells one change of one row: what was, what is, from which day
// and by which legal text.
func (f *Feed) changeEntry(e *Edition, ch *Change, at time.Time, day tariffs.Day, why string) atomEntry {
	w, r := wording.For(i18n.For(f.Lang), e.Catalogue), ch.Row()
	name := w.Line(r.Item, r.Component, "")
	args := map[string]string{"name": name, "day": string(day), "old": shown(w, ch.Before), "new": shown(w, ch.After)}
	args["change"] = args["old"] + " → " + args["new"]
	key := why + "_changed"
	switch {
	case ch.Before == nil:
		key = why + "_added"
	case ch.After == nil:
		key = why + "_removed"
	case args["old"] == args["new"]:
		key = why + "_other"
	}
	from := day
	if ch.After != nil && why != "withdrawn" {
		from = cmp.Or(tariffs.Day(ch.After.ValidFrom), day)
	}
	lines := []string{w.Labelled(w.Term("ui.effective_date"), string(from))}
	if text := w.Conditions(r); text != "" {
		lines = append(lines, w.Labelled(w.Term("ui.scope"), text))
	}
	lines = append(lines, differences(w, ch)...)
	lines = append(lines, w.Labelled(w.Term("ui.legal_basis"), cited(w, e.Catalogue, r)),
		w.Labelled(w.Term("ui.verification"), w.Sure(r.Word)), w.Text("fee_feed.by", map[string]string{"number": strconv.Itoa(e.Number), "day": string(tariffs.DayOf(at))}))
	title := w.Labelled(name, args["change"])
	if key != "edition_changed" {
		title = w.Text("fee_feed."+key, args)
	}
	entry := f.entry(at, r, title, lines)
	of := cell(r)
	if it := e.Catalogue.Item(r.Item); it == nil || r.Collector != it.Collector { // a price of a collector of its own
		of = cellOf(r)
	}
	if why == "coming" { // told once, however many editions repeat it
		entry.ID = id(why, string(day), of, rowOf(ch.Before), rowOf(ch.After))
	} else {
		entry.ID = id(why, strconv.Itoa(e.Number), e.Digest, at.UTC().Format(time.RFC3339Nano), of)
	}
	return entry
}

// expiredEntry tells that the stated term of a legal text has ended, and what
// stands on it.
func (f *Feed) expiredEntry(e *Edition, n *tariffs.Instrument, rows []tariffs.Row) atomEntry {
	w := wording.For(i18n.For(f.Lang), e.Catalogue)
	var items []string
	for i := range rows {
		if name := w.Item(rows[i].Item); !slices.Contains(items, name) {
			items = append(items, name)
		}
	}
	title := w.Text("fee_feed.expired", map[string]string{"instrument": titled(n), "day": string(n.Effective.To), "status": w.Basis(rows[0].BasisStatus)})
	entry := f.entry(e.Published, &rows[0], title, []string{w.Labelled(w.Term("ui.item"), strings.Join(items, ", ")), w.Labelled(w.Term("ui.verification"), w.Sure(n.Word))})
	entry.ID = id("expired", n.ID, string(n.Effective.To), n.Status)
	if f.Item == "" { // several items stand on it
		entry.Links[0].Href = f.page("/fees")
	}
	return entry
}

func (f *Feed) entry(at time.Time, r *tariffs.Row, title string, lines []string) atomEntry {
	return atomEntry{Title: title, Published: stamp(at), Updated: stamp(at),
		Links:      []atomLink{{Rel: "alternate", Type: "text/html", Lang: string(f.Lang), Href: f.page("/fees/" + r.Item)}},
		Categories: []atomCategory{{Term: r.Item, Scheme: space + "item", Label: r.NameZH}, {Term: r.Collector, Scheme: space + "collector"}},
		Content:    atomText{"text", strings.Join(lines, "\n")}}
}

func id(parts ...string) string {
	return "urn:uuid:" + uuid.NewSHA1(names, []byte(strings.Join(parts, "\x00"))).String()
}

// rowOf is what an announcement of a row is known by. What its publisher says
// beside the price is not in it, and neither are columns that came later: an
// id that was given once stays.
func rowOf(r *tariffs.Row) string {
	if r == nil {
		return ""
	}
	of := *r
	of.Published, of.Channel, of.Authority = "", "", ""
	cells := of.Cells()
	return strings.Join(cells[:len(cells)-1], "\x00")
}

// shown is the price of a row in words: at most 0.45 × 0.90 · CNY per net ton.
func shown(w wording.Words, r *tariffs.Row) string {
	if r == nil {
		return ""
	}
	text := w.Amount(r)
	if r.Factor != "" {
		text += " × " + w.Number(r.Factor)
	}
	if unit := w.Unit(r.Item, r.Unit); unit != "" && r.Amount != "" {
		text += " · " + unit
	}
	return text
}

// priced are the columns that a price in words already tells.
var priced = []string{"row", "row_version", "at_most", "amount", "port_factor", "port_factor_by", "status", "currency", "valid_from", "item", "name_zh", "unit"}

// differences are the other columns in which a row is not what it was.
func differences(w wording.Words, ch *Change) []string {
	if ch.Before == nil || ch.After == nil || ch.Before.ID == "" || ch.After.ID == "" {
		return nil
	}
	var out []string
	before, after := ch.Before.Cells(), ch.After.Cells()
	for i, name := range tariffs.RowColumns {
		if before[i] != after[i] && !slices.Contains(priced, name) {
			out = append(out, w.Labelled(Title(w.Printer, name), value(w, name, before[i])+" → "+value(w, name, after[i])))
		}
	}
	return out
}

func value(w wording.Words, column, text string) string {
	switch {
	case text == "":
		return "…"
	case column == "payer", column == "collector":
		return w.Party(text)
	case column == "basis_status":
		return w.Basis(text)
	case column == "verification":
		return w.Sure(tariffs.Word(text))
	case column == "part_of":
		return w.Item(text)
	}
	return text
}

// cited is the legal text with its number and Chinese title, which is what it
// can be found by.
func cited(w wording.Words, c *tariffs.Catalogue, r *tariffs.Row) string {
	var texts []string
	for part := range strings.SplitSeq(r.LegalBasis, ";") {
		if n := c.Instrument(strings.TrimSpace(part)); n != nil {
			texts = append(texts, titled(n))
		}
	}
	return w.Cited(strings.Join(texts, "; "), r.Article) + " (" + w.Basis(r.BasisStatus) + ")"
}

func titled(n *tariffs.Instrument) string {
	if n.Number == "" {
		return n.TitleZH
	}
	return n.Number + " " + n.TitleZH
}

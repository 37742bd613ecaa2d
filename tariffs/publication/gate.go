package publication

import (
	"slices"
	"strings"
	"time"

	"kouan/tariffs"
)

// Notice is the least time between publication and effect: our own threshold,
// unverified (§8.4 of the tariff format).
const Notice = 30 * 24 * time.Hour

// Terms say when an edition is to come into force, and why so soon.
type Terms struct {
	Published tariffs.Day // the day of the publication
	Effective tariffs.Day // the day on which the edition comes into force
	Reason    string      // why rows hold from a day that has passed
	Urgent    string      // why the notice is short
}

// Gate finds what stands against publishing the changes of a draft (§8.5):
// what was published before is not judged again.
func Gate(base, next *tariffs.Catalogue, changes []Change, t Terms) []Finding {
	g := &gate{base: base, next: next, terms: t, judge: tariffs.NewJudge(next), rates: map[string]*tariffs.Rate{}, before: map[string]*tariffs.Rate{}}
	for i := range next.Rates {
		g.rates[next.Rates[i].ID] = &next.Rates[i]
	}
	for i := range base.Rates {
		g.before[base.Rates[i].ID] = &base.Rates[i]
	}
	g.cells = cellsByKey(next)
	for i := range changes {
		c := &changes[i]
		if c.What == Ended {
			continue
		}
		switch c.Kind {
		case rates:
			g.rate(c)
		case "items":
			g.item(c)
		}
		g.days(c)
		g.word(c)
		g.figures(c)
	}
	return g.findings
}

const unitColumn = "unit"

type gate struct {
	base, next *tariffs.Catalogue
	terms      Terms
	judge      tariffs.Judge
	rates      map[string]*tariffs.Rate
	before     map[string]*tariffs.Rate
	cells      map[pricePlace][]*tariffs.Rate
	findings   []Finding
}

func cellsByKey(c *tariffs.Catalogue) map[pricePlace][]*tariffs.Rate {
	out := make(map[pricePlace][]*tariffs.Rate, len(c.Rates))
	for i := range c.Rates {
		at := pricePlace{c.Rates[i].Cell(), c.Rates[i].Stated.Collector}
		out[at] = append(out[at], &c.Rates[i])
	}
	return out
}

func (g *gate) find(c *Change, code string, severity tariffs.Severity, column string, args ...string) {
	s := Setting{Kind: c.Kind, key: c.Key}
	g.findings = append(g.findings, s.find(code, severity, column, args...))
}

// rate: the fee, the reason, the responsible authority, when and how it is
// paid (trade facilitation agreement art. 6.1), and by which rule.
func (g *gate) rate(c *Change) {
	r := g.rates[c.Key]
	if r == nil {
		return
	}
	it := g.next.Item(r.Item)
	if closing(c) {
		return // the rest was published before
	}
	for _, need := range []struct {
		column  string
		missing bool
	}{
		{"valid_from", r.Valid.From == ""}, {"reason_zh", r.Stated.Reason == ""}, {"when_how_paid_zh", r.Stated.Payment == ""},
		{"complaint_channel", r.Stated.Channel == ""}, {"legal_basis", r.Instrument == "" && r.Stated.LegalBasis == "" && it.LegalBasis == ""},
	} {
		if need.missing {
			g.find(c, CodeMissing, tariffs.Reject, need.column, "name", need.column)
		}
	}
	if !tariffs.KnownUnit(r.Unit) {
		g.find(c, "FEE-L10", tariffs.Reject, unitColumn, "value", shown(r.Unit))
	}
	if it.Regime != tariffs.Market && r.Instrument == "" {
		g.find(c, CodeBasis, tariffs.Reject, "instrument")
	}
	if r.Groundless {
		g.find(c, CodeZero, tariffs.Reject, "amount")
	}
	if r.Stated.Collector != "" { // what nobody in particular collects is what prices are held against
		for _, f := range g.judge.Rate(r) {
			g.findings = append(g.findings, Finding{Code: f.Code, Severity: f.Severity, Kind: c.Kind, Key: c.Key, Column: f.Column, Args: f.Args})
		}
	}
	for _, other := range g.cells[pricePlace{r.Cell(), r.Stated.Collector}] {
		if other.ID != r.ID && other.Valid.Overlaps(r.Valid) {
			g.find(c, CodeOverlap, tariffs.Reject, "valid_to", "row", other.ID)
		}
	}
}

// figures bounds what is charged, in every table: a slip of the keyboard must
// not run over in a quotation.
func (g *gate) figures(c *Change) {
	for i := range c.Cells {
		if cell := &c.Cells[i]; cell.Column == "amount" && !tariffs.PlausibleAmount(cell.To) {
			g.find(c, tariffs.CodeAmountBounds, tariffs.Reject, "amount", "value", shown(cell.To), "limit", tariffs.MostAmount)
		}
	}
}

// closing reports a change that only gives a row its last day, or an earlier one.
func closing(c *Change) bool {
	if c.What != Changed || len(c.Cells) != 1 || c.Cells[0].Column != "valid_to" {
		return false
	}
	was, is := c.Cells[0].From, c.Cells[0].To
	return is != "" && (was == "" || is < was)
}

// item: a government price needs its rule.
func (g *gate) item(c *Change) {
	it := g.next.Item(c.Key)
	if it == nil || it.Regime == tariffs.Market {
		return
	}
	for id := range strings.SplitSeq(it.LegalBasis, ";") {
		if g.next.Instrument(strings.TrimSpace(id)) != nil {
			return
		}
	}
	g.find(c, CodeBasis, tariffs.Reject, "legal_basis")
}

// silent are the columns whose change moves no price.
var silent = []string{"note", "verification", "name_en", "title_en", "title_zh", "attachment", "article", "complaint_channel", "published_at", "urgent", "collector_zh", "payer_zh",
	"reason_zh", "when_how_paid_zh", "basis_zh", "status", "changed", "legal_basis"}

// days: what holds from a day before the edition does needs a reason, what
// holds soon is told so (§8.4).
func (g *gate) days(c *Change) {
	loud := slices.ContainsFunc(c.Cells, func(cell CellChange) bool { return !slices.Contains(silent, cell.Column) })
	from := tariffs.Day(c.From[:min(len(c.From), len("2026-01-02"))])
	if closing(c) { // the days before the last one stay as they were
		from = next(tariffs.Day(c.Cells[0].To))
	}
	if !loud || from == "" || slices.Contains([]string{"instruments", "channels", "terminals"}, c.Kind) {
		return
	}
	switch {
	case from < g.terms.Effective && g.terms.Reason == "":
		g.find(c, CodePast, tariffs.Reject, "valid_from", "from", string(from), "day", string(g.terms.Effective))
	case from >= g.terms.Effective && short(g.terms.Published, from) && g.terms.Urgent == "" && !closing(c):
		g.find(c, CodeNotice, tariffs.Warn, "valid_from", "from", string(from), "day", string(g.terms.Published))
	}
}

func next(d tariffs.Day) tariffs.Day {
	begin, ok := d.Begin()
	if !ok {
		return d
	}
	return tariffs.DayOf(begin.Add(36 * time.Hour))
}

func short(published, from tariffs.Day) bool {
	a, okA := published.Begin()
	b, okB := from.Begin()
	return okA && okB && b.Sub(a) < Notice
}

// word: a person calls a figure surer than it was only by the document that
// it was read in, with its SHA-256 and the article (§1).
func (g *gate) word(c *Change) {
	i := slices.IndexFunc(c.Cells, func(cell CellChange) bool { return cell.Column == "verification" })
	if i < 0 || c.Kind != rates {
		return
	}
	r, was := g.rates[c.Key], tariffs.Secondary
	if before := g.before[c.Key]; before != nil {
		was = before.Word
	} else if r != nil && !r.Word.Plain() {
		return // a new figure may say that it was not read
	}
	if r != nil && r.Word.Surer(was) && (!tariffs.NamesDigest(r.Stated.Attachment) || r.Stated.Article == "") {
		g.find(c, CodeWord, tariffs.Reject, "attachment", "value", string(was), "word", string(r.Word))
	}
}

func splitItems(s string) []string { return strings.Split(s, "|") }

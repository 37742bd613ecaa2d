package tariffs

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// itemKnown: L18 and L11. A code is never corrected by itself.
func (r *lintRow) itemKnown() {
	code := r.text("item_code")
	switch {
	case code == "" && strings.Join(r.Cells, "") != "":
		r.find("item_code", "FEE-L18", Reject, "reason", "item_blank")
	case r.item == nil:
		f := r.find("item_code", "FEE-L11", Reject, "value", clipped(code))
		f.Repair = r.c.nearest(code)
	}
}

// nearest is the item whose code differs least, when it is near enough to be meant.
func (c *Catalogue) nearest(code string) string {
	best, least := "", 3
	for i := range c.Items {
		if d := distance(code, c.Items[i].Code); d < least {
			best, least = c.Items[i].Code, d
		}
	}
	return best
}

// distance is how many letters must be changed (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

var (
	// 四十英寸箱, 40-inch box, inch: 40
	inches = regexp.MustCompile(`(?i)(^|[^\d.])(20|40|45|二十|四十|四十五)[\s\-‐‑–—]*(英寸|吋|寸|inch|"|″|”)|(英寸|吋|inch(es)?)\s*[:：=]?\s*(20|40|45)($|\D)`)
)

// lengths: L02. Containers are 20, 40 and 45 feet long.
func (r *lintRow) lengths() {
	for _, column := range []string{"basis_zh", "item_zh", "item_en", "note", "container_size"} {
		if inches.MatchString(plainDigits(r.text(column))) {
			r.find(column, "FEE-L02", Reject, "value", r.text(column))
		}
	}
}

// notice is the least time between publication and effect: our own threshold,
// unverified (§8.4).
const notice = 30 * 24 * time.Hour

// dates: L06, L07, L33, L28.
func (r *lintRow) dates() {
	days := map[string]Day{}
	for _, column := range []string{"valid_from", "valid_to", "published_at"} {
		s := r.text(column)
		if s == "" {
			continue
		}
		d, ok := ParseDay(s)
		if !ok {
			r.find(column, "FEE-L33", Reject, "value", s)
			continue
		}
		days[column] = d
	}
	from, to, published := days["valid_from"], days["valid_to"], days["published_at"]
	switch {
	case r.text("valid_from") == "":
		r.find("valid_from", "FEE-L06", Reject)
	case from != "" && to != "" && to < from:
		r.find("valid_from|valid_to", "FEE-L07", Reject, "from", string(from), "to", string(to))
	}
	if from != "" && published != "" && r.text("urgent") != "yes" && from.time().Sub(published.time()) < notice {
		r.find("published_at", "FEE-L28", Warn, "from", string(from), "value", string(published))
	}
}

func (d Day) time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{} // an open day has no time; callers ask before
	}
	return t
}

// unitCodes are codes of UNECE Recommendation 20: those that the catalogue
// uses (20, 21, NMI, HUR, DAY, TNE: secondary; NTT, MTQ, C62: unverified), and
// those of the table of customs units in which a service may be sold (column
// unece_rec20 of units.csv; KGM: confirmed, the others: secondary).
var unitCodes = []string{"NTT", "NMI", "DAY", "HUR", "20", "21", "TNE", "MTQ", "C62", "KGM", "MTR", "MTK", "LTR", "K6", "KWH", "KWT", "KMT", "SET"}

// KnownUnit accepts a code or a product of codes joined by dots.
func KnownUnit(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if !slices.Contains(unitCodes, part) {
			return false
		}
	}
	return true
}

// units: L10.
func (r *lintRow) units() {
	if unit := r.text("unit"); !KnownUnit(unit) && !r.has("FEE-L01") {
		r.find("unit", "FEE-L10", Reject, "value", unit)
	}
}

// parties: L12, L13, L29.
func (r *lintRow) parties() {
	for _, need := range []struct{ column, code string }{{"collector_zh", "FEE-L12"}, {"payer_zh", "FEE-L13"}, {"reason_zh", "FEE-L29"}, {"when_how_paid_zh", "FEE-L29"}} {
		if r.text(need.column) == "" {
			r.find(need.column, need.code, Reject)
		}
	}
}

// channel: L14.
func (r *lintRow) channel() {
	id := r.text("complaint_channel")
	i := slices.IndexFunc(r.c.Channels, func(c Channel) bool { return c.ID == id })
	switch {
	case id == "":
		r.find("complaint_channel", "FEE-L14", Reject)
	case i < 0:
		r.find("complaint_channel", "FEE-L14", Reject, "value", id)
	case r.c.Channels[i].SupersededBy != "":
		f := r.find("complaint_channel", "FEE-L14", Warn, "value", id)
		f.Repair = r.c.Channels[i].SupersededBy
	}
}

// currency: L15.
func (r *lintRow) currency() {
	if s := r.text("currency"); s != "CNY" {
		r.find("currency", "FEE-L15", Reject, "value", s)
	}
}

// characters: L17 and L30, in every cell as it came.
func (r *lintRow) characters() {
	for column, i := range r.at {
		if i >= len(r.Cells) || r.Cells[i] == "" {
			continue
		}
		cell := r.Cells[i]
		if formula(cell) {
			r.find(column, "FEE-L30", Reject, "value", clipped(cell))
		}
		if odd(cell) {
			f := r.find(column, "FEE-L17", Warn)
			f.Repair = strings.Join(strings.Fields(strings.Map(visible, cell)), " ")
		}
	}
}

// formula reports a cell that a program of tables would calculate; some take
// blanks before it away, and some read full-width signs.
func formula(cell string) bool {
	shown := strings.TrimLeftFunc(cell, func(c rune) bool { return unicode.IsSpace(c) || unicode.Is(unicode.Cf, c) })
	first, _ := utf8.DecodeRuneInString(shown)
	return cell[0] == '\t' || shown != "" && strings.ContainsRune("=+-@＝＋－＠", first)
}

// odd reports blanks that are none, or two of them: one ideographic blank
// stands in Chinese text by right.
func odd(s string) bool {
	before := ' '
	for i, c := range s {
		blank := c == ' ' || c == '\u3000'
		switch {
		case blank && i > 0 && (before == ' ' || before == '\u3000'):
			return true
		case !blank && c != '\t' && (visible(c) != c || unicode.Is(unicode.Z, c)):
			return true
		}
		before = c
	}
	return false
}

// visible drops characters that nobody sees.
func visible(c rune) rune {
	switch {
	case c != ' ' && c != '\u3000' && unicode.Is(unicode.Zs, c):
		return ' '
	case c == utf8.RuneError, unicode.IsControl(c), unicode.Is(unicode.Cf, c):
		return -1
	}
	return c
}

func clipped(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// verification: L31.
func (r *lintRow) verification() {
	if w := Word(r.text("verification")); !slices.Contains(Words, w) {
		r.find("verification", "FEE-L31", Reject, "value", string(w))
	}
}

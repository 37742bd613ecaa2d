package versions

import "reflect"

// The tables that look for equal rows and for the most alike ones are bounded:
// beyond that, rows are paired by place.
const (
	tooMany      = 1 << 20 // pairs that are asked whether they are equal
	tooManyAlike = 1 << 12 // pairs whose likeness is counted
)

// align says for each row of b which row of a it was, -1 when it is new. The
// pairs never cross, so that removals and additions alone give b its order.
//
// Rows that did not change at all are set against each other first; what lies
// between two such pairs is paired by its key, or by place, or, when lines
// were removed or added there, by likeness.
func align(p *part, a, b reflect.Value) []int {
	from := make([]int, b.Len())
	for j := range from {
		from[j] = -1
	}
	row := p.sub
	if p.number >= 0 {
		row = p.rest
	}
	m := matcher{part: p, row: row, a: a, b: b, from: from, counted: numbered(p, a) && numbered(p, b)}
	lo, ahi, bhi := 0, a.Len(), b.Len()
	for lo < ahi && lo < bhi && m.equal(lo, lo) {
		from[lo] = lo
		lo++
	}
	for ahi > lo && bhi > lo && m.equal(ahi-1, bhi-1) {
		ahi, bhi = ahi-1, bhi-1
		from[bhi] = ahi
	}
	m.middle(span{lo, ahi}, span{lo, bhi})
	return from
}

type span struct{ lo, hi int }

func (s span) len() int { return s.hi - s.lo }

type matcher struct {
	part    *part
	row     *plan
	a, b    reflect.Value
	from    []int
	counted bool // the rows of both documents count 1, 2, 3
}

func (m *matcher) equal(i, j int) bool { return same(m.row, m.a.Index(i), m.b.Index(j)) }

// middle takes the longest run of pairs of equal rows and fills the gaps.
func (m *matcher) middle(a, b span) {
	if a.len()*b.len() > tooMany {
		m.byPlace(a, b)
		return
	}
	ai, bi := a.lo, b.lo
	for _, pair := range longest(a.len(), b.len(), func(i, j int) int {
		if m.equal(a.lo+i, b.lo+j) {
			return 1
		}
		return 0
	}) {
		i, j := a.lo+pair[0], b.lo+pair[1]
		m.from[j] = i
		m.gap(span{ai, i}, span{bi, j})
		ai, bi = i+1, j+1
	}
	m.gap(span{ai, a.hi}, span{bi, b.hi})
}

func (m *matcher) gap(a, b span) {
	switch {
	case a.len() == 0 || b.len() == 0:
	case len(m.part.keys) > 0:
		m.byKey(a, b, m.part.keys)
	case m.part.number >= 0 && !m.counted:
		m.byKey(a, b, []int{m.part.number})
	case a.len() == b.len() || m.part.number < 0 || a.len()*b.len() > tooManyAlike:
		m.byPlace(a, b)
	default:
		m.byLikeness(a, b)
	}
}

func (m *matcher) byPlace(a, b span) {
	for k := range min(a.len(), b.len()) {
		m.from[b.lo+k] = a.lo + k
	}
}

func (m *matcher) byKey(a, b span, keys []int) {
	m.pair(a, b, func(i, j int) int {
		x, y := m.a.Index(i), m.b.Index(j)
		for _, k := range keys {
			if x.Field(k).String() != y.Field(k).String() {
				return 0
			}
		}
		return 1
	})
}

// byLikeness pairs lines that share more values than they contradict.
func (m *matcher) byLikeness(a, b span) {
	m.pair(a, b, func(i, j int) int {
		shared, against := alike(m.row, m.a.Index(i), m.b.Index(j))
		return max(0, shared-against)
	})
}

func (m *matcher) pair(a, b span, weight func(i, j int) int) {
	for _, p := range longest(a.len(), b.len(), func(i, j int) int { return weight(a.lo+i, b.lo+j) }) {
		m.from[b.lo+p[1]] = a.lo + p[0]
	}
}

// longest is the heaviest list of pairs that do not cross; 0 is no pair. Of
// equally heavy ones it takes the earliest rows.
func longest(n, m int, weight func(i, j int) int) [][2]int {
	w := make([]int, n*m)
	best := make([]int, (n+1)*(m+1)) // of the rows from i and j on
	width := m + 1
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			w[i*m+j] = weight(i, j)
			b := max(best[(i+1)*width+j], best[i*width+j+1])
			if x := w[i*m+j]; x > 0 {
				b = max(b, x+best[(i+1)*width+j+1])
			}
			best[i*width+j] = b
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < n && j < m; {
		x := w[i*m+j]
		switch here := best[i*width+j]; {
		case x > 0 && here == x+best[(i+1)*width+j+1]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case here == best[(i+1)*width+j]:
			i++
		default:
			j++
		}
	}
	return pairs
}

package directory

import (
	"slices"
	"strconv"
	"strings"
)

// groupRow is one row of messages.csv: the message itself (number 0) or a group.
type groupRow struct {
	line      int
	number    int
	mandatory bool
	max       int
	items     []item
	used      bool
}

// messages puts the rows of each message together to a tree.
func (l *loader) messages(segments map[string]map[string]*Segment) ([]*Message, map[string]map[string]*Message) {
	const file = "messages.csv"
	type sheet struct {
		edition, typ, borneOut string
		rows                   []*groupRow
	}
	var sheets []*sheet
	l.rows(file, 7, func(line int, row []string) {
		at := slices.IndexFunc(sheets, func(s *sheet) bool { return s.edition == row[0] && s.typ == row[1] })
		if at < 0 {
			at = len(sheets)
			sheets = append(sheets, &sheet{edition: row[0], typ: row[1], borneOut: row[6]})
		}
		s := sheets[at]
		s.borneOut = borneOut[max(slices.Index(borneOut, s.borneOut), slices.Index(borneOut, row[6]), 0)]
		g := &groupRow{line: line, mandatory: row[3] == "M", items: l.items(file, line, row[5])}
		var err error
		if row[2] != "" {
			if g.number, err = strconv.Atoi(row[2]); err != nil || g.number < 1 {
				l.fail(file, line, "unreadable group %q", row[2])
			}
		}
		if g.max, err = strconv.Atoi(row[4]); err != nil || g.max < 1 || row[3] != "M" && row[3] != "C" {
			l.fail(file, line, "unreadable status %q, %q", row[3], row[4])
		}
		s.rows = append(s.rows, g)
	})
	var all []*Message
	by := map[string]map[string]*Message{}
	for _, s := range sheets {
		version, release, _ := strings.Cut(s.edition, ".")
		m := &Message{Type: s.typ, Version: version, Release: release, borneOut: s.borneOut, segments: map[string]*Segment{}}
		t := &tree{l: l, rows: s.rows, edition: segments[s.edition], service: segments[serviceSyntax], segments: m.segments}
		m.Nodes = t.nodes(0)
		t.unused()
		if by[s.edition] == nil {
			by[s.edition] = map[string]*Message{}
		}
		by[s.edition][s.typ] = m
		all = append(all, m)
	}
	return all, by
}

type tree struct {
	l                *loader
	rows             []*groupRow
	edition, service map[string]*Segment
	segments         map[string]*Segment
}

// nodes are the segments and groups inside a group; 0 is the message.
func (t *tree) nodes(number int) []Node {
	const file = "messages.csv"
	at := slices.IndexFunc(t.rows, func(g *groupRow) bool { return g.number == number && !g.used })
	if at < 0 {
		t.l.fail(file, 0, "group %d has no row of its own, or stands in two places", number)
		return nil
	}
	row := t.rows[at]
	row.used = true
	var out []Node
	for i, it := range row.items {
		n, group := groupNumber(it.id)
		if !group {
			s, ok := t.edition[it.id]
			if !ok {
				s, ok = t.service[it.id]
			}
			if !ok {
				t.l.fail(file, row.line, "segment %s has no layout", it.id)
			}
			t.segments[it.id] = s
			out = append(out, Node{Tag: it.id, Mandatory: it.mandatory, Max: it.times})
			continue
		}
		if i == 0 || n <= number {
			t.l.fail(file, row.line, "group %q cannot stand there", it.id)
			continue
		}
		g := Node{Group: n}
		if at := slices.IndexFunc(t.rows, func(g *groupRow) bool { return g.number == n }); at >= 0 {
			g.Mandatory, g.Max = t.rows[at].mandatory, t.rows[at].max
		}
		if g.Nodes = t.nodes(n); len(g.Nodes) > 0 {
			g.Tag = g.Nodes[0].Tag
			out = append(out, g)
		}
	}
	return out
}

// groupNumber reads SG14; SGP is a segment.
func groupNumber(id string) (int, bool) {
	inner, ok := strings.CutPrefix(id, "SG")
	n, err := strconv.Atoi(inner)
	return n, ok && err == nil
}

// unused reports rows that no other row points to.
func (t *tree) unused() {
	for _, g := range t.rows {
		if !g.used {
			t.l.fail("messages.csv", g.line, "group %d stands nowhere", g.number)
		}
	}
}

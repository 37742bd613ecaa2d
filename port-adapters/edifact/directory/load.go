package directory

import (
	"embed"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/*.csv
var files embed.FS

// serviceSyntax is the syntax version whose service segments stand in the
// layout of a message; its codec asks Service for those of another version.
const serviceSyntax = "3"

type directories struct {
	all      []*Message
	messages map[string]map[string]*Message // by edition
	segments map[string]map[string]*Segment // by edition or syntax version
}

// tables are parsed once; data that is built in and faulty cannot be worked with.
var tables = sync.OnceValue(func() *directories {
	d, err := load(func(name string) ([]byte, error) { return files.ReadFile("data/" + name) })
	if err != nil {
		panic(err)
	}
	return d
})

// order of certainty, from the best.
var borneOut = []string{"confirmed", "secondary", "unverified"}

func load(read func(name string) ([]byte, error)) (*directories, error) {
	l := &loader{read: read}
	elements := l.elements()
	composites := l.composites(elements)
	d := &directories{segments: l.segments(elements, composites)}
	d.all, d.messages = l.messages(d.segments)
	return d, l.err
}

// loader keeps the first error and where it was.
type loader struct {
	read func(name string) ([]byte, error)
	err  error
}

func (l *loader) fail(file string, line int, format string, args ...any) {
	if l.err == nil {
		l.err = fmt.Errorf("directory table %s line %d: %s", file, line, fmt.Sprintf(format, args...))
	}
}

func (l *loader) number(file string, line int, digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		l.fail(file, line, "%v", err)
	}
	return n
}

// rows visits the rows below the header.
func (l *loader) rows(file string, columns int, visit func(line int, row []string)) {
	text, err := l.read(file)
	if err != nil {
		l.fail(file, 0, "%v", err)
		return
	}
	r := csv.NewReader(strings.NewReader(string(text)))
	r.FieldsPerRecord = columns
	all, err := r.ReadAll()
	if err != nil {
		l.fail(file, 0, "%v", err)
		return
	}
	for i, row := range all[min(1, len(all)):] {
		if !slices.Contains(borneOut, row[columns-1]) {
			l.fail(file, i+2, "unknown certainty %q", row[columns-1])
		}
		visit(i+2, row)
	}
}

// item is one token of a content column: what, mandatory, how often.
type item struct {
	id        string
	mandatory bool
	times     int
}

var token = regexp.MustCompile(`^([A-Z0-9]+)(!?)(?:\*([1-9][0-9]{0,4}))?$`)

func (l *loader) items(file string, line int, content string) []item {
	var out []item
	for word := range strings.FieldsSeq(content) {
		m := token.FindStringSubmatch(word)
		if m == nil {
			l.fail(file, line, "unreadable item %q", word)
			continue
		}
		n := 1
		if m[3] != "" {
			n = l.number(file, line, m[3])
		}
		out = append(out, item{id: m[1], mandatory: m[2] != "", times: n})
	}
	if len(out) == 0 {
		l.fail(file, line, "no content")
	}
	return out
}

// byEdition is one table: edition or syntax version, then identifier.
type byEdition[T any] map[string]map[string]T

func (t byEdition[T]) put(l *loader, file string, line int, editions, id string, v T) {
	for edition := range strings.FieldsSeq(editions) {
		if t[edition] == nil {
			t[edition] = map[string]T{}
		}
		if _, twice := t[edition][id]; twice {
			l.fail(file, line, "%s stands twice in %s", id, edition)
		}
		t[edition][id] = v
	}
}

var format = regexp.MustCompile(`^(a|n|an)(\.\.)?([1-9][0-9]{0,4})$`)

func (l *loader) elements() byEdition[Format] {
	const file = "elements.csv"
	out := byEdition[Format]{}
	l.rows(file, 4, func(line int, row []string) {
		m := format.FindStringSubmatch(row[2])
		if m == nil {
			l.fail(file, line, "unreadable format %q", row[2])
			return
		}
		class := m[1][0]
		if m[1] == "an" {
			class = 'x'
		}
		out.put(l, file, line, row[0], row[1], Format{Class: class, Fixed: m[2] == "", Max: l.number(file, line, m[3])})
	})
	return out
}

// composites keep their items: a composite of one row may have other formats
// in each edition.
func (l *loader) composites(elements byEdition[Format]) byEdition[[]Component] {
	const file = "composites.csv"
	out := byEdition[[]Component]{}
	l.rows(file, 4, func(line int, row []string) {
		items := l.items(file, line, row[2])
		for edition := range strings.FieldsSeq(row[0]) {
			var components []Component
			for _, it := range items {
				f, ok := elements[edition][it.id]
				if !ok {
					l.fail(file, line, "element %s of %s is not in %s", it.id, row[1], edition)
				}
				for range it.times {
					components = append(components, Component{ID: it.id, Mandatory: it.mandatory, Format: f})
				}
			}
			out.put(l, file, line, edition, row[1], components)
		}
	})
	return out
}

func (l *loader) segments(elements byEdition[Format], composites byEdition[[]Component]) map[string]map[string]*Segment {
	const file = "segments.csv"
	out := byEdition[*Segment]{}
	l.rows(file, 4, func(line int, row []string) {
		items := l.items(file, line, row[2])
		for edition := range strings.FieldsSeq(row[0]) {
			s := &Segment{Tag: row[1]}
			for _, it := range items {
				e := Element{ID: it.id, Mandatory: it.mandatory, Repeat: 1}
				if f, ok := elements[edition][it.id]; ok {
					e.Components = []Component{{ID: it.id, Mandatory: it.mandatory, Format: f}}
				} else if e.Components, e.Composite = composites[edition][it.id]; !e.Composite {
					l.fail(file, line, "%s of %s is not in %s", it.id, row[1], edition)
				}
				for range it.times {
					s.Elements = append(s.Elements, e)
				}
			}
			out.put(l, file, line, edition, row[1], s)
		}
	})
	return out
}

package directory

import (
	"strings"
	"testing"
)

func TestEveryLayoutIsWhole(t *testing.T) {
	t.Parallel()
	if len(Messages()) == 0 {
		t.Fatal("no layouts")
	}
	for _, m := range Messages() {
		name := m.Type + " " + Edition(m.Version, m.Release)
		if got, ok := Lookup(m.Type, m.Version, m.Release); !ok || got != m {
			t.Errorf("%s: Lookup does not find it", name)
		}
		seen := map[int]bool{}
		last := 0
		var walk func(nodes []Node, top bool)
		walk = func(nodes []Node, top bool) {
			for i, n := range nodes {
				if n.Max < 1 {
					t.Errorf("%s: %s %d may stand %d times", name, n.Tag, n.Group, n.Max)
				}
				if n.Group == 0 {
					if s, ok := m.Segment(n.Tag); !ok || s.Tag != n.Tag || len(s.Elements) == 0 {
						t.Errorf("%s: segment %s has no layout", name, n.Tag)
					}
					if !top && i == 0 && (!n.Mandatory || n.Max != 1) {
						t.Errorf("%s: trigger %s is not M 1", name, n.Tag)
					}
					continue
				}
				if i == 0 || len(n.Nodes) == 0 || n.Nodes[0].Group != 0 || n.Tag != n.Nodes[0].Tag {
					t.Errorf("%s: group %d does not begin with its trigger", name, n.Group)
				}
				if seen[n.Group] || n.Group != last+1 {
					t.Errorf("%s: group %d follows group %d", name, n.Group, last)
				}
				seen[n.Group], last = true, n.Group
				walk(n.Nodes, false)
			}
		}
		walk(m.Nodes, true)
		first, end := m.Nodes[0], m.Nodes[len(m.Nodes)-1]
		if first.Tag != "UNH" || !first.Mandatory || end.Tag != "UNT" || !end.Mandatory {
			t.Errorf("%s: runs from %v to %v", name, first.Tag, end.Tag)
		}
	}
}

func TestSegmentsHaveSoundElements(t *testing.T) {
	t.Parallel()
	for edition, segments := range tables().segments {
		for tag, s := range segments {
			for i, e := range s.Elements {
				if len(e.Components) == 0 || e.Repeat < 1 || e.Composite != (len(e.ID) == 4 && (e.ID[0] == 'C' || e.ID[0] == 'S')) {
					t.Errorf("%s %s element %d: %+v", edition, tag, i+1, e)
				}
				for _, c := range e.Components {
					if c.Format.Max < 1 || !strings.ContainsRune("anx", rune(c.Format.Class)) {
						t.Errorf("%s %s %s %s: format %+v", edition, tag, e.ID, c.ID, c.Format)
					}
				}
			}
		}
	}
}

// TestKnownPlaces pins what edifact.md says about editions.
func TestKnownPlaces(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, typ, version, release, tag string
		element, component               int
		id                               string
		format                           Format
	}{
		{"document number", "CODECO", "D", "00B", "BGM", 2, 1, "1004", Format{'x', false, 35}},
		{"journey", "COHAOR", "D", "00B", "TDT", 2, 1, "8028", Format{'x', false, 17}},
		{"ship", "COHAOR", "D", "00B", "TDT", 8, 1, "8213", Format{'x', false, 9}},
		{"code list of a box", "COPARN", "D", "00B", "EQD", 2, 2, "1131", Format{'x', false, 17}},
		{"handling", "COHAOR", "D", "00B", "HAN", 1, 1, "4079", Format{'x', false, 3}},
		{"handling in words", "COHAOR", "D", "00B", "HAN", 1, 4, "4078", Format{'x', false, 70}},
		{"temperature of D.95B", "BAPLIE", "D", "95B", "TMP", 2, 1, "6246", Format{'n', true, 3}},
		{"temperature of D.00B", "COHAOR", "D", "00B", "TMP", 2, 1, "6246", Format{'n', false, 15}},
		{"code list of D.95B", "CODECO", "D", "95B", "EQD", 2, 2, "1131", Format{'x', false, 3}},
		{"seal of D.95B", "CODECO", "D", "95B", "SEL", 1, 1, "9308", Format{'x', false, 10}},
		{"type of ship in words", "BAPLIE", "D", "04B", "TDT", 4, 4, "8178", Format{'x', false, 17}},
		{"flash point", "BAPLIE", "D", "95B", "DGS", 4, 1, "7106", Format{'n', true, 3}},
		{"unit", "VERMAS", "D", "16A", "MEA", 3, 1, "6411", Format{'x', false, 8}},
		{"syntax error", "CONTRL", "D", "3", "UCD", 1, 1, "0085", Format{'x', false, 3}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			m, ok := Lookup(row.typ, row.version, row.release)
			if !ok {
				t.Fatalf("no %s %s.%s", row.typ, row.version, row.release)
			}
			s, ok := m.Segment(row.tag)
			if !ok || len(s.Elements) < row.element || len(s.Elements[row.element-1].Components) < row.component {
				t.Fatalf("no element %d:%d in %+v", row.element, row.component, s)
			}
			if c := s.Elements[row.element-1].Components[row.component-1]; c.ID != row.id || c.Format != row.format {
				t.Errorf("got %+v, want %s %+v", c, row.id, row.format)
			}
		})
	}
}

func TestWhatIsNotHereIsNotGuessed(t *testing.T) {
	t.Parallel()
	if _, ok := Lookup("IFTSAI", "D", "99B"); ok {
		t.Error("IFTSAI D.99B has a layout that nobody checked")
	}
	if _, ok := Lookup("COHAOR", "D", "01A"); ok {
		t.Error("the layout of another edition stands in")
	}
	m, _ := Lookup("COHAOR", "D", "00B")
	if _, ok := m.Segment("CNI"); ok {
		t.Error("COHAOR answers for a segment that it does not have")
	}
	if _, ok := Service("UNB", "9"); ok {
		t.Error("syntax version 9 has a UNB")
	}
}

func TestFaultyTablesAreRefused(t *testing.T) {
	t.Parallel()
	sound := map[string]string{
		"elements.csv":   "e,i,f,b\nX.1,1001,an..3,confirmed\nX.1,6066,n..18,confirmed\n3,0062,an..14,confirmed\n",
		"composites.csv": "e,i,c,b\nX.1,C002,1001! 6066*2,confirmed\n",
		"segments.csv":   "e,i,c,b\nX.1,BGM,C002 1001,confirmed\n3,UNH,0062!,confirmed\n3,UNT,0062!,confirmed\n",
		"messages.csv":   "e,m,g,s,n,c,b\nX.1,TEST,,M,1,UNH! SG1 UNT!,confirmed\nX.1,TEST,1,C,9,BGM! ,secondary\n",
	}
	for _, row := range []struct{ name, file, old, fresh string }{
		{"format", "elements.csv", "an..3", "an.3"},
		{"certainty", "elements.csv", "n..18,confirmed", "n..18,perhaps"},
		{"element twice", "elements.csv", "X.1,6066", "X.1,1001"},
		{"element missing", "composites.csv", "6066*2", "6067*2"},
		{"item", "composites.csv", "6066*2", "6066?2"},
		{"composite missing", "segments.csv", "C002", "C003"},
		{"segment missing", "messages.csv", "BGM!", "BGX!"},
		{"group missing", "messages.csv", "SG1", "SG1 SG2"},
		{"group nowhere", "messages.csv", " SG1", ""},
		{"group twice", "messages.csv", "SG1", "SG1 SG1"},
		{"group first", "messages.csv", "9,BGM!", "9,SG1 BGM!"},
		{"status", "messages.csv", "1,C,9", "1,X,9"},
		{"times", "messages.csv", "1,C,9", "1,C,0"},
		{"group number", "messages.csv", "TEST,1", "TEST,one"},
		{"columns", "messages.csv", "e,m,g", "e,m"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			read := func(name string) ([]byte, error) {
				text := sound[name]
				if name == row.file {
					text = strings.Replace(text, row.old, row.fresh, 1)
				}
				return []byte(text), nil
			}
			if _, err := load(func(name string) ([]byte, error) { return []byte(sound[name]), nil }); err != nil {
				t.Fatalf("the sound tables: %v", err)
			}
			if _, err := load(read); err == nil {
				t.Error("no error")
			} else if !strings.Contains(err.Error(), row.file) {
				t.Errorf("%v does not name %s", err, row.file)
			}
		})
	}
}

package edifact

// Group is one instance of a segment group: the segments that stand in it
// directly, the trigger first, and the groups inside.
type Group struct {
	Number   int // 0: the message itself
	Segments []Segment
	Groups   []*Group
}

// Tree is the message by its groups. Without a layout everything stands at the top.
func (m *Message) Tree() *Group {
	root := &Group{}
	path := []*Group{root}
	for _, s := range m.Segments {
		depth := min(s.Depth(), len(path))
		if s.opens {
			depth = max(1, min(depth, len(path)))
			g := &Group{Number: s.Group()}
			path = append(path[:depth], g)
			path[depth-1].Groups = append(path[depth-1].Groups, g)
		} else {
			path = path[:min(depth+1, len(path))]
		}
		top := path[len(path)-1]
		top.Segments = append(top.Segments, s)
	}
	return root
}

// First is the first segment of the group itself with a tag and, when given,
// with a qualifier as its first value; nil without one.
func (g *Group) First(tag string, qualifiers ...string) *Segment {
	for i := range g.Segments {
		if s := &g.Segments[i]; s.Tag() == tag && qualified(s, qualifiers) {
			return s
		}
	}
	return nil
}

func qualified(s *Segment, qualifiers []string) bool {
	if len(qualifiers) == 0 {
		return true
	}
	for _, q := range qualifiers {
		if s.Value(1, 1) == q {
			return true
		}
	}
	return false
}

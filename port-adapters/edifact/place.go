package edifact

import (
	"strconv"

	"kouan/port-adapters/edifact/directory"
)

// placer walks through the layout of a message while segments come (reading
// rule 10): greedily, from where it stands; the trigger of a group opens a new
// instance of it.
type placer struct {
	layout *directory.Message
	frames []frame
	last   map[string]int // last number of each tag in the message; made when needed
}

// frame is the message, or one instance of a group.
type frame struct {
	group int
	nodes []directory.Node
	at    int // node that matched last
	count int // how often
}

func newPlacer(layout *directory.Message) *placer {
	return &placer{layout: layout, frames: append(make([]frame, 0, 8), frame{nodes: layout.Nodes})}
}

// trigger is the tag that a node begins with.
func trigger(n *directory.Node) string {
	if n.Group != 0 && len(n.Nodes) > 0 {
		return n.Nodes[0].Tag
	}
	return n.Tag
}

// find is the node, from where the frame stands, that takes a tag; over is one
// that would if it were allowed once more. Both -1 without.
func (f *frame) find(tag string) (at, over int) {
	over = -1
	for k := f.at; k < len(f.nodes); k++ {
		if trigger(&f.nodes[k]) != tag {
			continue
		}
		if k == f.at && f.count >= f.nodes[k].Max {
			over = k
			continue
		}
		return k, over
	}
	return -1, over
}

// put finds the place of a segment and tells the segment.
func (c *checker) put(seg *Segment) {
	p, tag := c.place, seg.Tag()
	if service := tag == "UNH" || tag == "UNT"; service && !p.names(tag) {
		return
	}
	depth, node := -1, -1
	overDepth, over := -1, -1
	for d := len(p.frames) - 1; d >= 0 && depth < 0; d-- {
		k, o := p.frames[d].find(tag)
		if k >= 0 {
			depth, node = d, k
		} else if o >= 0 && over < 0 {
			overDepth, over = d, o
		}
	}
	if depth < 0 && over >= 0 {
		depth, node = overDepth, over
		n := &p.frames[depth].nodes[node]
		if n.Group != 0 {
			c.say(seg, 0, 0, 0, CodeGroupTwice, "limit", strconv.Itoa(n.Max), "group", strconv.Itoa(n.Group))
		} else {
			c.say(seg, 0, 0, 0, CodeSegmentTwice, "limit", strconv.Itoa(n.Max))
		}
	}
	if depth < 0 {
		c.misplaced(seg, tag)
		return
	}
	c.skip(seg, depth, node)
	p.frames = p.frames[:depth+1]
	f := &p.frames[depth]
	if f.at != node {
		f.at, f.count = node, 0
	}
	f.count++
	if n := &f.nodes[node]; n.Group != 0 {
		p.frames = append(p.frames, frame{group: n.Group, nodes: n.Nodes, count: 1})
		seg.opens = true
	}
	c.tell(seg)
}

// tell notes on the segment where it stands.
func (c *checker) tell(seg *Segment) {
	top := len(c.place.frames) - 1
	seg.group, seg.depth = int16(c.place.frames[top].group), int8(top)
}

// misplaced is a segment that nothing takes from here on: unknown to the
// message, or at the wrong place.
func (c *checker) misplaced(seg *Segment, tag string) {
	c.tell(seg)
	if _, known := c.place.layout.Segment(tag); known {
		c.say(seg, 0, 0, 0, CodePosition, "expected", c.place.next())
		return
	}
	c.say(seg, 0, 0, 0, CodeUnknownSegment, "type", c.m.Type, "version", c.m.Edition())
}

// next is what the layout would take here: the rest of the innermost frame up
// to what must come.
func (p *placer) next() string {
	f := &p.frames[len(p.frames)-1]
	list := ""
	for k := f.at; k < len(f.nodes) && len(list) < 40; k++ {
		if k == f.at && f.count >= f.nodes[k].Max {
			continue
		}
		if list != "" {
			list += ", "
		}
		list += trigger(&f.nodes[k])
		if f.nodes[k].Mandatory && k > f.at {
			break
		}
	}
	if list == "" {
		return "UNT"
	}
	return list
}

// skip tells what must stand between where the placer is and the node that a
// segment goes to. When it comes later the order is wrong; else it is missing.
func (c *checker) skip(seg *Segment, depth, node int) {
	p := c.place
	for d := len(p.frames) - 1; d >= depth; d-- {
		f := &p.frames[d]
		end := len(f.nodes)
		if d == depth {
			end = node
		}
		for k := f.at; k < end; k++ {
			n := &f.nodes[k]
			if !n.Mandatory || k == f.at && f.count > 0 {
				continue
			}
			tag := trigger(n)
			if c.later(tag) > seg.Number() {
				c.say(seg, 0, 0, 0, CodePosition, "expected", tag)
				continue
			}
			expected := tag
			if n.Group != 0 {
				expected = tag + " (SG" + strconv.Itoa(n.Group) + ")"
			}
			c.say(seg, 0, 0, 0, CodeMissing, "expected", expected)
		}
	}
}

// later is the last place of a tag in the message.
func (c *checker) later(tag string) int {
	p := c.place
	if p.last == nil {
		p.last = map[string]int{}
		for i := range c.m.Segments {
			p.last[c.m.Segments[i].Tag()] = i + 1
		}
	}
	return p.last[tag]
}

// names reports a tag at the top of the layout.
func (p *placer) names(tag string) bool {
	for i := range p.layout.Nodes {
		if p.layout.Nodes[i].Tag == tag {
			return true
		}
	}
	return false
}

// finish is the end of the message: what must still come is missing.
func (c *checker) finish() {
	p := c.place
	last := &c.m.Segments[len(c.m.Segments)-1]
	if p.names("UNT") && last.Tag() == "UNT" {
		return // its place told
	}
	if last.Tag() != "UNT" {
		return // the message was cut off: that was told
	}
	c.skip(last, 0, len(p.layout.Nodes))
}

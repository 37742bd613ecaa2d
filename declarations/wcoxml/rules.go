package wcoxml

import (
	"slices"
	"sync"

	"kouan/declarations"
)

// ruleSet is every rule of the map, in the order in which they are applied.
type ruleSet struct {
	direction  block[declaration] // first: the others depend on it
	head       []block[declaration]
	fields     []field[declaration]
	item       []block[declarations.Item]
	itemFields []field[declarations.Item]
	whole      []block[declaration] // over the lines, once they stand
	handled    map[string]bool      // canonical fields that a rule answers for, relative to their owner
	left       map[declarations.Direction]*leftFields
}

var rules = sync.OnceValue(func() *ruleSet {
	blocks := headBlocks()
	s := &ruleSet{
		direction: blocks[0], head: blocks[1:], fields: headFields(), item: itemBlocks(), itemFields: itemFields(),
		whole:   []block[declaration]{containerBlock(), packagingBlock(), documentBlock()},
		handled: map[string]bool{},
	}
	for _, list := range [][]block[declaration]{blocks, s.whole} {
		for i := range list {
			s.handle("", list[i].names...)
		}
	}
	for i := range s.fields {
		s.handle("", s.fields[i].name)
	}
	s.handle("", "signature.value")
	for i := range s.item {
		s.handle("items[].", s.item[i].names...)
	}
	for i := range s.itemFields {
		s.handle("items[].", s.itemFields[i].name)
	}
	s.left = map[declarations.Direction]*leftFields{
		declarations.Import: s.leftOn(declarations.Import), declarations.Export: s.leftOn(declarations.Export),
	}
	return s
})

func (s *ruleSet) handle(prefix string, names ...string) {
	for _, name := range names {
		s.handled[prefix+name] = true
	}
}

// read takes everything out of a message that has a canonical field.
func (r *reader) read(e *element) declaration {
	s := rules()
	var d declaration
	s.readHead(r, e, &d)
	lines := items(e)
	if len(lines) > 0 {
		d.Items = make([]declarations.Item, len(lines))
	}
	for i, item := range lines {
		s.readItem(r, item, &d.Items[i])
	}
	for i := range s.whole {
		s.whole[i].read(r, e, &d)
	}
	return d
}

// readHead reads what does not depend on the lines. The direction comes first,
// because the places of others depend on it.
func (s *ruleSet) readHead(r *reader, e *element, d *declaration) {
	s.direction.read(r, e, d)
	r.dir = d.Header.TradeDirection
	for i := range s.head {
		s.head[i].read(r, e, d)
	}
	for i := range s.fields {
		s.fields[i].read(r, e, d)
	}
}

func (s *ruleSet) readItem(r *reader, item *element, it *declarations.Item) {
	for i := range s.itemFields {
		s.itemFields[i].read(r, item, it)
	}
	for i := range s.item {
		s.item[i].read(r, item, it)
	}
}

// compose puts a declaration into a message: its extensions first, then the
// canonical fields, which win where both say something.
func (w *writer) compose(d *declaration) *element {
	s := rules()
	if w.arena == nil {
		w.arena = new(arena)
	}
	root := w.arena.new(Root(), 1)
	w.dir, w.item = d.Header.TradeDirection, -1
	w.load(root, d.Extensions, "extensions")
	lines := make([]*element, len(d.Items))
	if len(d.Items) > 0 {
		goods := root.make(itemNode().Parent, 1)
		for i := range d.Items {
			lines[i] = goods.make(itemNode(), i+1)
			w.item = i
			w.load(lines[i], d.Items[i].Extensions, "extensions")
		}
	}
	w.item, w.bare = -1, len(d.Extensions) == 0
	w.plain = w.bare && !slices.ContainsFunc(d.Items, func(it declarations.Item) bool { return len(it.Extensions) > 0 })
	s.direction.write(w, root, d)
	for i := range s.head {
		s.head[i].write(w, root, d)
	}
	for i := range s.fields {
		s.fields[i].write(w, root, d)
	}
	for i := range d.Items {
		w.item, w.bare = i, len(d.Items[i].Extensions) == 0
		for k := range s.itemFields {
			s.itemFields[k].write(w, lines[i], &d.Items[i])
		}
		for k := range s.item {
			s.item[k].write(w, lines[i], &d.Items[i])
		}
	}
	w.item, w.bare = -1, false
	for i := range s.whole {
		s.whole[i].write(w, root, d)
	}
	derive(w, root, d)
	if !w.plain { // only an extension says that something is absent
		root.prune()
	}
	return root
}

// prune drops what the message read did not have, and the classes that only
// held such.
func (e *element) prune() {
	kept := e.children[:0]
	for _, c := range e.children {
		had := len(c.children)
		c.prune()
		if c.absent || had > 0 && len(c.children) == 0 && !c.empty {
			continue
		}
		kept = append(kept, c)
	}
	e.children = kept
}

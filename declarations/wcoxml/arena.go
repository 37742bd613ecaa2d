package wcoxml

import (
	"sync"

	"kouan/declarations/strictxml"
)

// arena cuts the elements of one message, their lists and their attributes
// from larger pieces.
type arena struct {
	elements slab[element]
	lists    slab[*element]
	attrs    slab[strictxml.Attr]
}

// room is for how many children an element is made: as many as its class
// knows, up to what a line usually has.
func room(n *Node) int { return min(len(n.Children), 8) }

func (a *arena) new(n *Node, nth int) *element {
	e := &a.elements.cut(1)[0]
	e.node, e.nth, e.from = n, nth, a
	if n.IsClass() {
		e.children = a.lists.cut(room(n))[:0]
	}
	return e
}

// keep copies attributes to where they live as long as their element.
func (a *arena) keep(attrs []strictxml.Attr) []strictxml.Attr {
	if len(attrs) == 0 {
		return nil
	}
	own := a.attrs.cut(len(attrs))
	copy(own, attrs)
	return own
}

// arenas are those whose message is written or compared already.
var arenas = sync.Pool{New: func() any { return new(arena) }}

// mostPooled elements of an arena are kept for the next message; a message of
// a thousand lines gives its memory back.
const mostPooled = 4096

// borrow gives an arena for a message that nobody keeps: once it is given
// back, its elements are those of another message.
func borrow() *arena { return arenas.Get().(*arena) } //nolint:forcetypeassert // nothing else is put there

func (a *arena) giveBack() {
	if a.elements.size() > mostPooled {
		return
	}
	a.elements.reset()
	a.lists.reset()
	a.attrs.reset()
	arenas.Put(a)
}

// slab cuts zeroed runs of a type from pieces that double in size.
type slab[T any] struct {
	free   []T // of the piece at hand
	pieces [][]T
	next   int // piece to take when the one at hand is used up
}

// Sizes of a piece.
const (
	smallestPiece = 64
	largestPiece  = 512
)

// cut gives n zero values that nobody else has.
func (s *slab[T]) cut(n int) []T {
	if len(s.free) < n {
		s.more(n)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

func (s *slab[T]) more(n int) {
	for s.next < len(s.pieces) {
		s.free = s.pieces[s.next]
		if s.next++; len(s.free) >= n {
			return
		}
	}
	size := smallestPiece
	if last := len(s.pieces) - 1; last >= 0 {
		size = min(largestPiece, 2*len(s.pieces[last]))
	}
	s.free = make([]T, max(n, size))
	s.pieces = append(s.pieces, s.free)
	s.next = len(s.pieces)
}

// expect makes the first piece as large as what will be cut in all.
func (s *slab[T]) expect(n int) {
	s.pieces = append(s.pieces, make([]T, n))
}

func (s *slab[T]) size() (n int) {
	for _, p := range s.pieces {
		n += len(p)
	}
	return n
}

// reset takes everything back that was cut.
func (s *slab[T]) reset() {
	for i, p := range s.pieces[:s.next] {
		if i == s.next-1 {
			p = p[:len(p)-len(s.free)]
		}
		clear(p)
	}
	s.free, s.next = nil, 0
}

package web

import (
	lru "container/list"
	"context"
	"sync"
)

// What the memory of public answers may hold, in bytes. Addresses with a query
// have a part of their own: who makes up queries pushes out other queries, and
// never a page.
const (
	cachedPages   = 48 << 20
	cachedQueries = 16 << 20
	// perPlace is what an answer takes beside its bytes, roughly.
	perPlace = 1 << 10
)

// publication is what public answers are made from. When an edition was
// published, withdrawn or has come into force, and on another day at the port,
// all of them are made anew.
type publication struct {
	editions uint64 // desk.FeeGeneration
	day      int64  // at the port, counted from 1970-01-01
}

// publication is the one of now.
func (s *server) publication(ctx context.Context) (publication, error) {
	editions, err := s.Desk.FeeGeneration(ctx)
	if err != nil {
		return publication{}, err
	}
	now := s.Clock()
	_, east := now.In(port).Zone()
	return publication{editions, (now.Unix() + int64(east)) / (24 * 60 * 60)}, nil
}

// cache keeps the answers of one publication.
type cache struct {
	mu      sync.Mutex
	of      publication
	pages   shelf
	queries shelf
}

func newCache(pages, queries int) *cache {
	return &cache{pages: newShelf(pages), queries: newShelf(queries)}
}

// shelf holds answers up to a limit; what was not asked for the longest leaves first.
type shelf struct {
	limit, size int
	at          map[string]*lru.Element
	order       *lru.List // of *place, latest asked first
}

func newShelf(limit int) shelf {
	return shelf{limit: limit, at: map[string]*lru.Element{}, order: lru.New()}
}

// place is where an answer stands. made is closed when the first asker is
// done; answer is nil when that failed.
type place struct {
	key    string
	made   chan struct{}
	answer *answer
	size   int
}

// find is the place of an address. first: it is empty, and the caller must
// fill it, whatever happens.
func (c *cache) find(of publication, key string, query bool) (e *place, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of != of {
		c.of, c.pages, c.queries = of, newShelf(c.pages.limit), newShelf(c.queries.limit)
	}
	sh := c.shelf(query)
	if at := sh.at[key]; at != nil {
		sh.order.MoveToFront(at)
		return at.Value.(*place), false
	}
	e = &place{key: key, made: make(chan struct{})}
	sh.at[key] = sh.order.PushFront(e)
	return e, true
}

// has is an answer that is there, and what it was made from.
func (c *cache) has(key string, query bool) (*answer, publication) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sh := c.shelf(query)
	at := sh.at[key]
	if at == nil {
		return nil, c.of
	}
	sh.order.MoveToFront(at)
	return at.Value.(*place).answer, c.of
}

func (c *cache) shelf(query bool) *shelf {
	if query {
		return &c.queries
	}
	return &c.pages
}

// fill puts an answer into its place, or gives the place up: nil. An answer of
// a publication that is over goes to those who wait for it, and is not kept.
func (c *cache) fill(e *place, query bool, a *answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.answer = a
	close(e.made)
	sh := c.shelf(query)
	at := sh.at[e.key]
	if at == nil || at.Value != e {
		return
	}
	if a == nil {
		sh.drop(at)
		return
	}
	e.size = perPlace + len(e.key) + len(a.plain.body) + len(a.packed.body)
	sh.size += e.size
	for sh.size > sh.limit && sh.order.Len() > 0 {
		sh.drop(sh.order.Back())
	}
}

func (sh *shelf) drop(at *lru.Element) {
	e := sh.order.Remove(at).(*place)
	delete(sh.at, e.key)
	sh.size -= e.size
}

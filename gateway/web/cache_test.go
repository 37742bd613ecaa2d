package web

import (
	"fmt"
	"strings"
	"testing"
)

// kept puts an answer of some bytes into the cache.
func (c *cache) kept(of publication, key string, query bool, size int) {
	if p, first := c.find(of, key, query); first {
		c.fill(p, query, &answer{plain: form{body: make([]byte, size)}})
	}
}

func (c *cache) keeps(of publication, key string, query bool) bool {
	p, first := c.find(of, key, query)
	if first {
		c.fill(p, query, nil)
	}
	return !first
}

func TestWhatWasNotAskedForTheLongestLeavesFirst(t *testing.T) {
	t.Parallel()
	of := publication{editions: 1}
	c := newCache(4*(perPlace+1001), 4*(perPlace+1001))
	for _, key := range []string{"a", "b", "c", "d"} {
		c.kept(of, key, false, 1000)
	}
	if !c.keeps(of, "a", false) { // and now asked for
		t.Fatal("a has left though there is room")
	}
	c.kept(of, "e", false, 1000)
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true, "e": true} {
		if got := c.keeps(of, key, false); got != want {
			t.Errorf("%s is kept: %t, want %t", key, got, want)
		}
	}
	c.kept(of, "huge", false, 1<<20)
	if c.keeps(of, "huge", false) || c.pages.size != 0 || len(c.pages.at) != 0 {
		t.Errorf("an answer above the limit is kept: %d bytes, %d places", c.pages.size, len(c.pages.at))
	}
}

func TestQueriesPushOutNoPage(t *testing.T) {
	t.Parallel()
	of := publication{editions: 1}
	c := newCache(1<<20, 64<<10)
	c.kept(of, "/en/fees", false, 1000)
	for i := range 1000 {
		c.kept(of, fmt.Sprintf("/en/fees?q=%d", i), true, 1000)
	}
	if !c.keeps(of, "/en/fees", false) {
		t.Error("made-up queries pushed out a page")
	}
	if c.queries.size > 64<<10 || len(c.queries.at) != c.queries.order.Len() {
		t.Errorf("queries take %d bytes in %d and %d places", c.queries.size, len(c.queries.at), c.queries.order.Len())
	}
}

func TestAnotherPublicationEmptiesTheCache(t *testing.T) {
	t.Parallel()
	first := publication{1, 26}
	for name, next := range map[string]publication{"edition": {2, 26}, "day": {1, 27}} {
		c := newCache(1<<20, 1<<20)
		c.kept(first, "/en/", false, 10)
		late, _ := c.find(first, "/en/slow", false)
		if c.keeps(next, "/en/", false) {
			t.Errorf("another %s: the old page is answered", name)
		}
		now, isFirst := c.find(next, "/en/slow", false)
		c.fill(late, false, &answer{}) // made from the old one, ready too late
		if !isFirst || c.pages.size != 0 || now.answer != nil || !c.keeps(next, "/en/slow", false) {
			t.Errorf("another %s: a page that was made from the old one is kept", name)
		}
		if late.answer == nil {
			t.Errorf("another %s: who waited for the old page gets none", name)
		}
	}
}

func TestAPlaceThatWasNotFilledIsFree(t *testing.T) {
	t.Parallel()
	of := publication{}
	c := newCache(1<<20, 1<<20)
	p, _ := c.find(of, "/en/", false)
	c.fill(p, false, nil)
	if _, first := c.find(of, "/en/", false); !first || c.pages.size != 0 {
		t.Error("nobody makes a page that failed once")
	}
}

func TestAcceptEncoding(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{"gzip": true, "GZIP": true, "deflate, gzip;q=0.5": true, "x-gzip": true, "gzip;q=0": false, "gzip; q=0.000": false,
		"br, zstd": false, "": false, "identity": false, "gzip;q=0.001": true, "notgzip": false} {
		if got := takesGzip([]string{accept}); got != want {
			t.Errorf("%q takes gzip: %t, want %t", accept, got, want)
		}
	}
	for none, want := range map[string]bool{`"a"`: true, `W/"a"`: true, `"b", "a"`: true, "*": true, `"ab"`: false, "a": false, "": false, `"a-gzip"`: false} {
		if got := matches([]string{none}, `"a"`); got != want {
			t.Errorf("If-None-Match %q matches: %t, want %t", none, got, want)
		}
	}
}

func FuzzConditions(f *testing.F) {
	f.Add("gzip;q=0, *", `W/"a", *`)
	f.Fuzz(func(t *testing.T, accept, none string) {
		if takesGzip([]string{accept}) && !strings.Contains(strings.ToLower(accept), "gzip") {
			t.Errorf("%q does not name gzip", accept)
		}
		if matches([]string{none}, `"tag"`) && !strings.Contains(none, `"tag"`) && !strings.Contains(none, "*") {
			t.Errorf("%q does not name the tag", none)
		}
	})
}

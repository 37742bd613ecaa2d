package web

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// budget is what the first page may weigh with everything (pages.md section 10).
const budget = 60 << 10

func packed(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func TestPagesKeepTheirWeight(t *testing.T) {
	t.Parallel()
	b := setup(t)
	style := packed(t, styleCSS)
	number := ""
	for i := range 40 {
		number = b.order(t, containerOf(i))
	}
	w := b.browser(t, "terminal")
	paths := []string{"/ru/sign-in", "/ru/notices", "/zh-Hans/notices/" + number}
	for _, path := range feePaths(t, b) {
		paths = append(paths, "/zh-Hans"+path, "/ru"+path)
	}
	for _, path := range paths {
		page := w.get(t, path).Body.String()
		size := packed(t, []byte(page)) + style
		t.Logf("%s: %d bytes, packed with its style sheet %d", path, len(page), size)
		if size > budget {
			t.Errorf("%s weighs %d bytes, the budget is %d", path, size, budget)
		}
	}
}

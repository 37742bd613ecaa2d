package web

import "testing"

// BenchmarkList renders the list of a terminal with a hundred open notices.
func BenchmarkList(b *testing.B) {
	w := setup(b)
	for i := range 100 {
		w.order(b, containerOf(i))
	}
	term := w.browser(b, "terminal")
	b.ReportAllocs()
	for b.Loop() {
		term.page(b, "/zh-Hans/notices")
	}
}

// BenchmarkNotice renders one notice.
func BenchmarkNotice(b *testing.B) {
	w := setup(b)
	number := w.order(b, box1, box2)
	term := w.browser(b, "terminal")
	b.ReportAllocs()
	for b.Loop() {
		term.page(b, "/zh-Hans/notices/"+number)
	}
}

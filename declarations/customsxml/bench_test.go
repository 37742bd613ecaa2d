package customsxml

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

// twentyLines is the message that is measured: valid-01 with 20 lines, of
// which the elements that have a value are written.
func twentyLines(t testing.TB) *declarations.Declaration {
	t.Helper()
	data, err := os.ReadFile("testdata/valid-01-import-one-line.xml")
	if err != nil {
		t.Fatal(err)
	}
	doc, faults := Parse(data)
	if faults != nil {
		t.Fatal(faults)
	}
	d := &doc.Declaration
	for range 19 {
		d.Items = append(d.Items, d.Items[0])
	}
	return d
}

// The floor does the same work, or measuring against it means nothing.
func TestTheFloorDoesTheSame(t *testing.T) {
	t.Parallel()
	d := twentyLines(t)
	data := Write(d, Options{})
	if diff := cmp.Diff(string(data), string(floorWrite(d))); diff != "" {
		t.Errorf("written (-ours +floor):\n%s", diff)
	}
	doc, _ := Parse(data)
	if diff := cmp.Diff(doc.Declaration, floorParse(data)); diff != "" {
		t.Errorf("read (-ours +floor):\n%s", diff)
	}
}

func BenchmarkWrite(b *testing.B) {
	d := twentyLines(b)
	b.SetBytes(int64(len(Write(d, Options{}))))
	b.ReportAllocs()
	for b.Loop() {
		Write(d, Options{})
	}
	reportRatio(b, func() { Write(d, Options{}) }, func() { floorWrite(d) })
}

func BenchmarkParse(b *testing.B) {
	data := Write(twentyLines(b), Options{})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, faults := Parse(data); faults != nil {
			b.Fatal(faults)
		}
	}
	reportRatio(b, func() { Parse(data) }, func() { floorParse(data) })
}

// The same message as the import client writes it: every element, most of them empty.
func BenchmarkParseEmptyElements(b *testing.B) {
	data := bytes.Clone(Write(twentyLines(b), Options{EmptyElements: true}))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, faults := Parse(data); faults != nil {
			b.Fatal(faults)
		}
	}
}

func BenchmarkFloorWrite(b *testing.B) {
	d := twentyLines(b)
	b.ReportAllocs()
	for b.Loop() {
		floorWrite(d)
	}
}

func BenchmarkFloorParse(b *testing.B) {
	data := Write(twentyLines(b), Options{})
	b.ReportAllocs()
	for b.Loop() {
		floorParse(data)
	}
}

// reportRatio measures the code and its floor in turn and reports how many times
// slower the code is. The best of many short rounds is what the machine does
// when nobody else is on it.
func reportRatio(b *testing.B, ours, floor func()) {
	b.Helper()
	best := func(f func(), so time.Duration) time.Duration {
		begin := time.Now()
		for range 20 {
			f()
		}
		return min(so, time.Since(begin))
	}
	const long = time.Hour
	code, base := long, long
	for range 50 {
		code, base = best(ours, code), best(floor, base)
	}
	b.ReportMetric(float64(code)/float64(base), "x-floor")
}

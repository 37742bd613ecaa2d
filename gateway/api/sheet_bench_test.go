package api

import (
	"fmt"
	"net/http"
	"testing"
)

// BenchmarkUpload is a table from the request to the commit of its last row.
func BenchmarkUpload(b *testing.B) {
	const rows = 1_000
	g := setup(b)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		b.StopTimer()
		references := make([]string, rows)
		for i := range references {
			references[i] = fmt.Sprintf("B%03d%06d", n, i)
		}
		n++
		body := table(b, references, nil)
		b.StartTimer()
		u := read[Upload](b, g.ask(b, "alice", http.MethodPost, all, body, "Content-Type", typeCSV), http.StatusOK)
		if u.Accepted != rows {
			b.Fatalf("%d accepted, %+v", u.Accepted, u.Results[0])
		}
	}
	b.ReportMetric(float64(n*rows)/b.Elapsed().Seconds(), "rows/s")
}

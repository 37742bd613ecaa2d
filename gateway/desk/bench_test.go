package desk_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"kouan/declarations/intake"
	"kouan/integration-tests/program"
)

// BenchmarkSubmit is the accept path without HTTP: read, check, write the
// message, commit, with as many callers at once as a busy gateway has.
func BenchmarkSubmit(b *testing.B) {
	for _, row := range []struct {
		name     string
		format   intake.Format
		document func(string) []byte
	}{{"json", intake.JSON, program.JSONDocument}, {"xml", intake.XML, program.XMLDocument}} {
		b.Run(row.name, func(b *testing.B) {
			d := setup(b)
			var n atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(32)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					ref := fmt.Sprintf("BN%09d", n.Add(1))
					s := submission(row.document(ref), ref)
					s.Format = row.format
					if _, err := d.Submit(b.Context(), d.alice, s); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}

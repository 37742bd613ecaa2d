package edifact

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// report is a discharge report of n segments, as a terminal sends it.
func report(segments int) []byte {
	var b strings.Builder
	b.WriteString("UNB+UNOA:2+CNDLCT01+CNDLCSW+261124:2142+T2611241'\nUNH+AR0001+COARRI:D:00B:UN:SMDG20'\nBGM+44+ARR612W-0118+9'\nDTM+137:202611242142:203'\nTDT+20+612W+1++QZL:172:20+++9990014:146:11:QIZHONG STAR'\nLOC+11+CNDLC:139:6+CNDLCT01:TER:ZZZ'\nDTM+178:202611241822:203'\nNAD+CF+QZL:160:20'\nNAD+MS+CNDLCT01:160:ZZZ'\n")
	n, boxes := 8, 0
	for n+10+2 < segments {
		b.WriteString("EQD+CN+QZZU4001741:6346:5+45R1:6346:5++3+5'\nRFF+BM:QZLDLC26110107'\nRFF+BN:BN26DLC00871'\nDTM+203:202611242139:203'\nLOC+147+0180482::5'\nLOC+11+CNDLC:139:6'\nMEA+AAE+G+KGM:24180'\nTMP+2+-18.0:CEL'\nSEL+QZ778812+CA'\nTDT+30++3+31++++LB00017:146:ZZZ:LIAO B-00017'\n")
		n += 10
		boxes++
	}
	fmt.Fprintf(&b, "CNT+16:%d'\nUNT+%d+AR0001'\nUNZ+1+T2611241'\n", boxes, n+2)
	return []byte(b.String())
}

// floor is what a program does that looks at every octet once and judges
// nothing: it counts the terminators.
func floor(data []byte) int {
	n := 0
	for _, c := range data {
		if c == '\'' {
			n++
		}
	}
	return n
}

// BenchmarkParse parses reports of two sizes, so that more than linear time
// would show, and says how many floors of the same run it takes.
func BenchmarkParse(b *testing.B) {
	for _, segments := range []int{10_000, 100_000} {
		data := report(segments)
		for _, strict := range []bool{false, true} {
			b.Run(fmt.Sprintf("segments=%d/strict=%v", segments, strict), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				var floors time.Duration
				for b.Loop() {
					if ic := Parse(data, Options{Strict: strict})[0]; ic.Verdict() != Accept || ic.Content() == Reject {
						b.Fatalf("%s %s", ic.Verdict(), ic.Content())
					}
					b.StopTimer()
					from := time.Now()
					if floor(data) == 0 {
						b.Fatal("no segments")
					}
					floors += time.Since(from)
					b.StartTimer()
				}
				b.ReportMetric(float64(b.Elapsed())/float64(floors), "floors")
			})
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	data := report(100_000)
	ic := Parse(data, Options{})[0]
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, refused := ic.Encode("", false); refused != nil {
			b.Fatal(told(refused))
		}
	}
}

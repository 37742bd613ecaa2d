package strictxml

import (
	"fmt"
	"strings"
	"testing"
)

func BenchmarkRead(b *testing.B) {
	var doc strings.Builder
	doc.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DecMessage xmlns=\"http://www.chinaport.gov.cn/dec\">\n")
	for i := range 20 {
		doc.WriteString("    <DecList>\n")
		for j := range 25 {
			fmt.Fprintf(&doc, "      <Field%d>示例零件 %d</Field%d>\n", j, i*j, j)
		}
		doc.WriteString("    </DecList>\n")
	}
	doc.WriteString("</DecMessage>\n")
	data := []byte(doc.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, faults := Read(data, Limits{}); faults != nil {
			b.Fatal(faults)
		}
	}
}

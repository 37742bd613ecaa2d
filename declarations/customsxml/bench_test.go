package customsxml

import (
	"os"
	"testing"
)

func twentyLines(b *testing.B) Document {
	b.Helper()
	data, err := os.ReadFile("testdata/valid-01-import-one-line.xml")
	if err != nil {
		b.Fatal(err)
	}
	doc, faults := Parse(data)
	if faults != nil {
		b.Fatal(faults)
	}
	for range 19 {
		doc.Declaration.Items = append(doc.Declaration.Items, doc.Declaration.Items[0])
	}
	return doc
}

func BenchmarkWrite(b *testing.B) {
	doc := twentyLines(b)
	b.SetBytes(int64(len(Write(&doc.Declaration, Options{}))))
	b.ReportAllocs()
	for b.Loop() {
		Write(&doc.Declaration, Options{})
	}
}

func BenchmarkParse(b *testing.B) {
	doc := twentyLines(b)
	data := Write(&doc.Declaration, Options{})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, faults := Parse(data); faults != nil {
			b.Fatal(faults)
		}
	}
}

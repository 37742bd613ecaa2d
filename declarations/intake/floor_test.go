package intake

import (
	"bytes"
	"testing"
)

// floorJSON finds every text of a document with nothing but IndexByte and
// keeps it: no structure, no escapes, no fields.
func floorJSON(data []byte) (texts []string) {
	for {
		open := bytes.IndexByte(data, '"')
		if open < 0 {
			return texts
		}
		data = data[open+1:]
		shut := bytes.IndexByte(data, '"')
		if shut < 0 {
			return texts
		}
		texts = append(texts, string(data[:shut]))
		data = data[shut+1:]
	}
}

func BenchmarkJSONFloor(b *testing.B) {
	data, err := Marshal(twentyLines(b))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if len(floorJSON(data)) < 20 {
			b.Fatal("the floor finds no texts")
		}
	}
}

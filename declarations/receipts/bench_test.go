package receipts

import (
	"bytes"
	"os"
	"testing"

	"kouan/declarations/testfacts"
)

// published is a notification that the authority published.
func published(b *testing.B) []byte {
	b.Helper()
	data, err := os.ReadFile(testfacts.Path(b, "samples", "wco", "responses", "FC07__TT_EX039a__Example_Notifications__4__DMSRES_Function_Code_07.xml"))
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// floorRES finds every tag and text with nothing but IndexByte, and keeps the texts.
func floorRES(message []byte) (texts []string) {
	for {
		shut := bytes.IndexByte(message, '>')
		if shut < 0 {
			return texts
		}
		message = message[shut+1:]
		open := bytes.IndexByte(message, '<')
		if open < 0 {
			return texts
		}
		if text := bytes.TrimSpace(message[:open]); len(text) > 0 {
			texts = append(texts, string(text))
		}
		message = message[open:]
	}
}

func BenchmarkParseRES(b *testing.B) {
	data := published(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, faults := ParseAll(data, ""); len(faults) > 0 {
			b.Fatal(faults)
		}
	}
}

func BenchmarkParseRESFloor(b *testing.B) {
	data := published(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if len(floorRES(data)) == 0 {
			b.Fatal("the floor finds no texts")
		}
	}
}

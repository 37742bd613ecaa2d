package intake

import (
	"strconv"
	"testing"

	"kouan/declarations"
	"kouan/declarations/customsxml"
)

// twentyLines is the one-line sample with the line twenty times.
func twentyLines(b *testing.B) *declarations.Declaration {
	b.Helper()
	d := Read(samples(b, "valid-01*.xml")["valid-01-import-one-line.xml"], XML)[0].Declaration
	line := d.Items[0]
	d.Items = nil
	for i := range 20 {
		line.LineNumber = declarations.Decimal(strconv.Itoa(i + 1))
		d.Items = append(d.Items, line)
	}
	return &d
}

func BenchmarkReadJSON(b *testing.B) {
	data, err := Marshal(twentyLines(b))
	if err != nil {
		b.Fatal(err)
	}
	read(b, data, JSON)
}

func BenchmarkReadXML(b *testing.B) {
	read(b, customsxml.Write(twentyLines(b), customsxml.Options{}), XML)
}

func read(b *testing.B, data []byte, format Format) {
	b.Helper()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if row := Read(data, format)[0]; row.Faults != nil {
			b.Fatal(row.Faults)
		}
	}
}

func BenchmarkMarshal(b *testing.B) {
	d := twentyLines(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Marshal(d); err != nil {
			b.Fatal(err)
		}
	}
}

package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"testing"
)

// benchRows of a table: goods lines of the size of real ones, under 50 columns.
const benchRows = 1_000

func benchCSV(b *testing.B) []byte {
	b.Helper()
	workbook := benchXLSX(b)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for n, row := range Read(workbook, XLSX) {
		if n == 0 {
			if err := w.Write(row.Source.Header); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.WriteAll(row.Source.Lines); err != nil {
			b.Fatal(err)
		}
	}
	w.Flush()
	return out.Bytes()
}

func benchXLSX(b *testing.B) []byte {
	b.Helper()
	data, err := os.ReadFile(bigWorkbook(b, benchRows))
	if err != nil {
		b.Fatal(err)
	}
	return data
}

func benchTable(b *testing.B, data []byte, format Format) {
	b.Helper()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		for row, err := range Stream(bytes.NewReader(data), int64(len(data)), format, Options{}) {
			if err != nil || row.Faults != nil {
				b.Fatal(err, row.Faults)
			}
			rows += len(row.Declaration.Items)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkTableCSV(b *testing.B)  { benchTable(b, benchCSV(b), CSV) }
func BenchmarkTableXLSX(b *testing.B) { benchTable(b, benchXLSX(b), XLSX) }

// BenchmarkTableFloor is the floor: the same bytes through encoding/csv alone.
func BenchmarkTableFloor(b *testing.B) {
	data := benchCSV(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		in := csv.NewReader(bytes.NewReader(data))
		in.ReuseRecord = true
		for {
			_, err := in.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

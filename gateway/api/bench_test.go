package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"kouan/declarations"
)

// lines is the size of a realistic declaration; as JSON it has about 6 KB.
const lines = 20

func twentyLines(d *declarations.Declaration) {
	first := d.Items[0]
	d.Items = nil
	for i := range lines {
		item := first
		item.LineNumber = declarations.Decimal(strconv.Itoa(i + 1))
		d.Items = append(d.Items, item)
	}
	d.Header.TotalGrossWeightKg, d.Header.TotalNetWeightKg = "25000.5", "24000"
}

// discard is a writer that costs nothing.
type discard struct {
	h      http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// BenchmarkSubmit is one acceptance through everything: guard, intake, desk,
// group commit of SQLite.
func BenchmarkSubmit(b *testing.B) {
	s := setup(b)
	const mark = "BENCH00000000000001"
	body := jsonOf(b, mark, twentyLines)
	var n atomic.Int64
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	b.SetParallelism(32) // 64 clients on two cores
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mine := bytes.Replace(body, []byte(mark), fmt.Appendf(nil, "BENCH%014d", n.Add(1)), 1)
			w := &discard{h: http.Header{}}
			s.handler.ServeHTTP(w, s.request(all, mine))
			if w.status != http.StatusCreated {
				b.Fatalf("status %d", w.status)
			}
		}
	})
}

func (b *bundle) request(path string, body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+b.keys["alice"])
	r.Header.Set("Content-Type", typeJSON)
	return r
}

// BenchmarkGuard is what the surface itself adds: routing, headers, metrics,
// key, body, answer. The desk repeats an answer that it finds under a key.
func BenchmarkGuard(b *testing.B) {
	s := setup(b)
	body := jsonOf(b, "BENCH1", twentyLines)
	for _, withBody := range []bool{false, true} {
		b.Run(fmt.Sprintf("body=%v", withBody), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := &discard{h: http.Header{}}
				path, want := "/livez", http.StatusOK
				r := httptest.NewRequest(http.MethodGet, path, nil)
				if withBody {
					r, want = s.request(all+"?draft=maybe", body), http.StatusUnprocessableEntity
				}
				s.handler.ServeHTTP(w, r)
				if w.status != want {
					b.Fatalf("status %d, want %d", w.status, want)
				}
			}
		})
	}
}

// BenchmarkRawBody compares reading the body here with reading it through huma.
func BenchmarkRawBody(b *testing.B) {
	s := setup(b)
	body := jsonOf(b, "BENCH1", twentyLines)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /plain", func(w http.ResponseWriter, r *http.Request) {
		got, err := s.body(r)
		if err != nil || len(got) != len(body) {
			b.Errorf("read %d bytes: %v", len(got), err)
		}
		s.buffered.used.Store(0)
		s.write(w, r, http.StatusCreated, typeJSON, []byte("{}"))
	})
	type in struct{ RawBody []byte }
	type out struct {
		Status      int
		ContentType string `header:"Content-Type"`
		Body        []byte
	}
	huma.Register(humago.New(mux, huma.DefaultConfig("bench", "1")), huma.Operation{OperationID: "huma", Method: http.MethodPost, Path: "/huma"},
		func(_ context.Context, i *in) (*out, error) {
			return &out{Status: http.StatusCreated, ContentType: typeJSON, Body: []byte("{}")}, nil
		})
	for _, path := range []string{"/plain", "/huma"} {
		b.Run(path[1:], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := &discard{h: http.Header{}}
				r := s.request(path, body)
				r.Body = io.NopCloser(bytes.NewReader(body))
				mux.ServeHTTP(w, r)
				if w.status != http.StatusCreated {
					b.Fatalf("status %d", w.status)
				}
			}
		})
	}
}

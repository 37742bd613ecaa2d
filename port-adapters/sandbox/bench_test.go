package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/dxp"
)

func twentyLines() []byte {
	lines := strings.Repeat("<DecList>"+strings.Repeat("<CodeTS>8431390000</CodeTS><UseTo/>", 18)+"</DecList>", 20)
	return []byte(strings.Replace(string(decMessage("SBXREL0000000001", "I")), "</DecHead>", "</DecHead><DecLists>"+lines+"</DecLists>", 1))
}

// BenchmarkReceive is the cost of one delivery of a declaration with 20
// lines, about 14 KB, without the HTTP connection.
func BenchmarkReceive(b *testing.B) {
	document := twentyLines()
	for _, silent := range []bool{true, false} {
		b.Run(fmt.Sprintf("silent=%v", silent), func(b *testing.B) {
			c := &Customs{Silent: silent, Delay: time.Hour}
			handler := c.Handler(func(context.Context, Answer) error { return nil })
			b.ReportAllocs()
			b.SetBytes(int64(len(document)))
			for n := 0; b.Loop(); n++ {
				b.StopTimer()
				id := messageID(n)
				body, err := dxp.Write(dxp.Envelope{ID: id, CopMsgID: id, SenderID: "s", ReceiverIDs: []string{"r"}, CreatedAt: time.Unix(0, 0), MsgType: "DECMSG", Data: document})
				if err != nil {
					b.Fatal(err)
				}
				r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/dxp", bytes.NewReader(body))
				r.Header.Set("Content-Type", "application/xml")
				w := httptest.NewRecorder()
				b.StartTimer()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

// BenchmarkDeliver is the same over real connections, 64 at a time, client included.
func BenchmarkDeliver(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	s, err := Run(ctx, Config{Customs: &Customs{Silent: true}})
	if err != nil {
		b.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	client := &http.Client{Transport: transport}
	bodies := make([][]byte, 256)
	for n := range bodies {
		id := messageID(n)
		if bodies[n], err = dxp.Write(dxp.Envelope{ID: id, CopMsgID: id, SenderID: "s", ReceiverIDs: []string{"r"}, CreatedAt: time.Unix(0, 0), MsgType: "DECMSG", Data: twentyLines()}); err != nil {
			b.Fatal(err)
		}
	}
	var next atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := client.Post(s.URL, dxp.ContentType, bytes.NewReader(bodies[next.Add(1)%int64(len(bodies))]))
			if err != nil || resp.StatusCode != http.StatusOK {
				b.Error(resp, err)
				return
			}
			if err := resp.Body.Close(); err != nil {
				b.Error(err)
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
	transport.CloseIdleConnections()
	cancel()
	s.Wait()
}

// BenchmarkAdapter is a delivery with all that stands on both sides of the wire.
func BenchmarkAdapter(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	s, err := Run(ctx, Config{Customs: &Customs{Silent: true}})
	if err != nil {
		b.Fatal(err)
	}
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{s.Addr}})
	adapter := &dxp.Adapter{Client: portadapters.NewClient(portadapters.Options{Transport: transport}), URL: s.URL, SenderID: "s", ReceiverID: "r"}
	document := twentyLines()
	var next atomic.Int64
	b.SetParallelism(16)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id := messageID(int(next.Add(1)))
			if _, err := adapter.Deliver(ctx, portadapters.Message{ID: id, FileName: "I_" + id, Body: document}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
	transport.CloseIdleConnections()
	cancel()
	s.Wait()
}

package webhook

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-resty/resty/v2"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

// BenchmarkDeliver posts one message of 1 KB to a receiver on loopback that
// answers at once; bare is the floor: the same post by resty alone.
func BenchmarkDeliver(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			b.Error(err)
		}
	}))
	defer server.Close()
	m := adaptertest.Message(1)
	for len(m.Body) < 1024 {
		m.Body = append(m.Body, ' ')
	}
	m = adaptertest.Sealed(m)
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{server.Listener.Addr().String()}})
	defer transport.CloseIdleConnections()
	b.Run("webhook", func(b *testing.B) {
		a := &Adapter{URL: server.URL, Secrets: []Secret{{Key: key}}, Client: portadapters.NewClient(portadapters.Options{Transport: transport})}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := a.Deliver(b.Context(), m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		client := resty.New()
		defer client.GetClient().CloseIdleConnections()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.R().SetBody(m.Body).Post(server.URL); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSignAll is one signature, and two while secrets are rotated.
func BenchmarkSignAll(b *testing.B) {
	body := make([]byte, 1024)
	for name, secrets := range map[string][]Secret{"one": {{Key: key}}, "two": {{Key: key}, {Key: otherKey}}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				SignAll(secrets, "019b8a3f-0000-7000-8000-000000000001", noon, body)
			}
		})
	}
}

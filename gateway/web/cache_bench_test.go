package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

// The floor is net/http that serves the same bytes from memory in the same
// run. Both are asked over loopback by a driver that costs next to nothing: a
// request that is written as it is and an answer whose length is known.

// drive asks as fast as answers come, over some connections at once.
func drive(b *testing.B, h http.Handler, path, headers string, status int) {
	b.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: kouan.example\r\n" + headers + "\r\n")
	b.SetParallelism(4)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var d net.Dialer
		conn, err := d.DialContext(b.Context(), "tcp", srv.Listener.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		size, err := first(conn, request, status)
		if err != nil {
			b.Error(err)
			return
		}
		answer := make([]byte, size)
		for pb.Next() {
			if _, err := conn.Write(request); err != nil {
				b.Error(err)
				return
			}
			if _, err := io.ReadFull(conn, answer); err != nil {
				b.Error(err)
				return
			}
		}
		if want := []byte("HTTP/1.1 " + strconv.Itoa(status)); size > 0 && !bytes.HasPrefix(answer, want) && answer[0] != 0 {
			b.Errorf("the last answer is %q", answer[:20])
		}
	})
}

// first asks once and says how long an answer is: all that come are alike.
func first(conn net.Conn, request []byte, status int) (int, error) {
	if _, err := conn.Write(request); err != nil {
		return 0, err
	}
	var seen bytes.Buffer
	in := bufio.NewReader(io.TeeReader(conn, &seen))
	a, err := http.ReadResponse(in, nil)
	if err != nil {
		return 0, err
	}
	if a.StatusCode != status {
		return 0, fmt.Errorf("status %d, want %d", a.StatusCode, status)
	}
	if _, err := io.Copy(io.Discard, a.Body); err != nil {
		return 0, err
	}
	return seen.Len() - in.Buffered(), a.Body.Close()
}

const packs = "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: de,en;q=0.8\r\nUser-Agent: Mozilla/5.0\r\n"

// floorOf serves the bytes that the pages answer with.
func floorOf(b *testing.B, w *bundle, path string) http.Handler {
	b.Helper()
	a := w.ask(b, "GET", far+path, "Accept-Encoding", "gzip")
	body, kind := a.Body.Bytes(), a.Header().Get("Content-Type")
	if a.Code != http.StatusOK || a.Header().Get("Content-Encoding") != "gzip" {
		b.Fatalf("%s: %d %v", path, a.Code, a.Header())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
}

func BenchmarkPublicPage(b *testing.B) {
	drive(b, setup(b).handler, "/en/", packs, http.StatusOK)
}

func BenchmarkPublicPageFloor(b *testing.B) {
	drive(b, floorOf(b, setup(b), "/en/"), "/en/", packs, http.StatusOK)
}

func BenchmarkPublicPage304(b *testing.B) {
	w := setup(b)
	tag := w.ask(b, "GET", far+"/en/", "Accept-Encoding", "gzip").Header().Get("Etag")
	drive(b, w.handler, "/en/", packs+"If-None-Match: "+tag+"\r\n", http.StatusNotModified)
}

func BenchmarkFeesCSV(b *testing.B) {
	drive(b, setup(b).handler, "/fees.csv?payer=ship", packs, http.StatusOK)
}

func BenchmarkFeesCSVFloor(b *testing.B) {
	drive(b, floorOf(b, setup(b), "/fees.csv?payer=ship"), "/fees.csv?payer=ship", packs, http.StatusOK)
}

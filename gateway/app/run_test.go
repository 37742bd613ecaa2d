package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"go.uber.org/goleak"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/gateway/store"
)

// gateway is a serving command inside this process.
type gateway struct {
	url    string
	stop   context.CancelFunc
	exit   chan int
	out    *bytes.Buffer // read only after the exit
	errors *bytes.Buffer
}

// start runs a serving command until it is ready.
func start(t *testing.T, args ...string) *gateway {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	g := &gateway{stop: stop, exit: make(chan int, 1), out: &bytes.Buffer{}, errors: &bytes.Buffer{}}
	file := filepath.Join(t.TempDir(), "ready")
	go func() {
		g.exit <- Main(ctx, append(args, "--ready-file", file, "--lang", "en"), nil, &bytes.Buffer{}, g.out, g.errors)
	}()
	deadline := time.After(30 * time.Second)
	for {
		body, err := os.ReadFile(file)
		if err == nil {
			var r ready
			if err := json.Unmarshal(body, &r); err != nil {
				t.Fatal(err)
			}
			g.url = r.URL
			return g
		}
		select {
		case code := <-g.exit:
			t.Fatalf("ended with %d before it was ready: %s", code, g.errors)
		case <-deadline:
			t.Fatal("not ready within 30 s")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// end stops the command and returns its exit code.
func (g *gateway) end(t *testing.T) int {
	t.Helper()
	g.stop()
	select {
	case code := <-g.exit:
		return code
	case <-time.After(Defaults().StopWithin + 10*time.Second):
		t.Fatal("the stop is not bounded")
		return -1
	}
}

// A stop under load ends in bounded time with exit code 0 and no goroutine
// left, and every declaration that was answered with 201 is there afterwards.
func TestGracefulStopUnderLoad(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	dir := t.TempDir()
	g := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, "--traffic=false", "--delay", "5ms")
	file, err := readDemoFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := newAPIClient(g.url, file.key("forwarder"), "en")
	if err != nil {
		t.Fatal(err)
	}
	sample := intake.Read(demoImport, intake.JSON)[0].Declaration
	var mu sync.Mutex
	accepted := map[string]bool{}
	enough := make(chan struct{})
	var clients sync.WaitGroup
	for n := range 4 {
		clients.Go(func() {
			for i := 0; ; i++ {
				d := sample
				d.Header.ClientReference = fmt.Sprintf("STOP%d%06d", n, i)
				a, err := submitOne(client, &d)
				if err != nil { // the gateway has stopped
					return
				}
				mu.Lock()
				accepted[a.ID] = true
				if len(accepted) == 40 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	code := g.end(t)
	clients.Wait()
	client.http.GetClient().CloseIdleConnections()
	if code != exitDone {
		t.Errorf("exit code %d: %s", code, g.errors)
	}
	checkAccepted(t, "sqlite:"+filepath.Join(dir, "kouan.db"), accepted)
	goleak.VerifyNone(t, leaks)
}

func submitOne(client *apiClient, d *declarations.Declaration) (answer, error) {
	body, err := intake.Marshal(d)
	if err != nil {
		return answer{}, err
	}
	a, err := client.submit(context.Background(), body, digest(body))
	if err == nil && !a.accepted() {
		err = fmt.Errorf("refused: %d", a.Status)
	}
	return a, err
}

func checkAccepted(t *testing.T, url string, accepted map[string]bool) {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for id := range accepted {
		if _, err := s.Declaration(t.Context(), "forwarder", id); err != nil {
			t.Errorf("accepted %s: %v", id, err)
		}
	}
	l, err := s.Ledger(t.Context())
	if err != nil || l.Difference() != 0 || l.Accepted < int64(len(accepted)) {
		t.Errorf("ledger %+v, %v", l, err)
	}
}

// A second gateway on the same address fails at once and gives back what it opened.
func TestServeRefusesATakenAddress(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	dir := t.TempDir()
	g := start(t, "demo", "--addr", "127.0.0.1:0", "--data", filepath.Join(dir, "a"), "--traffic=false")
	var out, errs bytes.Buffer
	code := Main(t.Context(), []string{"demo", "--addr", g.url[len("http://"):], "--data", filepath.Join(dir, "b"), "--traffic=false"}, nil, &bytes.Buffer{}, &out, &errs)
	if code != exitFailed || !bytes.Contains(errs.Bytes(), []byte("address already in use")) {
		t.Errorf("exit code %d: %s", code, &errs)
	}
	if code := g.end(t); code != exitDone {
		t.Errorf("exit code %d of the first: %s", code, g.errors)
	}
	goleak.VerifyNone(t, leaks)
}

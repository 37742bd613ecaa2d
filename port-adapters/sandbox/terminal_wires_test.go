package sandbox

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"

	"kouan/declarations/inspection"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
	"kouan/port-adapters/filedrop"
	"kouan/port-adapters/sandbox/magic"
	"kouan/port-adapters/sftp"
	"kouan/port-adapters/webhook"
)

// pier is a running terminal with the gateway's ends of all its wires.
type pier struct {
	*RunningTerminal
	wires map[string]portadapters.Adapter
}

func newPier(t *testing.T) *pier {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	root := t.TempDir()
	r, err := RunTerminal(ctx, TerminalConfig{Terminal: &Terminal{Name: "T01", Silent: true, LateBy: 2 * time.Second}, Secrets: []string{oldSecret},
		Root: filepath.Join(root, "folders"), SFTPAddr: "127.0.0.1:0", SFTPRoot: filepath.Join(root, "sftp"), Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(r.HostKey))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := webhook.ParseSecret(oldSecret)
	if err != nil {
		t.Fatal(err)
	}
	guard := portadapters.Guard{Allow: []string{r.Addr, r.SFTP}}
	transport := portadapters.NewTransport(guard)
	host := &sftp.Host{Address: r.SFTP, User: "terminal", Password: "secret", HostKeys: []ssh.PublicKey{key}, Dial: guard.Dialer(), Timeout: time.Second}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		host.Close()
		cancel()
		r.Wait()
	})
	return &pier{r, map[string]portadapters.Adapter{
		"webhook": &webhook.Adapter{Client: portadapters.NewClient(portadapters.Options{Transport: transport, Retries: -1, Timeout: 500 * time.Millisecond}),
			URL: r.URL, Secrets: []webhook.Secret{{Key: secret}}},
		"sftp":     &sftp.Adapter{Host: host, Directory: filedrop.Out, Answers: filedrop.In},
		"filedrop": &filedrop.Terminal{Root: filepath.Join(root, "folders")},
	}}
}

// letterMessage is message n about a notice with one box.
func letterMessage(t *testing.T, n int, box string) portadapters.Message {
	t.Helper()
	m := adaptertest.Message(n)
	m.Body = pushOf(t, m.ID, notice(1, box)).body
	m.ContentType, m.Kind, m.Subject = "application/json", inspection.LetterIssued, "notice/N1"
	return adaptertest.Sealed(m)
}

func classOf(err error) string {
	var wait *portadapters.RetryAfterError
	switch {
	case err == nil:
		return "taken"
	case errors.Is(err, portadapters.ErrGone):
		return "gone"
	case errors.Is(err, portadapters.ErrPermanent):
		return "permanent"
	case errors.Is(err, portadapters.ErrUnknown):
		return "unknown"
	case errors.As(err, &wait):
		return "wait"
	}
	return "temporary"
}

// TestWiresMeetEveryScript is promise P5 for one delivery: what the gateway's
// own adapters make of each misbehaviour, and that the terminal has a notice
// exactly when it should.
func TestWiresMeetEveryScript(t *testing.T) {
	t.Parallel()
	for wire, scripts := range map[string]map[magic.Script]string{
		"webhook": {
			magic.Works: "taken", magic.FailsFive: "temporary temporary temporary temporary temporary taken", magic.Redirects: "permanent", magic.Late: "unknown taken",
			magic.Gone: "gone", magic.Busy: "wait wait taken", magic.Drips: "taken", magic.Huge: "taken", magic.HalfClose: "unknown taken",
			magic.BreaksTLS: "unknown unknown unknown taken", magic.Down: "temporary temporary temporary temporary temporary temporary temporary", magic.Refuses: "permanent",
		},
		"sftp": {
			magic.Works: "taken", magic.FailsFive: "temporary temporary temporary temporary temporary taken", magic.Gone: "temporary temporary temporary temporary temporary temporary temporary",
			magic.Late: "unknown taken", magic.HalfClose: "unknown taken",
		},
		"filedrop": {magic.Works: "taken", magic.Down: "taken"},
	} {
		for script, want := range scripts {
			t.Run(wire+" "+script.Slug(), func(t *testing.T) {
				t.Parallel()
				p := newPier(t)
				m := letterMessage(t, 1, magic.Number(script, 1))
				var got []string
				for len(got) < 7 {
					_, err := p.wires[wire].Deliver(t.Context(), m)
					got = append(got, classOf(err))
					if err == nil || errors.Is(err, portadapters.ErrPermanent) || errors.Is(err, portadapters.ErrGone) {
						break
					}
					m.Attempt, m.Redelivery = m.Attempt+1, true
				}
				if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
					t.Errorf("deliveries (-want +got):\n%s", diff)
				}
				taken := strings.HasSuffix(want, "taken") && script != magic.Down
				for end := time.Now().Add(5 * time.Second); taken && len(p.Deliveries()) == 0 && time.Now().Before(end); {
					time.Sleep(5 * time.Millisecond) // folders are looked at now and then
				}
				d := p.Deliveries()
				if (len(d) == 1) != taken || taken && d[0].MessageID != m.ID {
					t.Errorf("deliveries %+v, want one: %v", d, taken)
				}
				if v := p.Violations(); len(v) > 0 {
					t.Errorf("violations %+v", v)
				}
			})
		}
	}
}

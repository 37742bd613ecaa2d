package inbox

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest/sshserver"
	"kouan/port-adapters/filedrop"
	"kouan/port-adapters/sftp"
)

// remote is a terminal whose answers lie in its directory "out".
func remote(t *testing.T) (*sftp.Scanner, func(name, content string)) {
	t.Helper()
	server := sshserver.New(t, sshserver.InProcess)
	host := &sftp.Host{
		Address: server.Address, User: sshserver.User, Password: sshserver.Password, HostKeys: []ssh.PublicKey{server.Key.PublicKey()},
		Dial: portadapters.Guard{Allow: []string{server.Address}}.Dialer(),
	}
	t.Cleanup(host.Close)
	if err := os.Mkdir(filepath.Join(server.Dir, "out"), 0o755); err != nil {
		t.Fatal(err)
	}
	return &sftp.Scanner{Host: host, Directory: "out", Settle: time.Millisecond}, func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(server.Dir, "out", name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFilesOfAnSFTPServerAreHeardOnceAlsoAfterARestart(t *testing.T) {
	t.Parallel()
	scanner, write := remote(t)
	o := &office{}
	pump := func() *Pump {
		return &Pump{Channel: "terminal", Scanner: &sftp.Scanner{Host: scanner.Host, Directory: "out", Settle: time.Millisecond},
			Desk: o, Ledger: o, Interval: 5 * time.Millisecond}
	}
	write("E1.edi", "UNB+one")
	write("E2.edi.tmp", "UNB+un")
	heard := func(n int) func() bool {
		return func() bool { return len(o.told()) >= n }
	}
	until(t, pump(), heard(1))
	write("E3.edi", "UNB+three")
	write("E4.edi", "UNB+one") // the same content under another name
	until(t, pump(), heard(2))
	if diff := cmp.Diff([]string{"E1.edi UNB+one", "E3.edi UNB+three"}, o.told()); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}

// until runs a pump until something is so, and three more of its intervals.
func until(t *testing.T, p *Pump, so func() bool) {
	t.Helper()
	p.setup()
	deadline := time.Now().Add(20 * time.Second)
	for extra := 3; extra > 0; time.Sleep(p.Interval) {
		p.pass(t.Context())
		if so() {
			extra--
		} else if time.Now().After(deadline) {
			t.Fatal("the pump does not come so far")
		}
	}
}

func TestContentOfAnSFTPServerThatWasNotKeptIsFetchedAgain(t *testing.T) {
	t.Parallel()
	scanner, write := remote(t)
	write("same.edi", "one")
	write("replaced.edi", "two")
	write("grown.edi", "one and more")
	for name, want := range map[string]string{
		"same.edi":     "one",
		"replaced.edi": "replaced or removed before it could be heard",
		"grown.edi":    "replaced or removed before it could be heard",
		"removed.edi":  "replaced or removed before it could be heard",
	} {
		e := &entry{File: filedrop.File{Name: name, Path: "out/" + name, Size: 3, SHA256: sha("one")}}
		if err := e.load(t.Context(), scanner); err != nil {
			t.Fatal(err)
		}
		if got := string(e.Body) + e.Rejected; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	scanner.Host.Password = "guess"
	scanner.Host.Close()
	e := &entry{File: filedrop.File{Name: "same.edi", Path: "out/same.edi", Size: 3, SHA256: sha("one")}}
	if err := e.load(t.Context(), scanner); err == nil || errors.Is(err, os.ErrNotExist) || e.Rejected != "" {
		t.Errorf("with nobody there: %v, rejected %q; want an error and another try", err, e.Rejected)
	}
}

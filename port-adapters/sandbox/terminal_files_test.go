package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"context"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"kouan/declarations/inspection"
	"kouan/port-adapters/sandbox/magic"
)

// names lists a folder of a terminal.
func names(t *testing.T, root, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(root, folder))
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func drop(t *testing.T, root, name string, body []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, folderOut, name), body, 0o600); err != nil {
		t.Fatal(err)
	}
}

// withFolders plays with a terminal on its folders under a false clock.
func withFolders(t *testing.T, play func(*testing.T, *TerminalFiles)) {
	t.Helper()
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &TerminalFiles{Terminal: &Terminal{Name: "T01"}, Root: root, Wire: "filedrop"}
		if err := f.MakeFolders(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		f.Terminal.Start(ctx)
		play(t, f)
		cancel()
		f.Terminal.Wait()
	})
}

func look(t *testing.T, f *TerminalFiles) {
	t.Helper()
	if err := f.Look(); err != nil {
		t.Fatal(err)
	}
	settle()
}

func TestFileIsTakenAcknowledgedAndAnswered(t *testing.T) {
	t.Parallel()
	withFolders(t, func(t *testing.T, f *TerminalFiles) {
		body := pushOf(t, "m1", notice(1, magic.Number(magic.Twice, 1))).body
		drop(t, f.Root, "N_1.json", body)
		drop(t, f.Root, "N_2.json.tmp", body)
		look(t, f)
		sum := sha256.Sum256(body)
		ack, err := os.ReadFile(filepath.Join(f.Root, folderIn, "N_1.json.ack"))
		if err != nil || strings.TrimSpace(string(ack)) != hex.EncodeToString(sum[:]) {
			t.Errorf("acknowledgement %q, %v", ack, err)
		}
		var kinds []string
		for _, name := range names(t, f.Root, folderIn) {
			if path.Ext(name) != ".json" {
				continue
			}
			body, err := os.ReadFile(filepath.Join(f.Root, folderIn, name))
			if err != nil {
				t.Fatal(err)
			}
			var e inspection.Event
			if err := json.Unmarshal(body, &e, json.RejectUnknownMembers(true)); err != nil || e.NoticeNumber != "N1" {
				t.Errorf("%s: %v\n%s", name, err, body)
			}
			kinds = append(kinds, string(e.Kind))
		}
		slices.Sort(kinds)
		if diff := cmp.Diff("accepted accepted box_locked box_locked move_done move_done move_started move_started ready ready", strings.Join(kinds, " ")); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"N_1.json"}, names(t, f.Root, folderTaken)); diff != "" {
			t.Errorf("taken (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"N_2.json.tmp"}, names(t, f.Root, folderOut)); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
	})
}

func TestFileScripts(t *testing.T) {
	t.Parallel()
	for script, want := range map[magic.Script]struct {
		folder string
		looks  int
		acks   int
	}{
		magic.Works:     {folderTaken, 1, 1},
		magic.Silent:    {folderTaken, 1, 0},
		magic.Forgets:   {folderTaken, 1, 1},
		magic.FailsFive: {folderTaken, DefaultCalls + 1, 1},
		magic.Gone:      {folderRefused, 1, 0},
		magic.Down:      {folderOut, 9, 0},
	} {
		t.Run(script.Slug(), func(t *testing.T) {
			t.Parallel()
			withFolders(t, func(t *testing.T, f *TerminalFiles) {
				drop(t, f.Root, "N_1.json", pushOf(t, "m1", notice(1, magic.Number(script, 1))).body)
				looks := 0
				for looks < 9 {
					look(t, f)
					if looks++; len(names(t, f.Root, folderOut)) == 0 {
						break
					}
				}
				acks := 0
				for _, name := range names(t, f.Root, folderIn) {
					if strings.HasSuffix(name, ".ack") {
						acks++
					}
				}
				if looks != want.looks || acks != want.acks || !slices.Contains(names(t, f.Root, want.folder), "N_1.json") {
					t.Errorf("after %d looks with %d acknowledgements, %s has %v", looks, acks, want.folder, names(t, f.Root, want.folder))
				}
			})
		})
	}
}

func TestFilesThatCannotBeReadAndOtherBytesAreRefused(t *testing.T) {
	t.Parallel()
	withFolders(t, func(t *testing.T, f *TerminalFiles) {
		drop(t, f.Root, "a.json", []byte("{"))
		drop(t, f.Root, "b.exe", []byte("MZ"))
		drop(t, f.Root, "c.json", pushOf(t, "m1", notice(1, "CSQU3054383")).body)
		look(t, f)
		drop(t, f.Root, "c.json", pushOf(t, "m1", notice(2, "CSQU3054383")).body)
		look(t, f)
		if diff := cmp.Diff([]string{"a.json", "b.exe", "c.json"}, names(t, f.Root, folderRefused)); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		if v := f.Terminal.Violations(); len(v) != 3 || v[2].Kind != "other bytes under the same id" {
			t.Errorf("violations %+v", v)
		}
	})
}

// quay is a terminal with its SFTP server and a client that is signed in.
type quay struct {
	*TerminalSFTP
	addr string
}

func newQuay(t *testing.T, lateBy time.Duration) *quay {
	t.Helper()
	terminal := &Terminal{Name: "T01", Delay: time.Millisecond, LateBy: lateBy}
	q := &quay{TerminalSFTP: &TerminalSFTP{Files: &TerminalFiles{Terminal: terminal, Root: t.TempDir(), Wire: "sftp"}, Password: "secret"}}
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	q.addr = listener.Addr().String()
	var done sync.WaitGroup
	if err := q.Listen(ctx, listener, &done); err != nil {
		t.Fatal(err)
	}
	terminal.Start(ctx)
	t.Cleanup(func() { cancel(); done.Wait(); terminal.Wait() })
	return q
}

func (q *quay) client(t *testing.T, user, password string) (*sftp.Client, error) {
	t.Helper()
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(q.HostKey))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := ssh.Dial("tcp", q.addr, &ssh.ClientConfig{User: user, Auth: []ssh.AuthMethod{ssh.Password(password)}, HostKeyCallback: ssh.FixedHostKey(key), Timeout: 5 * time.Second})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { conn.Close() })
	c, err := sftp.NewClient(conn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, nil
}

func (q *quay) mustClient(t *testing.T) *sftp.Client {
	t.Helper()
	c, err := q.client(t, "terminal", "secret")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// upload writes under a temporary name and renames.
func upload(c *sftp.Client, name string, body []byte) error {
	f, err := c.Create(name + ".tmp")
	if err != nil {
		return err
	}
	if _, err := f.Write(body); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return c.PosixRename(name+".tmp", name)
}

func TestSFTPTakesWhatIsRenamedAndAnswersIntoIn(t *testing.T) {
	t.Parallel()
	q := newQuay(t, 0)
	c := q.mustClient(t)
	body := pushOf(t, "m1", notice(1, magic.Number(magic.SiteFull, 1))).body
	for range 2 {
		if err := upload(c, "out/N_1.json", body); err != nil {
			t.Fatal(err)
		}
	}
	if d := q.Files.Terminal.Deliveries(); len(d) != 1 || d[0].Times != 2 || d[0].Wire != "sftp" || d[0].MessageID != "m1" {
		t.Errorf("deliveries %+v", d)
	}
	for len(q.Files.Terminal.Answers()) == 0 {
		time.Sleep(time.Millisecond)
	}
	infos, err := c.ReadDir("in")
	if err != nil || len(infos) != 2 {
		t.Fatalf("in: %v, %v", infos, err)
	}
	for _, i := range infos {
		f, err := c.Open("in/" + i.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Stat(); err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestSFTPScripts(t *testing.T) {
	t.Parallel()
	for script, want := range map[magic.Script]string{
		magic.Works:     "taken",
		magic.FailsFive: "failure failure failure failure failure taken",
		magic.Gone:      "denied denied denied denied denied denied denied",
		magic.Down:      "failure failure failure failure failure failure failure",
		magic.BreaksTLS: "broken broken broken taken",
		magic.HalfClose: "broken taken",
		magic.Late:      "taken",
	} {
		t.Run(script.Slug(), func(t *testing.T) {
			t.Parallel()
			q := newQuay(t, 50*time.Millisecond)
			body := pushOf(t, "m1", notice(1, magic.Number(script, 1))).body
			var got []string
			for len(got) < 7 {
				err := upload(q.mustClient(t), "out/N_1.json", body)
				var status *sftp.StatusError
				switch {
				case err == nil:
					got = append(got, "taken")
				case errors.Is(err, fs.ErrPermission):
					got = append(got, "denied")
				case errors.As(err, &status) && status.FxCode() == sftp.ErrSSHFxFailure:
					got = append(got, "failure")
				default:
					got = append(got, "broken")
				}
				if err == nil {
					break
				}
			}
			if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if d := q.Files.Terminal.Deliveries(); strings.HasSuffix(want, "taken") != (len(d) == 1) {
				t.Errorf("deliveries %+v", d)
			}
		})
	}
}

func TestSFTPShowsNothingOutsideItsFolders(t *testing.T) {
	t.Parallel()
	q := newQuay(t, 0)
	outside := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(outside, []byte("canary"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(q.Files.Root, folderIn, "link.json")); err != nil {
		t.Fatal(err)
	}
	c := q.mustClient(t)
	for _, name := range []string{outside, "../../../../../.." + outside, "in/link.json"} {
		if f, err := c.Open(name); err == nil {
			t.Errorf("%s is readable: %v", name, f.Close())
		}
	}
	if err := c.Symlink(outside, "in/other"); err == nil {
		t.Error("links can be made")
	}
	for _, bad := range [][2]string{{"terminal", "wrong"}, {"root", "secret"}, {"terminal", ""}} {
		if _, err := q.client(t, bad[0], bad[1]); err == nil {
			t.Errorf("%v may sign in", bad)
		}
	}
}

package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/declarations/inspection"
	"kouan/port-adapters/depotxml"
	"kouan/port-adapters/edifact"
)

// FuzzOpen: whatever a wire brings, the terminal reads it or says why not.
func FuzzOpen(f *testing.F) {
	n := fullNotice(2, inspection.Change, "CSQU3054383")
	l := &inspection.Letter{ID: "0193b000-0000-7000-8000-000000000001", Type: inspection.LetterChanged, At: n.IssuedAt, Sender: "KOUAN", Receiver: "T01", Notice: n}
	xml, _ := depotxml.Letter(l)
	edi, _ := (&edifact.Profile{}).Letter(l)
	f.Add("application/xml", xml)
	f.Add("application/EDIFACT", edi)
	f.Add("application/json", []byte(`{"type":"notice.issued","id":"m","sequence":1,"occurred_at":"2026-11-25T21:00:00Z","data":{"notice":{"notice_no":"N1","boxes":[{"container_no":"CSQU3054383"}]}}}`))
	f.Add("application/json", []byte(`{"type":"notice.issued","id":"m","sequence":1,"occurred_at":"2026-11-25T21:00:00Z","data":{"notice":null}}`))
	f.Add("text/html", []byte("<p>"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		o, err := Open(TerminalLetter{ContentType: contentType, Body: body})
		if err != nil {
			return
		}
		if o.Format == "" {
			t.Errorf("read in no format: %+v", o)
		}
		terminal := &Terminal{Name: "T01"}
		in := (&incoming{wire: "webhook", id: "m", body: body, reply: (&gate{}).hear}).of(&o)
		if v := terminal.take(in); v.outcome != stored && v.outcome != refused {
			t.Errorf("the first delivery is %+v", v)
		}
	})
}

// FuzzMail: a letter is read whole or refused, and its link leads to an answer page.
func FuzzMail(f *testing.F) {
	f.Add(letter("m1", "查验 CSQU3054383 https://gateway.example/zh-Hans/answers/abc"))
	f.Add(letter("m1", "see", []byte(`{"type":"notice.issued"}`)))
	f.Add([]byte("Message-ID: <a@b>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x--\r\n"))
	f.Add([]byte("\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := readMail(raw)
		if err != nil {
			return
		}
		if l.id == "" {
			t.Error("a letter without an id is taken")
		}
		if link := linkIn(l.text); link != "" && (!strings.HasPrefix(link, "http") || !strings.Contains(link, "/answers/")) {
			t.Errorf("link %q", link)
		}
		noticeOfText(l)
	})
}

// FuzzPaths: no path of a client leads out of the folders.
func FuzzPaths(f *testing.F) {
	for _, p := range []string{"/", "..", "../../etc/passwd", "out/../../x", "//out//a.json", "out/a.json\x00", "in/link"} {
		f.Add(p)
	}
	dir := f.TempDir()
	outside := filepath.Join(dir, "outside")
	root := filepath.Join(dir, "root")
	for _, folder := range []string{filepath.Join(root, folderOut), filepath.Join(root, folderIn), outside} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			f.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(root, folderIn, "link")); err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(outside, "canary"), []byte("canary"), 0o600); err != nil {
		f.Fatal(err)
	}
	held, err := os.OpenRoot(root)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { held.Close() })
	f.Fuzz(func(t *testing.T, path string) {
		for _, p := range []string{path, path + "/canary", "in/link/" + path} {
			if body, err := held.ReadFile(below(p)); err == nil && string(body) == "canary" {
				t.Errorf("%q leads out", p)
			}
		}
		if name, ok := inOut(path); ok && (strings.ContainsAny(name, "/") || name == "") {
			t.Errorf("%q is the file %q of out/", path, name)
		}
	})
}

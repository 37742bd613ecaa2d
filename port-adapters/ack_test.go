package portadapters

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

const helloSHA = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03" // of hello and a line feed

func TestReadAck(t *testing.T) {
	t.Parallel()
	good := Ack{File: "N1.edi", SHA256: helloSHA}
	cases := []struct {
		name    string
		file    string
		content string
		want    Ack
		code    string
		column  int
	}{
		{"our own form", "N1.edi.ack", helloSHA + "\n", good, "", 0},
		{"without a line end", "N1.edi.ack", helloSHA, good, "", 0},
		{"upper case, Windows line end, byte order mark", "N1.edi.ACK", "\uFEFF" + strings.ToUpper(helloSHA) + "\r\n", good, "", 0},
		{"as sha256sum writes it", "N1.edi.ack", helloSHA + "  N1.edi\n", good, "", 0},
		{"as sha256sum writes it of a binary file", "N1.edi.ack", helloSHA + " *N1.edi\n", good, "", 0},
		{"with the terminal's own folder", "N1.edi.ack", helloSHA + `  D:\in\N1.edi`, good, "", 0},
		{"another file", "N1.edi.ack", helloSHA + "  N2.edi\n", Ack{}, CodeAckName, 67},
		{"nothing", "N1.edi.ack", "", Ack{}, CodeAckDigest, 1},
		{"words", "N1.edi.ack", "received, thank you", Ack{}, CodeAckDigest, 1},
		{"a digest of another kind", "N1.edi.ack", "d41d8cd98f00b204e9800998ecf8427e\n", Ack{}, CodeAckDigest, 1},
		{"two digests", "N1.edi.ack", helloSHA + "\n" + helloSHA + "\n", Ack{}, CodeAckDigest, 1},
		{"no acknowledgement by its name", "N1.edi", helloSHA, Ack{}, CodeAckDigest, 1},
		{"nothing but the ending", ".ack", helloSHA, Ack{}, CodeAckDigest, 1},
		{"a whole file instead of a digest", "N1.edi.ack", strings.Repeat("x", MaxAck+1), Ack{}, CodeAckSize, 0},
	}
	for _, c := range cases {
		got, faults := ReadAck(c.file, []byte(c.content))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		code, column := "", 0
		if len(faults) > 0 {
			code, column = faults[0].Code, faults[0].Column
		}
		if code != c.code || column != c.column {
			t.Errorf("%s: fault %q in column %d, want %q in %d", c.name, code, column, c.code, c.column)
		}
	}
	if !good.Of([]byte("hello\n")) || good.Of([]byte("hello")) {
		t.Error("the digest is compared wrongly")
	}
}

func FuzzReadAck(f *testing.F) {
	f.Add("N1.edi.ack", []byte(helloSHA+"  N1.edi\n"))
	f.Add("N1.edi.ack", []byte("\uFEFF"+helloSHA+" *../N1.edi"))
	f.Add("x.ACK", []byte("\xff\xff"))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		ack, faults := ReadAck(name, content)
		if (len(faults) == 0) != (ack != Ack{}) {
			t.Fatalf("%+v with faults %v", ack, faults)
		}
		for _, fault := range faults {
			if fault.Severity != declarations.Reject || fault.Column < 0 || fault.Column > len(content)+1 {
				t.Errorf("fault %+v", fault)
			}
			for arg, text := range fault.Args {
				if len(text) > maxGot+len("…") || !utf8.ValidString(text) {
					t.Errorf("argument %s is %q", arg, text)
				}
			}
		}
		// Whatever the content is, our acknowledgement of it is read back.
		again, faults := ReadAck(AckName("N1.edi"), WriteAck(content))
		if len(faults) > 0 || !again.Of(content) || again.File != "N1.edi" {
			t.Errorf("own acknowledgement: %+v, %v", again, faults)
		}
	})
}

package edifact

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// one makes an interchange of one message from its body.
func one(unb, body string) []byte {
	n := strings.Count(strings.ReplaceAll(body, "?'", ""), "'") + 2
	return fmt.Appendf(nil, "UNB+%s+A+B+261123:0915+R1'UNH+M1+XXXXXX:D:00B:UN'%sUNT+%d+M1'UNZ+1+R1'", unb, body, n)
}

// plainly is what was read, without the spans behind it.
func plainly(all []*Interchange) string {
	var b strings.Builder
	for _, ic := range all {
		fmt.Fprintf(&b, "%s %s %v %v %s %s %s %s %v %v %v %d %d %v\n", ic.Syntax, ic.SyntaxVersion, ic.Sender, ic.Recipient, ic.Date, ic.Time, ic.Reference, ic.Application, ic.Test, ic.Bare, ic.Complete, ic.Offset, ic.Size, ic.UNA)
		for _, l := range ic.Lines() {
			fmt.Fprintf(&b, "  %s %q\n", l.Tag, l.Elements)
		}
		for _, m := range ic.Messages {
			fmt.Fprintf(&b, "  message %s %s %s %d\n", m.Reference, m.Type, m.Edition(), m.Offset)
			for i := range m.Segments {
				s := &m.Segments[i]
				fmt.Fprintf(&b, "    %d %s %d %d %v %d\n", s.Number(), s.Tag(), s.Offset(), s.Group(), s.Opens(), s.Depth())
			}
		}
		b.WriteString(told(findings([]*Interchange{ic})))
	}
	return b.String()
}

// drain reads a stream to its end.
func drain(r io.Reader, options Options) ([]*Interchange, error) {
	reader := NewReader(r, options)
	var all []*Interchange
	for {
		ic, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, ic)
	}
}

// pieces gives its parts one after the other.
type pieces [][]byte

func (p *pieces) Read(b []byte) (int, error) {
	if len(*p) == 0 {
		return 0, io.EOF
	}
	n := copy(b, (*p)[0])
	if (*p)[0] = (*p)[0][n:]; len((*p)[0]) == 0 {
		*p = (*p)[1:]
	}
	return n, nil
}

// TestPiecesMakeNoDifference cuts every file at every octet.
func TestPiecesMakeNoDifference(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.edi")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	gb := []byte("UNB+UNOA:2+A+B+261123:0915+R1'UNH+M1+X:D:00B:UN'FTX+AAI+++\x81\x30\x81\x30\xb2\xe9\xd1\xe9\x8f\x3f?''UNT+3+M1'UNZ+1+R1'")
	two := []byte(" \r\nUNA:+.? '\r\nUNB+UNOA:2+A+B+261123:0915+R1'UNH+M1+X:D:00B:UN'UNT+2+M1'UNZ+1+R1'\r\nUNB+UNOC:3+A+B+261123:0915+R2'UNH+M1+X:D:00B:UN'UNB+UNOC:3+A+B+261123:0915+R3'UNZ+0+R3'rest\nUN")
	for i, data := range append([][]byte{gb, two}, readAll(t, files)...) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			options := Options{Strict: true}
			if i == 0 {
				options = Options{Charset: "GB18030"}
			}
			want := plainly(Parse(data, options))
			for cut := range data {
				p := pieces{data[:cut], data[cut:]}
				all, err := drain(&p, options)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, plainly(all)); d != "" {
					t.Fatalf("cut at %d (-want +got):\n%s", cut, d)
				}
			}
			all, err := drain(iotest.OneByteReader(bytes.NewReader(data)), options)
			if d := cmp.Diff(want, plainly(all)); err != nil || d != "" {
				t.Fatalf("octet by octet: %v (-want +got):\n%s", err, d)
			}
		})
	}
}

func readAll(t *testing.T, files []string) [][]byte {
	t.Helper()
	var all [][]byte
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// TestInterchangesComeOneByOne: the second is not needed to have the first,
// and nothing of it carries over.
func TestInterchangesComeOneByOne(t *testing.T) {
	t.Parallel()
	first := "UNA^|,# ~UNB|UNOA^2|A|B|261123^0915|R1~UNH|M1|X^D^00B^UN~UNT|2|M1~UNZ|1|R1~"
	in, out := io.Pipe()
	r := NewReader(in, Options{})
	go func() {
		io.WriteString(out, first)
	}()
	ic, err := r.Next()
	if err != nil || ic.Reference != "R1" || !ic.Complete || ic.Size != int64(len(first)) {
		t.Fatalf("first: %+v %v", ic, err)
	}
	go func() {
		io.WriteString(out, "\r\n"+string(one("UNOA:2", "FTX+AAI+++A|B^C'")))
		out.CloseWithError(io.ErrUnexpectedEOF)
	}()
	ic, err = r.Next()
	if err != nil || ic.UNA != Default || ic.Messages[0].Segments[1].Value(4, 1) != "A|B^C" || ic.Offset != int64(len(first)+2) {
		t.Fatalf("second: %+v %v", ic, err)
	}
	if _, err = r.Next(); err == nil || errors.Is(err, io.EOF) {
		t.Fatalf("a broken stream ended with %v", err)
	}
}

func TestReadingRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, unb, body string
		want            string // value of the first segment, element 4 component 1
		strict, loose   []string
	}{
		{"released characters are data", "UNOB:2", "FTX+AAI+++a?+b?:c?'d??e?x'", "a+b:c'd?ex", nil, nil},
		{"a line break inside a segment", "UNOB:2", "FTX+AAI+++AB\r\nCD'", "ABCD", []string{CodeLineBreak}, []string{CodeLineBreak}},
		{"a released line break is data", "UNOB:2", "FTX+AAI+++AB?\nCD'", "AB\nCD", nil, nil},
		{"explicit nesting behind the tag", "UNOB:2", "FTX:1:2+AAI+++AB'", "AB", nil, nil},
		{"trailing separators", "UNOB:2", "FTX+AAI+++AB:+'", "AB", []string{CodeTrailing, CodeTrailing}, nil},
		{"leading components are missing", "UNOB:2", "FTX+AAI+:::5++AB'", "AB", nil, nil},
		{"lower case under UNOA", "UNOA:2", "FTX+AAI+++ab'", "ab", []string{CodeCharacter}, []string{CodeCharacter}},
		{"a control character", "UNOB:2", "FTX+AAI+++a\x07b'", "a\x07b", []string{CodeCharacter}, []string{CodeCharacter}},
		{"ISO 8859-1", "UNOC:3", "FTX+AAI+++M\xfcller'", "Müller", nil, nil},
		{"octets that UNOB does not have", "UNOB:2", "FTX+AAI+++M\xfcller'", "M\xfcller", []string{CodeOctets}, []string{CodeOctets}},
		{"a control octet of ISO 8859", "UNOC:3", "FTX+AAI+++M\x85ller'", "M\x85ller", []string{CodeOctets}, []string{CodeOctets}},
		{"UTF-8", "UNOY:4", "FTX+AAI+++船边'", "船边", nil, nil},
		{"broken UTF-8", "UNOW:4", "FTX+AAI+++\xe8\x88'", "\xe8\x88", []string{CodeOctets}, []string{CodeOctets}},
		{"Cyrillic", "UNOE:3", "FTX+AAI+++\xbf\xbe\xc0\xc2'", "ПОРТ", nil, nil},
		{"ISO 2022 is not read", "UNOX:3", "FTX+AAI+++A'", "A", []string{CodeCharset}, []string{CodeCharset}},
		{"an unknown version", "UNOA:7", "FTX+AAI+++A'", "A", []string{CodeVersion}, []string{CodeVersion}},
		{"no asterisk in version 3", "UNOC:3", "FTX+AAI+++A*B'", "A*B", nil, nil},
		{"a repetition in version 4", "UNOC:4", "FTX+AAI+++A*B'", "A", nil, nil},
		{"a tag of small letters", "UNOB:2", "Ftx+AAI+++A'", "A", []string{CodeTag}, []string{CodeTag}},
		{"blanks before a segment", "UNOB:2", "  FTX+AAI+++A'", "A", []string{CodeBlank}, []string{CodeBlank}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, strict := range []bool{true, false} {
				ic := Parse(one(c.unb, c.body), Options{Strict: strict})[0]
				if got := ic.Messages[0].Segments[1].Value(4, 1); got != c.want {
					t.Errorf("value %q, want %q", got, c.want)
				}
				want := c.loose
				if strict {
					want = c.strict
				}
				var got []string
				for _, f := range findings([]*Interchange{ic}) {
					if f.Code != CodeUnchecked {
						got = append(got, f.Code)
					}
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("strict %v: findings (-want +got):\n%s", strict, d)
				}
			}
		})
	}
}

// TestAgreedCharset: octets that look like service characters belong to their
// character; nothing is guessed without the agreement.
func TestAgreedCharset(t *testing.T) {
	t.Parallel()
	una := "UNA^|,# ~UNB|UNOA^2|A|B|261123^0915|R1~UNH|M1|X^D^00B^UN~FTX|AAI|||\x81\x7c\x81\x30\x81\x30\x83\x7e|B~UNT|3|M1~UNZ|1|R1~"
	ic := Parse([]byte(una), Options{Charset: "gb18030"})[0]
	if got, next := ic.Messages[0].Segments[1].Value(4, 1), ic.Messages[0].Segments[1].Value(5, 1); got != "亅\u0080儈" || next != "B" || ic.Verdict() != Accept {
		t.Errorf("GB 18030: %q %q\n%s", got, next, told(findings([]*Interchange{ic})))
	}
	if ic := Parse([]byte(una), Options{})[0]; ic.Messages[0].Segments[1].Value(4, 1) == "亅\u0080儈" {
		t.Error("guessed")
	}
	if ic := Parse([]byte(una), Options{Charset: "EBCDIC"})[0]; ic.Verdict() != Reject {
		t.Error("an unknown agreement was taken")
	}
	if !KnownCharset("gbk") || KnownCharset("EBCDIC") {
		t.Error("KnownCharset")
	}
}

func TestServiceStringAdvice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		una string
		ok  bool
	}{{":+.? '", true}, {":+,  '", true}, {"^|,#*~", true}, {"\x1d\x1f. !\x1c", true}, {"::.? '", false}, {"A+.? '", false}, {":+.?\n'", false}, {":+.5 '", false}, {":\xe9.? '", false}} {
		if _, ok := parseUNA(c.una); ok != c.ok {
			t.Errorf("%q: %v", c.una, ok)
		}
	}
	// no release character: a question mark is data
	ic := Parse([]byte("UNA:+.  'UNB+UNOA:2+A+B+261123:0915+R1'UNH+M1+X:D:00B:UN'FTX+AAI+++WHAT?'UNT+3+M1'UNZ+1+R1'"), Options{Strict: true})[0]
	if got := ic.Messages[0].Segments[1].Value(4, 1); got != "WHAT?" || ic.Verdict() != Accept {
		t.Errorf("%q %s", got, told(findings([]*Interchange{ic})))
	}
}

// TestEnvelope: what is wrong around the messages.
func TestEnvelope(t *testing.T) {
	t.Parallel()
	msg := "UNH+M1+X:D:00B:UN'UNT+2+M1'"
	for _, c := range []struct {
		name, data string
		want       []string // codes, tolerant
		messages   int
	}{
		{"nothing", "", nil, 0},
		{"white space", " \r\n\t", nil, 0},
		{"no UNB", msg, []string{CodeNoHeader}, 1},
		{"no interchange at all", "hello, world", []string{CodeEndsEarly, CodeNoHeader}, 0},
		{"a segment outside", "UNB+UNOA:2+A+B+261123:0915+R1'FTX+AAI'" + msg + "UNZ+1+R1'", []string{CodeOutside}, 1},
		{"a message without UNT", "UNB+UNOA:2+A+B+261123:0915+R1'UNH+M0+X:D:00B:UN'" + msg + "UNZ+2+R1'", []string{CodeNoEnd}, 2},
		{"UNT alone", "UNB+UNOA:2+A+B+261123:0915+R1'UNT+2+M1'" + msg + "UNZ+1+R1'", []string{CodeOutside}, 1},
		{"no messages", "UNB+UNOA:2+A+B+261123:0915+R1'UNZ+0+R1'", []string{CodeNoMessage}, 0},
		{"no sender", "UNB+UNOA:2++B+261123:0915+R1'" + msg + "UNZ+1+R1'", []string{CodeEnvelope}, 1},
		{"a long reference", "UNB+UNOA:2+A+B+261123:0915+R12345678901234'" + msg + "UNZ+1+R12345678901234'", []string{CodeTooLong, CodeTooLong}, 1},
		{"UNE alone", "UNB+UNOA:2+A+B+261123:0915+R1'UNE+1+G1'" + msg + "UNZ+1+R1'", []string{CodeOutside}, 1},
		{"a group of another type", "UNB+UNOA:2+A+B+261123:0915+R1'UNG+Y+A+B+261123:0915+G1+UN+D:00B'" + msg + "UNE+1+G1'UNZ+1+R1'", []string{CodeTwoTypes}, 1},
		{"a group without UNE", "UNB+UNOA:2+A+B+261123:0915+R1'UNG+X+A+B+261123:0915+G1+UN+D:00B'" + msg + "UNZ+1+R1'", []string{CodeMissing}, 1},
		{"an empty count and another reference", "UNB+UNOA:2+A+B+261123:0915+R1'" + msg + "UNZ++1+R1'", []string{CodeElementMissing, CodeReference}, 1},
		{"something behind the end", "UNB+UNOA:2+A+B+261123:0915+R1'" + msg + "UNZ+1+R1'\n\x1a", []string{CodeEndsEarly, CodeNoHeader}, 1},
		{"rubbish between two", "UNB+UNOA:2+A+B+261123:0915+R1'" + msg + "UNZ+1+R1'\nwhat is this\nUNB+UNOA:2+A+B+261123:0915+R2'" + msg + "UNZ+1+R2'", []string{CodeNoHeader, CodeOutside}, 2},
		{"wrong advice", "UNA:::: 'UNB+UNOA:2+A+B+261123:0915+R1'" + msg + "UNZ+1+R1'", []string{CodeServiceChars}, 1},
		{"a byte order mark", "\xef\xbb\xbfUNB+UNOA:2+A+B+261123:0915+R1'" + msg + "UNZ+1+R1'", nil, 1},
		{"leading zeros", "UNB+UNOA:2+A+B+261123:0915+R1'UNH+M1+X:D:00B:UN'UNT+0002+M1'UNZ+01+R1'", nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			all := Parse([]byte(c.data), Options{})
			n := 0
			for _, ic := range all {
				n += len(ic.Messages)
			}
			var got []string
			for _, f := range findings(all) {
				if f.Code != CodeUnchecked {
					got = append(got, f.Code)
				}
			}
			if d := cmp.Diff(c.want, got); d != "" || n != c.messages {
				t.Errorf("%d messages; findings (-want +got):\n%s", n, d)
			}
		})
	}
}

// TestBounds: a hostile stream ends with a finding, and what was read of it is
// no more than the bound.
func TestBounds(t *testing.T) {
	t.Parallel()
	head := "UNB+UNOA:2+A+B+261123:0915+R1'UNH+M1+X:D:00B:UN'"
	for _, c := range []struct {
		name  string
		src   io.Reader
		limit string
	}{
		{"a segment without end", io.MultiReader(strings.NewReader(head+"FTX+"), endless("A")), "100000"},
		{"segments without end", io.MultiReader(strings.NewReader(head), endless("FTX+A'")), "1000000"},
		{"messages without end", io.MultiReader(strings.NewReader(head), endless("UNH+M1+X:D:00B:UN'")), "99999"},
		{"line breaks without end", io.MultiReader(strings.NewReader(head), io.LimitReader(endless("\n"), MaxInterchange), strings.NewReader("FTX+A'")), "67108864"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := NewReader(c.src, Options{})
			ic, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			last := ic.Findings[len(ic.Findings)-1]
			if last.Code != CodeLimit || last.Args["limit"] != c.limit || ic.Verdict() != Reject {
				t.Errorf("%s", told(ic.Findings))
			}
			if _, err := r.Next(); !errors.Is(err, io.EOF) {
				t.Errorf("after a bound: %v", err)
			}
		})
	}
}

type endless string

func (e endless) Read(b []byte) (int, error) {
	n := 0
	for n+len(e) <= len(b) {
		n += copy(b[n:], e)
	}
	return n, nil
}

// TestMemory: what is kept of a large report is a few times its size.
func TestMemory(t *testing.T) {
	data := report(100_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	all, err := drain(bytes.NewReader(data), Options{})
	if err != nil || len(all) != 1 || len(all[0].Messages[0].Segments) < 99_000 || all[0].Verdict() != Accept {
		t.Fatalf("%v %s", err, told(findings(all)))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int(after.HeapAlloc) - int(before.HeapAlloc); kept > 10*len(data) {
		t.Errorf("%d octets kept of %d", kept, len(data))
	} else {
		t.Logf("%.1f times the size kept", float64(kept)/float64(len(data)))
	}
	runtime.KeepAlive(all)
}

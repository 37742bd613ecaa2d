package cells

import (
	"bytes"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/intake/archive"
)

const (
	maxStrings = 2_000_000
	maxText    = 48 << 20 // bytes of all shared texts
)

// texts are the shared texts of a workbook, one behind the other in blocks:
// a million small strings of their own would take several times as much.
type texts struct {
	blocks []string
	build  strings.Builder
	bytes  int
	begins []uint32
	ends   []uint32
	block  []uint16
}

const blockSize = 256 << 10

func (t *texts) add(s []byte) *Refusal {
	if t.bytes += len(s); t.bytes > maxText {
		return refuse(declarations.CodeTooLarge, "unit", "bytes", "limit", strconv.Itoa(maxText))
	}
	if len(t.begins) >= maxStrings {
		return refuse(declarations.CodeTooLarge, "unit", "texts", "limit", strconv.Itoa(maxStrings))
	}
	if t.build.Len() > 0 && t.build.Len()+len(s) > blockSize {
		t.seal()
	}
	t.block = append(t.block, uint16(len(t.blocks)))
	t.begins = append(t.begins, uint32(t.build.Len()))
	t.build.Write(s)
	t.ends = append(t.ends, uint32(t.build.Len()))
	return nil
}

func (t *texts) seal() {
	t.blocks = append(t.blocks, t.build.String())
	t.build = strings.Builder{}
}

func (t *texts) get(i int) (string, bool) {
	if i < 0 || i >= len(t.begins) {
		return "", false
	}
	return t.blocks[t.block[i]][t.begins[i]:t.ends[i]], true
}

// readStrings reads the shared texts. The runs of a formatted text are one
// text; how to pronounce it (rPh) is no part of it.
func (w *workbook) readStrings(name string) error {
	f := archive.Find(w.zip, name)
	if f == nil {
		return broken(name)
	}
	var text richText
	err := w.tokens(f, maxSheet, func(t *token) error {
		if t.kind != endToken || string(t.local) != "si" {
			return text.see(t)
		}
		if refusal := w.strings.add(unescape(text.take())); refusal != nil {
			return refusal
		}
		return nil
	})
	w.strings.seal()
	return err
}

// richText collects the t of an is or si.
type richText struct {
	b         []byte
	in, sound bool
}

func (r *richText) see(t *token) error {
	switch t.kind {
	case startToken:
		switch string(t.local) {
		case "t":
			r.in = !r.sound
		case "rPh":
			r.sound = true
		}
	case endToken:
		switch string(t.local) {
		case "t":
			r.in = false
		case "rPh":
			r.sound = false
		}
	case textToken:
		if !r.in {
			return nil
		}
		if len(r.b)+len(t.text) > 4*MaxCell {
			return refuse(declarations.CodeTooLarge, "unit", "characters", "limit", strconv.Itoa(MaxCell))
		}
		r.b = append(r.b, t.text...)
	case directiveToken, otherToken:
	}
	return nil
}

// take is the text, valid until more is seen.
func (r *richText) take() []byte {
	b := r.b
	r.b = r.b[:0]
	return b
}

// unescape reads _x000D_, which is how a workbook writes characters that XML
// has not (ECMA-376 part 1, 22.9.2.19, ST_Xstring).
func unescape(s []byte) []byte {
	if !bytes.Contains(s, []byte("_x")) {
		return s
	}
	var b bytes.Buffer
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && i+7 <= len(s) && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(string(s[i+2:i+6]), 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.Bytes()
}

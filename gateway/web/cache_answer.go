package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// answer is a public answer, ready to be written again and again.
type answer struct {
	to     *audience
	header http.Header // what both forms share
	plain  form
	packed form // without a body: packing does not pay
}

// form is one encoding of it. An entity tag names the bytes of one form (RFC
// 9110, 8.8.3), so each has its own.
type form struct {
	body, encoding []byte
	tag            string
	tags, length   []string // as header values
}

// smallest is what is worth packing.
const smallest = 512

// newAnswer keeps what a handler wrote.
func newAnswer(rec *recorder, to *audience) (*answer, error) {
	body := bytes.Clone(rec.body.Bytes())
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:16])
	a := &answer{to: to, header: rec.header, plain: newForm(body, "", tag)}
	a.header.Del("Content-Length")
	a.header.Set("Cache-Control", to.control)
	a.header.Set("Vary", to.vary)
	if len(body) < smallest {
		return a, nil
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		if _, err = w.Write(body); err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	if out.Len() < len(body) {
		a.packed = newForm(out.Bytes(), "gzip", tag+"-gzip")
	}
	return a, nil
}

func newForm(body []byte, encoding, tag string) form {
	return form{body: body, encoding: []byte(encoding), tag: `"` + tag + `"`, tags: []string{`"` + tag + `"`}, length: []string{strconv.Itoa(len(body))}}
}

var gzipped = []string{"gzip"}

// write answers a GET or a HEAD.
func (a *answer) write(w http.ResponseWriter, r *http.Request) error {
	f, h := &a.plain, w.Header()
	maps.Copy(h, a.header)
	if a.packed.body != nil && takesGzip(r.Header["Accept-Encoding"]) {
		f = &a.packed
	}
	h["Etag"] = f.tags
	if matches(r.Header["If-None-Match"], f.tag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if len(f.encoding) > 0 {
		h["Content-Encoding"] = gzipped
	}
	h["Content-Length"] = f.length
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(f.body)
	return err
}

// takesGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip is named, and not
// with the weight zero.
func takesGzip(fields []string) bool {
	for _, field := range fields {
		for part := range strings.SplitSeq(field, ",") {
			name, weight, _ := strings.Cut(part, ";")
			if name = strings.TrimSpace(name); !strings.EqualFold(name, "gzip") && !strings.EqualFold(name, "x-gzip") {
				continue
			}
			_, q, _ := strings.Cut(weight, "=")
			return strings.Trim(q, " 0.") != "" || strings.TrimSpace(weight) == ""
		}
	}
	return false
}

// matches reads If-None-Match (RFC 9110, 13.1.2): a list of tags, compared
// weakly, or *.
func matches(fields []string, tag string) bool {
	for _, field := range fields {
		for part := range strings.SplitSeq(field, ",") {
			if part = strings.TrimSpace(part); part == "*" || strings.TrimPrefix(part, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// recorder takes what a handler writes for all who ask.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
)

// firstRead is what a body may take before its length has been earned by bytes that came.
const firstRead = 64 << 10

// body reads the whole request body. The limit of the route stands on r.Body
// already; here its memory is counted, so that many large bodies at once are
// refused instead of filling the machine. The bytes belong to the caller
// until the request ends.
func (s *server) body(r *http.Request) ([]byte, error) {
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return nil, errMediaType
	}
	c := callOf(r.Context())
	size := min(max(r.ContentLength+1, 512), firstRead) // one more, to see the end
	if !s.hold(c, size) {
		return nil, errOverload
	}
	buf := make([]byte, 0, size)
	for {
		n, err := r.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, nil
		}
		if err != nil {
			return nil, readError(err)
		}
		if len(buf) < cap(buf) {
			continue
		}
		grow := int64(cap(buf))
		if left := r.ContentLength + 1 - int64(len(buf)); left > 0 {
			grow = min(grow, left)
		}
		if !s.hold(c, grow) {
			return nil, errOverload
		}
		buf = slices.Grow(buf, int(grow))
	}
}

func (s *server) hold(c *call, n int64) bool {
	if !s.buffered.take(n) {
		return false
	}
	c.held += n
	return true
}

// mediaType is the type of the body in lower case without parameters, one of
// allowed; empty when the request names none.
func mediaType(r *http.Request, allowed ...string) (string, error) {
	h := r.Header.Get("Content-Type")
	if h == "" || slices.Contains(allowed, h) {
		return h, nil
	}
	t, params, err := mime.ParseMediaType(h)
	if err != nil || !slices.Contains(allowed, t) {
		return "", errMediaType
	}
	if cs := params["charset"]; t == typeJSON && cs != "" && !strings.EqualFold(cs, "utf-8") {
		return "", errMediaType
	}
	return t, nil
}

// maxKey bounds an Idempotency-Key; the column holds as much.
const maxKey = 255

// idempotencyKey is the caller's key, or empty when the header is absent.
func idempotencyKey(r *http.Request) (string, error) {
	v := r.Header.Values("Idempotency-Key")
	if len(v) == 0 {
		return "", nil
	}
	if len(v) > 1 || v[0] == "" || len(v[0]) > maxKey {
		return "", errIdempotencyKey
	}
	for i := range len(v[0]) {
		if v[0][i] < '!' || v[0][i] > '~' {
			return "", errIdempotencyKey
		}
	}
	return v[0], nil
}

// requestSHA names everything that an Idempotency-Key stands for.
func requestSHA(method, path string, draft bool, contentType string, body []byte) string {
	h := requestHash(method, path, draft, contentType)
	h.Write(body)
	var sum [sha256.Size]byte
	return hex.EncodeToString(h.Sum(sum[:0]))
}

// requestHash has taken everything but the body.
func requestHash(method, path string, draft bool, contentType string) hash.Hash {
	h := sha256.New()
	if draft {
		path += "?draft"
	}
	h.Write([]byte(method + "\n" + path + "\n" + contentType + "\n"))
	return h
}

// query reads the query string of a plain handler. A parameter outside
// allowed is refused: a misspelt ?draft=1 must not submit.
func query(r *http.Request, allowed ...string) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, parameter("query", "")
	}
	for name, values := range q {
		if !slices.Contains(allowed, name) || len(values) > 1 {
			return nil, parameter("query", name)
		}
	}
	return q, nil
}

// truth is a parameter that is 1 or absent.
func truth(q url.Values, name string) (bool, error) {
	switch q.Get(name) {
	case "1", "true":
		return true, nil
	case "", "0", "false":
		return false, nil
	}
	return false, parameter("query", name)
}

// readError tells why a body could not be read: too large, too slow, or cut.
func readError(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge(large.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSlow
	}
	return errCut
}

// bodyJSON is the body of a request that takes JSON and no query.
func (s *server) bodyJSON(r *http.Request) ([]byte, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	if _, err := mediaType(r, typeJSON); err != nil {
		return nil, err
	}
	return s.body(r)
}

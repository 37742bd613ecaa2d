package edifact

import (
	"errors"
	"fmt"
	"io"
)

// Reader reads interchanges from a stream, each when it is asked for.
type Reader struct {
	src     io.Reader
	options Options
	buffer  []byte
	unread  []byte // of buffer
	at      int64  // octets handed to scanners
	carry   string // begins the next interchange: UNA or UNB
	err     error
	room    scratch
	lost    bool // a bound was passed: what follows has no beginning
}

// NewReader reads from src.
func NewReader(src io.Reader, options Options) *Reader {
	return &Reader{src: src, options: options, buffer: make([]byte, 64<<10)}
}

// Next is the next interchange; io.EOF when there is none. Data that belong to
// no interchange come as one without header and with findings. Other errors
// are those of the stream.
func (r *Reader) Next() (*Interchange, error) {
	if r.lost {
		return nil, io.EOF
	}
	s := newScanner(r.options, r.at-int64(len(r.carry)), &r.room)
	s.begin(r.carry)
	r.carry = ""
	for {
		for len(r.unread) > 0 {
			n, done := s.feed(r.unread)
			r.unread, r.at = r.unread[n:], r.at+int64(n)
			if done {
				r.carry, r.lost = s.carry, s.lost
				return s.result(), nil
			}
		}
		if r.err != nil {
			if !errors.Is(r.err, io.EOF) {
				return nil, fmt.Errorf("read interchange: %w", r.err)
			}
			if ic := s.finish(); ic != nil {
				return ic, nil
			}
			return nil, io.EOF
		}
		var n int
		n, r.err = r.src.Read(r.buffer)
		r.unread = r.buffer[:n]
	}
}

// Parse reads all interchanges of data.
func Parse(data []byte, options Options) []*Interchange {
	var all []*Interchange
	carry, at := "", 0
	var room scratch
	for {
		room.reserve(len(data) - at)
		s := newScanner(options, int64(at-len(carry)), &room)
		s.begin(carry)
		for done := false; !done; {
			if at == len(data) {
				if ic := s.finish(); ic != nil {
					all = append(all, ic)
				}
				return all
			}
			var n int
			n, done = s.feed(data[at:])
			at += n
		}
		all = append(all, s.result())
		if s.lost {
			return all
		}
		carry = s.carry
	}
}

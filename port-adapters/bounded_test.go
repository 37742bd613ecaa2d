package portadapters

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBoundedEndsWhatHasNoEnd(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	defer there.Close()
	go func() {
		for err := error(nil); err == nil; {
			_, err = there.Write([]byte("0123456789"))
		}
	}()
	b := &Bounded{Conn: here}
	defer b.Cut()
	b.Allow(20)
	got := make([]byte, 20)
	if _, err := io.ReadFull(b, got); err != nil || string(got) != "01234567890123456789" {
		t.Fatalf("what is allowed: %q, %v", got, err)
	}
	if b.Why() != nil {
		t.Errorf("so far: %v", b.Why())
	}
	if n, err := b.Read(got); n != 0 || !errors.Is(err, ErrTooMuch) {
		t.Errorf("more: %d bytes, %v", n, err)
	}
	b.Allow(100)
	if _, err := b.Read(got); !errors.Is(err, ErrTooMuch) || !errors.Is(b.Why(), ErrTooMuch) {
		t.Errorf("it goes on: %v", err)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"250 ok":                      "250 ok",
		"a\r\nb\x00c\x7fd":            "a  b c d",
		"bad \xff":                    "bad \uFFFD",
		strings.Repeat("x", 201):      strings.Repeat("x", 200) + "…",
		"x" + strings.Repeat("大", 67): "x" + strings.Repeat("大", 66) + "…",
	} {
		if got := Words(in); got != want || !utf8.ValidString(got) {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if Shortened(nil) != nil {
		t.Error("an error out of nothing")
	}
	err := Shortened(errors.Join(ErrPermanent, errors.New(strings.Repeat("x", 1000))))
	if !errors.Is(err, ErrPermanent) || len(err.Error()) > 210 || strings.Contains(err.Error(), "\n") {
		t.Errorf("shortened to %q", err)
	}
}

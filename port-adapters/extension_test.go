package portadapters

import (
	"errors"
	"testing"
)

func TestPlainFile(t *testing.T) {
	t.Parallel()
	cases := []struct{ contentType, want string }{
		{"application/xml", "N1.xml"},
		{"application/xml; charset=utf-8", "N1.xml"},
		{"application/EDIFACT", "N1.edi"},
		{"application/edifact; charset=\"UTF-8\"", "N1.edi"},
		{"Application/JSON", "N1.json"},
		{"text/plain; charset=utf-8", ""},
		{"application/octet-stream", ""},
		{"", ""},
		{"application/xml; charset", ""},
		{"../xml", ""},
	}
	for _, c := range cases {
		got, err := PlainFile(&Message{FileName: "N1", ContentType: c.contentType})
		if got != c.want || (c.want == "") != errors.Is(err, ErrPermanent) {
			t.Errorf("%q: got %q, %v; want %q", c.contentType, got, err, c.want)
		}
	}
	m := Message{FileName: "N1", ContentType: "application/xml", Attachments: []Attachment{{Name: "a.pdf"}}}
	if name, err := PlainFile(&m); !errors.Is(err, ErrPermanent) {
		t.Errorf("with an attachment: got %q, %v", name, err)
	}
	if name, err := PlainFile(&Message{FileName: "../N1", ContentType: "application/xml"}); !errors.Is(err, ErrPermanent) {
		t.Errorf("with a path: got %q, %v", name, err)
	}
}

func TestDialerRefusesSpecialAddressesAndReachesListedOnes(t *testing.T) {
	t.Parallel()
	s := target(t, answer(204))
	address := s.Listener.Addr().String()
	if conn, err := (Guard{}).Dialer()(t.Context(), "tcp", address); !errors.Is(err, ErrGuarded) {
		t.Errorf("got %v, %v; want ErrGuarded", conn, err)
	}
	conn, err := Guard{Allow: []string{address}}.Dialer()(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	if conn, err := (Guard{}).Dialer()(t.Context(), "tcp", "no port"); err == nil {
		t.Errorf("got %v for an address without a port", conn)
	}
}

package portadapters

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSpecialAddresses(t *testing.T) {
	t.Parallel()
	cases := []struct{ ip, want string }{
		{"0.0.0.0", "this network"},
		{"10.255.255.255", "private"}, {"172.16.0.1", "private"}, {"172.31.255.255", "private"}, {"192.168.0.1", "private"},
		{"100.64.0.1", "carrier-grade NAT"}, {"100.127.255.255", "carrier-grade NAT"},
		{"127.0.0.1", "loopback"}, {"127.255.255.254", "loopback"}, {"::1", "loopback"},
		{"169.254.169.254", "link-local"}, {"fe80::1", "link-local"}, {"fe80::1%eth0", "link-local"}, {"febf::1", "link-local"},
		{"192.0.0.8", "protocol assignment"}, {"192.88.99.1", "6to4 relay"}, {"198.18.0.1", "benchmarking"}, {"198.19.255.255", "benchmarking"},
		{"192.0.2.1", "documentation"}, {"198.51.100.1", "documentation"}, {"203.0.113.1", "documentation"},
		{"2001:db8::1", "documentation"}, {"3fff::1", "documentation"},
		{"224.0.0.1", "multicast"}, {"239.255.255.255", "multicast"}, {"ff02::1", "multicast"},
		{"240.0.0.1", "reserved or broadcast"}, {"255.255.255.255", "reserved or broadcast"},
		{"::ffff:127.0.0.1", "IPv4-mapped"}, {"::ffff:8.8.8.8", "IPv4-mapped"},
		{"::", "unspecified or IPv4-compatible"}, {"::7f00:1", "unspecified or IPv4-compatible"},
		{"64:ff9b::7f00:1", "NAT64"}, {"64:ff9b:1::1", "local NAT64"}, {"100::1", "discard-only"},
		{"2001::1", "Teredo"}, {"2001:2::1", "protocol assignment"}, {"2001:20::1", "protocol assignment"}, {"2002:7f00:1::", "6to4"},
		{"fc00::1", "unique local"}, {"fdff::1", "unique local"}, {"fec0::1", "site-local"},
		{"4000::1", "reserved"}, {"5f00::1", "reserved"}, {"1::1", "reserved"},
		// neighbours of the ranges are ordinary
		{"8.8.8.8", ""}, {"9.255.255.255", ""}, {"11.0.0.0", ""}, {"100.63.255.255", ""}, {"100.128.0.0", ""}, {"172.15.255.255", ""},
		{"172.32.0.0", ""}, {"192.167.255.255", ""}, {"192.169.0.0", ""}, {"198.17.255.255", ""}, {"198.20.0.0", ""}, {"223.255.255.255", ""},
		{"2001:200::1", ""}, {"2001:db7::1", ""}, {"2003::1", ""}, {"2606:4700::1", ""}, {"240e::1", ""},
	}
	for _, c := range cases {
		if got := SpecialAddress(netip.MustParseAddr(c.ip)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.ip, got, c.want)
		}
	}
	if got := SpecialAddress(netip.Addr{}); got != "invalid" {
		t.Errorf("no address: got %q, want invalid", got)
	}
}

// target counts the connections that reach a loopback server.
func target(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

func answer(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

func TestGuardRefusesAtTheMomentOfConnecting(t *testing.T) {
	t.Parallel()
	reached := false
	s := target(t, func(http.ResponseWriter, *http.Request) { reached = true })
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		host string
		g    Guard
	}{
		{"the zero guard refuses loopback", "127.0.0.1:" + port, Guard{}},
		{"a name that resolves to loopback", "localhost:" + port, Guard{}},
		{"a name is not allowed by the address that it resolves to", "localhost:" + port, Guard{Allow: []string{"127.0.0.1", "127.0.0.1:" + port}}},
		{"an address is not allowed by another port", "127.0.0.1:" + port, Guard{Allow: []string{"127.0.0.1:1"}}},
		{"an address in IPv4-mapped form", "[::ffff:127.0.0.1]:" + port, Guard{}},
		{"an address in short form", "127.1:" + port, Guard{Resolver: &net.Resolver{PreferGo: true, Dial: noNetwork}}},
		{"a port that is not listed", "127.0.0.1:" + port, Guard{Ports: []string{"443"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			transport := NewTransport(c.g)
			defer transport.CloseIdleConnections()
			client := NewClient(Options{Transport: transport})
			_, err := Call(t.Context(), client.R(), http.MethodGet, "http://"+c.host)
			if err == nil {
				t.Fatal("connected")
			}
			if strings.HasPrefix(c.host, "127.1:") {
				return // no such name: another error is as good
			}
			if !errors.Is(err, ErrGuarded) || !errors.Is(err, ErrPermanent) {
				t.Errorf("got %v, want ErrGuarded and ErrPermanent", err)
			}
			if c.g.Ports != nil && !strings.Contains(err.Error(), "port not listed") {
				t.Errorf("got %v, want the port as the reason", err)
			}
		})
	}
	if reached {
		t.Error("a request reached the server")
	}
}

func noNetwork(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("no network in tests")
}

func TestGuardAllowsWhatIsListed(t *testing.T) {
	t.Parallel()
	s := target(t, answer(http.StatusNoContent))
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for host, allow := range map[string]string{
		"127.0.0.1:" + port: "127.0.0.1:" + port,
		"127.0.0.1":         "127.0.0.1",
		"localhost:" + port: "LOCALHOST",
	} {
		if !strings.Contains(host, ":") {
			host += ":" + port
		}
		transport := NewTransport(Guard{Allow: []string{allow}, Ports: []string{"443"}})
		if _, err := Call(t.Context(), NewClient(Options{Transport: transport}).R(), http.MethodGet, "http://"+host); err != nil {
			t.Errorf("%s with %s allowed: %v", host, allow, err)
		}
		transport.CloseIdleConnections()
	}
}

func TestTransportTakesNoProxyFromTheEnvironment(t *testing.T) {
	t.Parallel()
	if NewTransport(Guard{}).Proxy != nil {
		t.Error("the transport has a proxy function")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"I_EX1_t-1", "箱单 2026.pdf", "a.b-c_d(1)", "console", strings.Repeat("x", MaxNameLength)} {
		if err := CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", "..", "a/b", `a\b`, "C:x", "nul", "NUL.txt", "com1 .x", "a.", "a ", ".a", "a\x7f", "a\u202e", "a.tmp", "A.Temp", "\xff"} {
		if err := CheckName(name); !errors.Is(err, ErrPermanent) {
			t.Errorf("%q: got %v, want ErrPermanent", name, err)
		}
	}
}

func FuzzCheckName(f *testing.F) {
	f.Add("I_EX1")
	f.Add("../up")
	f.Fuzz(func(t *testing.T, name string) {
		if CheckName(name) == nil && (strings.ContainsAny(name, "/\\\x00") || name == "." || name == "..") {
			t.Errorf("%q passes", name)
		}
	})
}

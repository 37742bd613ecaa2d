package portadapters

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"
)

// Admit must say of every literal what the dial says, and never less.
func TestAdmitSaysWhatTheDialWillSay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		guard Guard
		host  string
		port  string
		admit bool
	}{
		{"loopback", Guard{}, "127.0.0.1", "443", false},
		{"loopback in IPv6", Guard{}, "::1", "443", false},
		{"loopback mapped into IPv6", Guard{}, "::ffff:127.0.0.1", "443", false},
		{"a name of this machine", Guard{}, "localhost", "443", false},
		{"private", Guard{}, "10.1.2.3", "443", false},
		{"metadata of clouds", Guard{}, "169.254.169.254", "80", false},
		{"carrier's own", Guard{}, "100.64.0.1", "443", false},
		{"nothing", Guard{}, "0.0.0.0", "443", false},
		{"ordinary", Guard{}, "8.8.8.8", "443", true},
		{"listed", Guard{Allow: []string{"127.0.0.1"}}, "127.0.0.1", "8443", true},
		{"listed with its port", Guard{Allow: []string{"127.0.0.1:8443"}}, "127.0.0.1", "8443", true},
		{"listed with another port", Guard{Allow: []string{"127.0.0.1:8443"}}, "127.0.0.1", "22", false},
		{"listed in other letters", Guard{Allow: []string{"LOCALHOST"}}, "localhost", "80", true},
		{"port that is not listed", Guard{Ports: []string{"443"}}, "8.8.8.8", "22", false},
		{"port that is listed", Guard{Ports: []string{"443"}}, "8.8.8.8", "443", true},
	} {
		err := row.guard.Admit(t.Context(), row.host, row.port)
		if (err == nil) != row.admit || err != nil && !errors.Is(err, ErrGuarded) {
			t.Errorf("%s: got %v, want admitted %v", row.name, err, row.admit)
		}
	}
}

func TestANameThatIsNotYetThereIsAdmitted(t *testing.T) {
	t.Parallel()
	nobody := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no name server")
	}}
	if err := (Guard{Resolver: nobody, ConnectTimeout: time.Second}).Admit(t.Context(), "not-yet.example", "443"); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

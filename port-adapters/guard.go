package portadapters

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// ErrGuarded says that a connection was refused on this side: the address is
// special and not allowed, or the port is not listed. It counts as permanent.
var ErrGuarded = errors.New("address not allowed")

// Time limits of one connection (push-and-errors REQ-14).
const (
	ConnectTimeout = 5 * time.Second
	DefaultTimeout = 15 * time.Second
)

// Guard decides where outgoing connections may go. The zero value allows
// every ordinary internet address and no special one.
type Guard struct {
	// Allow lists hosts that may have special addresses, as "host" or
	// "host:port": a name or an address literal, compared as it stands in the
	// address of the call. It is the name that is trusted, so a foreign name
	// that resolves to a listed address stays refused.
	Allow []string
	// Ports are the only ports that hosts outside Allow may be called on; empty: any.
	Ports []string
	// Resolver looks names up; nil: the resolver of the system.
	Resolver *net.Resolver
	// TLS is cloned into the transport; nil: the defaults with TLS 1.2 or newer.
	TLS *tls.Config
	// ConnectTimeout bounds name lookup and connect; 0: ConnectTimeout.
	ConnectTimeout time.Duration
}

// DialFunc opens a connection, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Dialer is how every wire reaches another host. The check stands at the
// moment of connecting, on the resolved address, so a name that changes
// between check and use does not get around it. It takes no proxy.
func (g Guard) Dialer() DialFunc {
	allowed := make(map[string]bool, len(g.Allow))
	for _, host := range g.Allow {
		allowed[strings.ToLower(host)] = true
	}
	ports := make(map[string]bool, len(g.Ports))
	for _, port := range g.Ports {
		ports[port] = true
	}
	open := &net.Dialer{Timeout: g.timeout(), Resolver: g.Resolver}
	guarded := &net.Dialer{Timeout: g.timeout(), Resolver: g.Resolver, ControlContext: refuseSpecial}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, fmt.Errorf("dial %s: %w", address, err)
		}
		if allowed[strings.ToLower(host)] || allowed[strings.ToLower(address)] {
			return open.DialContext(ctx, network, address)
		}
		if len(ports) > 0 && !ports[port] {
			return nil, fmt.Errorf("dial %s: port not listed: %w", address, ErrGuarded)
		}
		return guarded.DialContext(ctx, network, address)
	}
}

func (g Guard) timeout() time.Duration {
	return defaulted(g.ConnectTimeout, ConnectTimeout)
}

// NewTransport makes the one transport that every HTTP wire shares, over
// Dialer, so that a redirect does not get around the check either. It takes
// no proxy from the environment.
func NewTransport(g Guard) *http.Transport {
	tlsConfig := &tls.Config{MinVersion: tls.VersionTLS12}
	if g.TLS != nil {
		tlsConfig = g.TLS.Clone()
	}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            g.Dialer(),
		TLSClientConfig:        tlsConfig,
		TLSHandshakeTimeout:    g.timeout(),
		ResponseHeaderTimeout:  0, // the client's time limits cover it
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // a small answer must not grow after the size limit was checked
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        60 * time.Second,
	}
}

// refuseSpecial runs for each resolved address just before the connect.
func refuseSpecial(_ context.Context, network, address string, _ syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return fmt.Errorf("network %s: %w", network, ErrGuarded)
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("resolved address %s: %w", address, ErrGuarded)
	}
	if kind := SpecialAddress(to.Addr()); kind != "" {
		return fmt.Errorf("%s is a %s address: %w", to.Addr(), kind, ErrGuarded)
	}
	return nil
}

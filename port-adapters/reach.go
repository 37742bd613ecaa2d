package portadapters

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Admit says early what the transport of this Guard would say when it
// connects: nil, or an error that wraps ErrGuarded. It is a courtesy to who
// registers an address and no protection: a name may mean something else
// tomorrow, which the transport sees. A name that cannot be resolved now is
// admitted, because its owner may not have set it up yet.
func (g Guard) Admit(ctx context.Context, host, port string) error {
	if g.Allows(host, port) {
		return nil
	}
	if len(g.Ports) > 0 && !slices.Contains(g.Ports, port) {
		return fmt.Errorf("port %s not listed: %w", port, ErrGuarded)
	}
	addresses := []netip.Addr{}
	if literal, err := netip.ParseAddr(host); err == nil {
		addresses = append(addresses, literal)
	} else {
		ctx, cancel := context.WithTimeout(ctx, g.timeout())
		defer cancel()
		resolver := g.Resolver
		if resolver == nil {
			resolver = net.DefaultResolver
		}
		found, err := resolver.LookupNetIP(ctx, "ip", host)
		var unknown *net.DNSError
		if err != nil && !errors.As(err, &unknown) && ctx.Err() == nil {
			return fmt.Errorf("look up %s: %w: %w", host, ErrGuarded, err) // no name that a resolver takes
		}
		addresses = found
	}
	for _, ip := range addresses {
		if kind := SpecialAddress(ip.Unmap()); kind != "" {
			return fmt.Errorf("%s is a %s address: %w", ip, kind, ErrGuarded)
		}
	}
	return nil
}

// Allows reports whether the operator listed the host, with or without its port.
func (g Guard) Allows(host, port string) bool {
	for _, a := range g.Allow {
		if strings.EqualFold(a, host) || strings.EqualFold(a, net.JoinHostPort(host, port)) {
			return true
		}
	}
	return false
}

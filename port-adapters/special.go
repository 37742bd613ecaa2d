package portadapters

import "net/netip"

// specialRanges are the address blocks that no partner on the internet has,
// from the IANA special-purpose address registries for IPv4 and IPv6. They
// include blocks that some registries call globally reachable (AS112, AMT):
// nobody receives declarations there.
var specialRanges = []struct {
	name   string
	prefix netip.Prefix
}{
	{"this network", netip.MustParsePrefix("0.0.0.0/8")},
	{"private", netip.MustParsePrefix("10.0.0.0/8")},
	{"carrier-grade NAT", netip.MustParsePrefix("100.64.0.0/10")},
	{"loopback", netip.MustParsePrefix("127.0.0.0/8")},
	{"link-local", netip.MustParsePrefix("169.254.0.0/16")},
	{"private", netip.MustParsePrefix("172.16.0.0/12")},
	{"protocol assignment", netip.MustParsePrefix("192.0.0.0/24")},
	{"documentation", netip.MustParsePrefix("192.0.2.0/24")},
	{"AS112", netip.MustParsePrefix("192.31.196.0/24")},
	{"AMT", netip.MustParsePrefix("192.52.193.0/24")},
	{"6to4 relay", netip.MustParsePrefix("192.88.99.0/24")},
	{"private", netip.MustParsePrefix("192.168.0.0/16")},
	{"AS112", netip.MustParsePrefix("192.175.48.0/24")},
	{"benchmarking", netip.MustParsePrefix("198.18.0.0/15")},
	{"documentation", netip.MustParsePrefix("198.51.100.0/24")},
	{"documentation", netip.MustParsePrefix("203.0.113.0/24")},
	{"multicast", netip.MustParsePrefix("224.0.0.0/4")},
	{"reserved or broadcast", netip.MustParsePrefix("240.0.0.0/4")},

	{"IPv4-mapped", netip.MustParsePrefix("::ffff:0:0/96")},
	{"loopback", netip.MustParsePrefix("::1/128")},
	{"unspecified or IPv4-compatible", netip.MustParsePrefix("::/96")},
	{"NAT64", netip.MustParsePrefix("64:ff9b::/96")},
	{"local NAT64", netip.MustParsePrefix("64:ff9b:1::/48")},
	{"discard-only", netip.MustParsePrefix("100::/64")},
	{"Teredo", netip.MustParsePrefix("2001::/32")},
	{"protocol assignment", netip.MustParsePrefix("2001::/23")},
	{"documentation", netip.MustParsePrefix("2001:db8::/32")},
	{"6to4", netip.MustParsePrefix("2002::/16")},
	{"AS112", netip.MustParsePrefix("2620:4f:8000::/48")},
	{"documentation", netip.MustParsePrefix("3fff::/20")},
	{"unique local", netip.MustParsePrefix("fc00::/7")},
	{"link-local", netip.MustParsePrefix("fe80::/10")},
	{"site-local", netip.MustParsePrefix("fec0::/10")},
	{"multicast", netip.MustParsePrefix("ff00::/8")},
}

// globalUnicast is all of IPv6 that is assigned to the internet; what is
// reserved today stays refused when it gets a meaning tomorrow.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// SpecialAddress names the special range that ip belongs to: private,
// loopback, NAT64 …; "" for an ordinary address of the internet.
func SpecialAddress(ip netip.Addr) string {
	if !ip.IsValid() {
		return "invalid"
	}
	ip = ip.WithZone("")
	for i := range specialRanges {
		if specialRanges[i].prefix.Contains(ip) {
			return specialRanges[i].name
		}
	}
	if ip.Is6() && !globalUnicast.Contains(ip) {
		return "reserved"
	}
	return ""
}

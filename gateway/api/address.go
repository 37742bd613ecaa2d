package api

import (
	"net"
	"net/http"
	"strings"
)

// AddressOf is where a request comes from. Behind a proxy of the operator's it
// is the last entry of X-Forwarded-For, the one that the proxy itself wrote;
// what stands before it anybody may have written.
func AddressOf(r *http.Request, behindProxy bool) string {
	if behindProxy {
		if lines := r.Header.Values("X-Forwarded-For"); len(lines) > 0 {
			list := strings.Split(lines[len(lines)-1], ",")
			if last := strings.TrimSpace(list[len(list)-1]); last != "" {
				return last
			}
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

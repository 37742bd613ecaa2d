package api

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// calm bounds how often a partner may set many messages in motion by one
// call: replays and test messages.
type calm struct {
	mu sync.Mutex
	by map[string]*rate.Limiter
}

// A burst for who repairs something by hand, then one call every few seconds.
const (
	calmEvery    = 6 * time.Second
	calmBurst    = 10
	calmPartners = 10_000
)

// errHurry asks to wait until the next call is allowed.
var errHurry = &refusal{status: http.StatusTooManyRequests, word: "overload", wait: int(calmEvery / time.Second)}

func (c *calm) allow(partner string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil || len(c.by) >= calmPartners {
		c.by = map[string]*rate.Limiter{}
	}
	l := c.by[partner]
	if l == nil {
		l = rate.NewLimiter(rate.Every(calmEvery), calmBurst)
		c.by[partner] = l
	}
	return l.AllowN(now, 1)
}

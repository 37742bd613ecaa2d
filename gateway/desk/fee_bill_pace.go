package desk

import (
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// ErrTooOften asks to wait before the next account.
var ErrTooOften = errors.New("too many accounts at once")

// A person checks some accounts one after another, then one every few seconds.
const (
	billEvery  = 6 * time.Second
	billBurst  = 10
	billCaller = 10_000
)

// BillWait is how long one waits who came too often.
const BillWait = billEvery

// billPace bounds how often one caller has accounts checked.
type billPace struct {
	mu sync.Mutex
	by map[string]*rate.Limiter
}

func (p *billPace) allow(partner, peer string, now time.Time) bool {
	who := "partner " + partner
	if partner == "" {
		who = "peer " + peer
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil || len(p.by) >= billCaller {
		p.by = map[string]*rate.Limiter{}
	}
	l := p.by[who]
	if l == nil {
		l = rate.NewLimiter(rate.Every(billEvery), billBurst)
		p.by[who] = l
	}
	return l.AllowN(now, 1)
}

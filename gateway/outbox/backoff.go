package outbox

import (
	"cmp"
	"time"
)

// Backoff says how long a failed item waits: Base after the first try,
// doubling up to Cap, spread by Jitter to both sides so that items that
// failed together do not come back together.
type Backoff struct {
	Base          time.Duration // 1 s
	Cap           time.Duration // 5 min
	Jitter        float64       // share of the wait, 0.2; negative: none
	RetryAfterCap time.Duration // longest wait that the other side may ask for, 1 h
}

func (b Backoff) withDefaults() Backoff {
	return Backoff{
		Base:          cmp.Or(b.Base, time.Second),
		Cap:           cmp.Or(b.Cap, 5*time.Minute),
		Jitter:        max(0, cmp.Or(b.Jitter, 0.2)),
		RetryAfterCap: cmp.Or(b.RetryAfterCap, time.Hour),
	}
}

// after is the wait after the given number of tries (1..). r is in [0,1).
func (b Backoff) after(tries int, r float64) time.Duration {
	return spread(double(b.Base, b.Cap, tries-1), b.Jitter, r)
}

// asked is the wait that the other side wished for, kept between Base and
// RetryAfterCap. It is spread upwards only: earlier than asked is impolite.
func (b Backoff) asked(d time.Duration, r float64) time.Duration {
	d = min(max(d, b.Base), b.RetryAfterCap)
	return d + time.Duration(float64(d)*b.Jitter*r)
}

// double is base doubled n times, at most limit.
func double(base, limit time.Duration, n int) time.Duration {
	d := base
	for range n {
		if d >= limit/2 {
			return limit
		}
		d *= 2
	}
	return min(d, limit)
}

func spread(d time.Duration, jitter, r float64) time.Duration {
	return d + time.Duration(float64(d)*jitter*(2*r-1))
}

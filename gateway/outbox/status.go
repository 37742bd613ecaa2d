package outbox

import "time"

// Status is how the engine stands at one moment, for readiness and doctor.
type Status struct {
	Leases     int               // shards leased
	Renewed    time.Time         // start of the last successful renewal; zero before the first
	Breakers   map[string]string // by receiver: closed, half-open, open
	Delivering int               // deliveries under way
	Queued     int               // claimed and not started
	Recording  int               // results being recorded
}

// Status may be called at any time.
func (e *Engine) Status() Status {
	e.setup()
	s := Status{Breakers: make(map[string]string, len(e.names))}
	s.Leases, s.Renewed = e.leases.status()
	e.mu.Lock()
	defer e.mu.Unlock()
	s.Delivering, s.Recording = e.busy, e.recording
	for name, l := range e.lanes {
		s.Breakers[name] = l.breaker.Load().State().String()
		s.Queued += len(l.queue)
	}
	return s
}

package app

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kouan/gateway/store"
)

// endpointMetrics tells how many endpoints are disabled and why: one that
// answered 410 is an alarm. It is read at most every ledgerEvery.
type endpointMetrics struct {
	store *store.Store
	clock func() time.Time

	mu     sync.Mutex
	counts []store.EndpointCount
	readAt time.Time
}

var endpointsDesc = prometheus.NewDesc("kouan_endpoints", "Endpoints of partners by state, and why: gone (it answered 410), owner, operator.", []string{"state", "reason"}, nil)

func newEndpointMetrics(s *store.Store, clock func() time.Time) *endpointMetrics {
	return &endpointMetrics{store: s, clock: clock}
}

// Describe names the figure.
func (m *endpointMetrics) Describe(to chan<- *prometheus.Desc) { to <- endpointsDesc }

// Collect reads the figure; when it cannot be read it is left out.
func (m *endpointMetrics) Collect(to chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.clock(); now.Sub(m.readAt) >= ledgerEvery {
		ctx, cancel := context.WithTimeout(context.Background(), ledgerTimeout)
		defer cancel()
		counts, err := m.store.EndpointCounts(ctx)
		if err != nil {
			return
		}
		m.counts, m.readAt = counts, now
	}
	for _, c := range m.counts {
		to <- prometheus.MustNewConstMetric(endpointsDesc, prometheus.GaugeValue, float64(c.Count), c.State, c.Reason)
	}
}

package app

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kouan/gateway/store"
)

// storeMetrics tells how the database writer and the ledger stand. The ledger
// sums up whole tables, so it is read at most every ledgerEvery.
type storeMetrics struct {
	store *store.Store
	clock func() time.Time

	mu     sync.Mutex
	ledger store.Ledger
	readAt time.Time
	known  bool
}

const (
	ledgerEvery   = 30 * time.Second
	ledgerTimeout = 5 * time.Second
)

var (
	queuedDesc   = prometheus.NewDesc("kouan_store_queued", "Changes that wait for the writer.", nil, nil)
	commitsDesc  = prometheus.NewDesc("kouan_store_commits_total", "Durable transactions.", nil, nil)
	changesDesc  = prometheus.NewDesc("kouan_store_changes_total", "Changes in them.", nil, nil)
	retriesDesc  = prometheus.NewDesc("kouan_store_retries_total", "Transactions tried again after a passing fault.", nil, nil)
	unknownDesc  = prometheus.NewDesc("kouan_store_commit_unknown_total", "COMMITs whose outcome was not known.", nil, nil)
	differsDesc  = prometheus.NewDesc("kouan_ledger_difference", "Accepted less waiting, sending, delivered, dead and cancelled; anything but 0 is a loss.", nil, nil)
	acceptedDesc = prometheus.NewDesc("kouan_ledger_accepted", "Submitted attempts.", nil, nil)
)

func newStoreMetrics(s *store.Store, clock func() time.Time) *storeMetrics {
	return &storeMetrics{store: s, clock: clock}
}

// Describe names the figures.
func (m *storeMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{queuedDesc, commitsDesc, changesDesc, retriesDesc, unknownDesc, differsDesc, acceptedDesc} {
		to <- d
	}
}

// Collect reads the figures. A ledger that cannot be read now is left out, so
// that an alert sees a gap and no old value.
func (m *storeMetrics) Collect(to chan<- prometheus.Metric) {
	s := m.store.Stats()
	to <- prometheus.MustNewConstMetric(queuedDesc, prometheus.GaugeValue, float64(s.Queued))
	for d, n := range map[*prometheus.Desc]int64{commitsDesc: s.Commits, changesDesc: s.Changes, retriesDesc: s.Retries, unknownDesc: s.Unknown} {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n))
	}
	if l, ok := m.readLedger(); ok {
		to <- prometheus.MustNewConstMetric(differsDesc, prometheus.GaugeValue, float64(l.Difference()))
		to <- prometheus.MustNewConstMetric(acceptedDesc, prometheus.GaugeValue, float64(l.Accepted))
	}
}

func (m *storeMetrics) readLedger() (store.Ledger, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.clock()
	if m.known && now.Sub(m.readAt) < ledgerEvery {
		return m.ledger, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), ledgerTimeout)
	defer cancel()
	l, err := m.store.Ledger(ctx)
	m.ledger, m.readAt, m.known = l, now, err == nil
	return l, m.known
}

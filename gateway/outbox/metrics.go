package outbox

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"kouan/gateway/store"
)

// Metrics are what the engine tells about itself. Receivers are labels;
// subjects, ids and tenants never are.
type Metrics struct {
	attempts        *prometheus.CounterVec
	seconds         *prometheus.HistogramVec
	breaker         *prometheus.GaugeVec
	items           *prometheus.GaugeVec
	oldest          *prometheus.GaugeVec
	panics          *prometheus.CounterVec
	leases          prometheus.Gauge
	fenced          prometheus.Counter
	left            prometheus.Counter
	recovered       prometheus.Counter
	forfeits        prometheus.Counter
	renewalFailures prometheus.Counter
	claimFailures   prometheus.Counter
	recordFailures  prometheus.Counter

	shown map[[2]string]bool // receiver and state of the last backlog
}

// NewMetrics makes the metrics and registers them; a nil Registerer leaves
// them unregistered. It panics when they are registered already.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	f := promauto.With(reg)
	counter := func(name, help string) prometheus.Counter {
		return f.NewCounter(prometheus.CounterOpts{Namespace: "kouan", Subsystem: "outbox", Name: name, Help: help})
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return f.NewGaugeVec(prometheus.GaugeOpts{Namespace: "kouan", Subsystem: "outbox", Name: name, Help: help}, labels)
	}
	return &Metrics{
		attempts: f.NewCounterVec(prometheus.CounterOpts{Namespace: "kouan", Subsystem: "outbox", Name: "attempts_total",
			Help: "Outcomes of claimed items: delivered, duplicate, temporary, retry_after, unknown, cut_off, permanent, exhausted, unreadable, no_adapter, unsent."},
			[]string{"receiver", "result"}),
		seconds: f.NewHistogramVec(prometheus.HistogramOpts{Namespace: "kouan", Subsystem: "outbox", Name: "delivery_seconds",
			Help: "Time that the adapter took.", Buckets: []float64{.001, .005, .02, .1, .5, 1, 2.5, 5, 10}}, []string{"receiver"}),
		panics: f.NewCounterVec(prometheus.CounterOpts{Namespace: "kouan", Subsystem: "outbox", Name: "adapter_panics_total",
			Help: "Panics in an adapter."}, []string{"receiver"}),
		breaker: gauge("breaker_state", "0 closed, 1 half-open, 2 open.", "receiver"),
		items:   gauge("items", "Items by receiver and state.", "receiver", "state"),
		oldest:  gauge("oldest_seconds", "Age of the oldest item.", "receiver", "state"),
		leases: f.NewGauge(prometheus.GaugeOpts{Namespace: "kouan", Subsystem: "outbox", Name: "leases_held",
			Help: "Shards that this process leases."}),
		fenced:          counter("fenced_total", "Items whose lease was lost before their result was recorded."),
		left:            counter("left_total", "Items whose result could not be recorded; the next lease delivers them again."),
		recovered:       counter("recovered_total", "Items that a dead owner left sending."),
		forfeits:        counter("forfeits_total", "Times that all leases were given back to recover items left sending."),
		renewalFailures: counter("lease_failures_total", "Failed renewals of the leases."),
		claimFailures:   counter("claim_failures_total", "Failed claims."),
		recordFailures:  counter("record_failures_total", "Failed recordings of a result, each repeated."),
		shown:           map[[2]string]bool{},
	}
}

// showBacklog replaces the figures of the queue by those just read; receivers
// that share a label are added up.
func (m *Metrics) showBacklog(rows []store.Backlog, now time.Time) {
	shown := make(map[[2]string]bool, len(rows))
	sum := make(map[[2]string]store.Backlog, len(rows))
	for _, row := range rows {
		key := [2]string{row.Receiver, row.State}
		if old, ok := sum[key]; ok {
			row.Count, row.OldestAt = row.Count+old.Count, min(row.OldestAt, old.OldestAt)
		}
		sum[key] = row
	}
	for key, row := range sum {
		shown[key] = true
		m.items.WithLabelValues(key[0], key[1]).Set(float64(row.Count))
		m.oldest.WithLabelValues(key[0], key[1]).Set(max(0, now.Sub(time.UnixMilli(row.OldestAt)).Seconds()))
	}
	for key := range m.shown {
		if !shown[key] {
			m.items.DeleteLabelValues(key[0], key[1])
			m.oldest.DeleteLabelValues(key[0], key[1])
		}
	}
	m.shown = shown
}

func (e *Engine) measureLoop(ctx context.Context) {
	for {
		asking, done := context.WithTimeout(ctx, storeTimeout)
		rows, err := e.Store.Backlog(asking)
		done()
		switch {
		case err == nil:
			e.mu.Lock()
			for i := range rows {
				rows[i].Receiver = e.label(rows[i].Receiver)
			}
			e.mu.Unlock()
			e.Metrics.showBacklog(rows, e.Clock())
		case ctx.Err() == nil:
			e.Logger.Warn("outbox backlog not read", "error", err)
		}
		if !sleep(ctx, measureEvery) {
			return
		}
	}
}

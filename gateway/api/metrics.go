package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics count requests by route pattern and status; no label comes from a request.
type metrics struct {
	requests *prometheus.CounterVec
	accept   prometheus.Histogram
	inFlight prometheus.Gauge
	page     http.Handler
}

// acceptRoute is the route whose latency has a histogram of its own.
const acceptRoute = "/api/v1/declarations"

func newMetrics(r *prometheus.Registry) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kouan_http_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		accept: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "kouan_accept_seconds", Help: "Time from a submission to its 201.",
			Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "kouan_http_in_flight", Help: "Requests at work now, event streams included."}),
		page:     promhttp.HandlerFor(r, promhttp.HandlerOpts{}),
	}
	r.MustRegister(m.requests, m.accept, m.inFlight)
	return m
}

func (m *metrics) observe(w *recorder, took time.Duration) {
	m.requests.WithLabelValues(w.label, strconv.Itoa(w.status)).Inc()
	if w.status == http.StatusCreated && w.label == acceptRoute {
		m.accept.Observe(took.Seconds())
	}
}

func (s *server) metricsPage(w http.ResponseWriter, r *http.Request) error {
	s.metrics.page.ServeHTTP(w, r)
	return nil
}

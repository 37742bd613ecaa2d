package inbox

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics are what all pumps tell about themselves, by channel.
type Metrics struct {
	files        *prometheus.CounterVec
	scanFailures *prometheus.CounterVec
	reused       *prometheus.CounterVec
	pending      *prometheus.GaugeVec
	age          *prometheus.GaugeVec
}

// NewMetrics makes the metrics and registers them; a nil Registerer leaves
// them unregistered. It panics when they are registered already.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	f := promauto.With(reg)
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return f.NewCounterVec(prometheus.CounterOpts{Namespace: "kouan", Subsystem: "inbox", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) *prometheus.GaugeVec {
		return f.NewGaugeVec(prometheus.GaugeOpts{Namespace: "kouan", Subsystem: "inbox", Name: name, Help: help}, []string{"channel"})
	}
	return &Metrics{
		files:        counter("files_total", "Files by what became of them: matched, unmatched, retry, rejected, known, failed.", "channel", "state"),
		scanFailures: counter("scan_failures_total", "Scans that could not read the folder whole.", "channel"),
		reused:       counter("names_reused_total", "Settled file names that came again with other content.", "channel"),
		pending:      gauge("pending_files", "Files that wait to be heard again."),
		age:          gauge("last_response_age_seconds", "Age of the newest file seen in the folder."),
	}
}

package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"kouan/gateway/desk"
)

// feeMetrics tells which edition of the port charges is in force, how many
// there are in each state, and how many quotations this process has given. All
// of it stands in memory.
type feeMetrics struct{ desk *desk.Desk }

var (
	feeInForceDesc  = prometheus.NewDesc("kouan_fee_edition_in_force", "Number of the edition of the port charges that is in force.", nil, nil)
	feeEditionsDesc = prometheus.NewDesc("kouan_fee_editions", "Editions of the port charges by state.", []string{"state"}, nil)
	feeQuotesDesc   = prometheus.NewDesc("kouan_fee_quotes_total", "Quotations of port charges that this process has given and kept.", nil, nil)
)

// Describe names the figures.
func (m feeMetrics) Describe(to chan<- *prometheus.Desc) {
	to <- feeInForceDesc
	to <- feeEditionsDesc
	to <- feeQuotesDesc
}

// Collect reads them.
func (m feeMetrics) Collect(to chan<- prometheus.Metric) {
	f := m.desk.FeeFigures()
	to <- prometheus.MustNewConstMetric(feeQuotesDesc, prometheus.CounterValue, float64(f.Quotes))
	if f.InForce > 0 {
		to <- prometheus.MustNewConstMetric(feeInForceDesc, prometheus.GaugeValue, float64(f.InForce))
	}
	for state, n := range f.States {
		to <- prometheus.MustNewConstMetric(feeEditionsDesc, prometheus.GaugeValue, float64(n), state)
	}
}

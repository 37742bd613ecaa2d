package desk

import "context"

// This file stands in for the complaints (fee_complaint.go) that are made
// beside it: none are on file. It goes when they come.

// FeeComplaintMonth is what was complained of about one body in a month.
type FeeComplaintMonth struct {
	Month       string // 2026-11
	Received    int
	Upheld      int
	MedianHours *int // from passing on to the first answer; nil: none yet
}

// FeeComplaintFigures are the complaints about a collector by month.
func (d *Desk) FeeComplaintFigures(context.Context, string) ([]FeeComplaintMonth, error) {
	return nil, nil
}

package desk

import (
	"context"
	"time"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Statistics are the figures from one instant (inclusive) to another
// (exclusive): of the whole port for the authority, of the caller's own
// declarations for everybody else who may ask.
func (d *Desk) Statistics(ctx context.Context, p auth.Principal, from, to time.Time) (figures store.Statistics, wholePort bool, err error) {
	if err := allow(p, auth.ReadStatistics); err != nil {
		return store.Statistics{}, false, err
	}
	f := store.StatisticsFilter{Tenant: p.PartnerID, From: from.UnixMilli(), To: to.UnixMilli()}
	if p.Role == auth.Authority {
		f.Tenant, f.WholePort = "", true
	}
	figures, err = d.Store.Statistics(ctx, f)
	return figures, f.WholePort, err
}

// reached is what receipts changed about acceptance and release of each
// attempt: most change nothing, and then nothing is written.
func reached(row *store.Declaration, before, after *declarations.Result) []store.Clearance {
	was, is := milestones(before), milestones(after)
	var out []store.Clearance
	for attempt := 1; attempt <= row.Attempt; attempt++ {
		m := is[attempt]
		if m == was[attempt] {
			continue
		}
		out = append(out, store.Clearance{Tenant: row.Tenant, DeclarationID: row.ID, Attempt: attempt, Office: row.Office,
			Direction: row.Direction, SubmittedAt: row.CreatedAt, AcceptedAt: m.accepted, ReleasedAt: m.released})
	}
	return out
}

// moments are of one attempt, in milliseconds; 0 is not yet.
type moments struct{ accepted, released int64 }

func milestones(r *declarations.Result) map[int]moments {
	out := map[int]moments{}
	for _, m := range declarations.Milestones(r) {
		out[m.Attempt] = moments{milliseconds(m.Accepted), milliseconds(m.Released)}
	}
	return out
}

func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

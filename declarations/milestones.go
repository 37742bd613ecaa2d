package declarations

import "time"

// Milestone is when customs accepted and released one attempt, by the
// NOTICE_DATE of the receipts; zero while it has not, or when no receipt said
// when. In the summary stage they are acceptance and release for pickup.
type Milestone struct {
	Attempt            int
	Accepted, Released time.Time
}

// Milestones are the first receipt of each attempt that folded to accepted
// and the first that folded to released, in the order of attempts. Attempts
// that reached neither are left out. A release against guarantee is not the
// release: it has a status of its own, and the release still comes.
func Milestones(r *Result) []Milestone {
	var out []Milestone
	at := func(attempt int) *Milestone {
		if n := len(out); n == 0 || out[n-1].Attempt != attempt {
			out = append(out, Milestone{Attempt: attempt})
		}
		return &out[len(out)-1]
	}
	for i, t := range r.Trail {
		when := r.History[i].At
		if t.Attempt < 1 || when.IsZero() {
			continue
		}
		switch t.Status {
		case StatusAccepted, StatusSummaryAccepted:
			if m := at(t.Attempt); m.Accepted.IsZero() && m.Released.IsZero() {
				m.Accepted = when
			}
		case StatusReleased, StatusSummaryPickupReleased:
			if m := at(t.Attempt); m.Released.IsZero() {
				m.Released = when
			}
		}
	}
	return out
}

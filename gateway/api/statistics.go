package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/gateway/store"
	"kouan/i18n"
)

// Statistics are the figures of a period: what was submitted in it, and how
// long what was released in it had taken.
type Statistics struct {
	From        time.Time      `json:"from" doc:"Inclusive"`
	To          time.Time      `json:"to" doc:"Exclusive"`
	Scope       string         `json:"scope" enum:"port,own" doc:"port: everybody's declarations; own: the caller's"`
	Submitted   int64          `json:"submitted" doc:"Declarations whose newest attempt was submitted in the period; drafts are not counted"`
	ByStatus    []Tally        `json:"by_status" doc:"By the status of now"`
	ByMode      []Tally        `json:"by_mode"`
	ByOffice    []Tally        `json:"by_office" doc:"By the office that it was declared to"`
	ByDirection []Tally        `json:"by_direction"`
	Release     ReleaseTimes   `json:"release" doc:"From acceptance to release, of what was released in the period"`
	ReleaseMode []ReleaseTally `json:"release_by_mode"`
}

// Tally is how many declarations have one value.
type Tally struct {
	Value string `json:"value" example:"released" doc:"unknown where it was not recorded"`
	Text  string `json:"text" doc:"In the caller's language"`
	Count int64  `json:"count"`
}

// ReleaseTimes are exact, by nearest rank. They are absent when no release
// was measured.
type ReleaseTimes struct {
	Released int64  `json:"released" doc:"Releases heard of"`
	Measured int64  `json:"measured" doc:"Those of them whose acceptance was heard of too"`
	MedianMs *int64 `json:"median_ms,omitzero" nullable:"false" doc:"Milliseconds from acceptance to release; receipts tell both to the second"`
	P90Ms    *int64 `json:"p90_ms,omitzero" nullable:"false" doc:"Nine of ten took no longer"`
}

// ReleaseTally are the release times of one mode.
type ReleaseTally struct {
	Mode string `json:"mode"`
	Text string `json:"text" doc:"In the caller's language"`
	ReleaseTimes
}

// unknown stands for what was not recorded.
const unknown = "unknown"

// The period that is counted.
const (
	usualPeriod = 30 * 24 * time.Hour
	maxPeriod   = 366 * 24 * time.Hour
)

type statisticsInput struct {
	From string `query:"from" maxLength:"40" doc:"Instant (RFC 3339), or a day at the port (2006-01-02); by default 30 days before to"`
	To   string `query:"to" maxLength:"40" doc:"Instant, exclusive, or a day, which is counted whole; by default now. At most 366 days after from"`
}

type statisticsOutput struct {
	Localised
	Body Statistics
}

// statistics is GET /api/v1/statistics.
func (s *server) statistics(ctx context.Context, in *statisticsInput) (*statisticsOutput, error) {
	from, to, err := s.span(in.From, in.To, usualPeriod, maxPeriod)
	if err != nil {
		return nil, err
	}
	c := callOf(ctx)
	found, wholePort, err := s.Desk.Statistics(ctx, c.principal, from, to)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	out := s.figures(words, &found)
	out.From, out.To, out.Scope = from.UTC(), to.UTC(), "own"
	if wholePort {
		out.Scope = "port"
	}
	return &statisticsOutput{Localised: inLanguage(words.Lang()), Body: out}, nil
}

// span reads from and to. A day is one at the port, and to counts it whole.
func (s *server) span(first, last string, usual, most time.Duration) (from, to time.Time, err error) {
	to = s.Clock().Add(time.Millisecond) // what was submitted just now is in it
	if last != "" {
		day := false
		if to, day, err = moment(last); err != nil {
			return from, to, parameter("query", "to")
		}
		if day {
			to = to.AddDate(0, 0, 1)
		}
	}
	from = to.Add(-usual)
	if first != "" {
		if from, _, err = moment(first); err != nil {
			return from, to, parameter("query", "from")
		}
	}
	if !from.Before(to) || to.Sub(from) > most || from.UnixMilli() < 0 {
		return from, to, parameter("query", "from")
	}
	return from, to, nil
}

func moment(v string) (at time.Time, day bool, err error) {
	if codes.IsDay(v) {
		at, err = codes.StartOf(v)
		return at, true, err
	}
	at, err = time.Parse(time.RFC3339, v)
	return at, false, err
}

func (s *server) figures(words i18n.Printer, found *store.Statistics) Statistics {
	status, mode, office, direction := map[string]int64{}, map[string]int64{}, map[string]int64{}, map[string]int64{}
	out := Statistics{Release: releaseTimes(&found.Total), ReleaseMode: make([]ReleaseTally, 0, len(found.ByMode))}
	for i := range found.Counts {
		n := &found.Counts[i]
		out.Submitted += n.Count
		status[n.Status] += n.Count
		mode[recorded(n.Mode)] += n.Count
		office[recorded(n.Office)] += n.Count
		direction[recorded(n.Direction)] += n.Count
	}
	offices := s.Codes.Set().Table("customs_offices").On(codes.DayOf(s.Clock()))
	out.ByStatus = tallies(status, func(v string) string { return words.Text("status."+v, nil) })
	out.ByMode = tallies(mode, func(v string) string { return modeText(words, v) })
	out.ByDirection = tallies(direction, func(v string) string { return directionText(words, v) })
	out.ByOffice = tallies(office, func(v string) string {
		if v == unknown {
			return unknownText(words)
		}
		if e, ok := offices.Find(v, ""); ok {
			return e.Name(string(words.Lang()))
		}
		return v
	})
	for i := range found.ByMode {
		m := recorded(found.ByMode[i].Mode)
		out.ReleaseMode = append(out.ReleaseMode, ReleaseTally{Mode: m, Text: modeText(words, m), ReleaseTimes: releaseTimes(&found.ByMode[i])})
	}
	return out
}

func recorded(v string) string {
	if v == "" {
		return unknown
	}
	return v
}

// tallies are the counts, greatest first.
func tallies(counts map[string]int64, text func(string) string) []Tally {
	out := make([]Tally, 0, len(counts))
	for v, n := range counts {
		out = append(out, Tally{Value: v, Text: text(v), Count: n})
	}
	slices.SortFunc(out, func(a, b Tally) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
	return out
}

func releaseTimes(t *store.ReleaseTimes) ReleaseTimes {
	out := ReleaseTimes{Released: t.Released, Measured: t.Measured}
	if t.Measured > 0 {
		out.MedianMs, out.P90Ms = new(t.MedianMs), new(t.P90Ms)
	}
	return out
}

func modeText(words i18n.Printer, mode string) string {
	if mode == unknown {
		return unknownText(words)
	}
	if !slices.Contains(declarations.Modes, declarations.Mode(mode)) {
		return mode // of a newer program
	}
	return words.Text("statistics.mode."+mode, nil)
}

func directionText(words i18n.Printer, direction string) string {
	switch declarations.Direction(direction) {
	case declarations.Import, declarations.Export:
		return words.Text("statistics.direction."+direction, nil)
	}
	return unknownText(words)
}

func unknownText(words i18n.Printer) string { return words.Text("statistics.mode.unknown", nil) }

package store

import (
	"context"
	"fmt"
)

// StatisticsFilter says whose declarations are counted, and of which time:
// From (inclusive) to To (exclusive), Unix milliseconds.
type StatisticsFilter struct {
	Tenant    string // of one partner; must be empty with WholePort
	WholePort bool
	From, To  int64
}

// ClearanceCount is how many declarations are alike. Newest attempts are
// counted, by when they were submitted; drafts are not.
type ClearanceCount struct {
	Status    string `db:"status"`
	Mode      string `db:"mode"`
	Office    string `db:"office"`
	Direction string `db:"direction"`
	Count     int64  `db:"number"`
}

// ReleaseTimes is how long releases of one mode took from the acceptance, in
// milliseconds; exact, by nearest rank. Released counts all of them, Measured
// those whose acceptance is known. Without a measured one there is no time.
type ReleaseTimes struct {
	Mode     string
	Released int64
	Measured int64
	MedianMs int64
	P90Ms    int64
}

// Statistics are the figures of one scope and time.
type Statistics struct {
	Counts []ClearanceCount
	Total  ReleaseTimes // over all modes; Mode is empty
	ByMode []ReleaseTimes
}

// The counts. A correction is another attempt of the same declaration, so
// only the newest attempt is counted.
const (
	countClearances = `
SELECT d.status, c.mode, c.office, c.direction, COUNT(*) AS number
FROM clearances c
JOIN declarations d ON d.tenant = c.tenant AND d.id = c.declaration_id AND d.attempt = c.attempt
WHERE c.submitted_at >= ? AND c.submitted_at < ?
GROUP BY d.status, c.mode, c.office, c.direction
ORDER BY d.status, c.mode, c.office, c.direction`

	countClearancesOf = `
SELECT d.status, c.mode, c.office, c.direction, COUNT(*) AS number
FROM clearances c
JOIN declarations d ON d.tenant = c.tenant AND d.id = c.declaration_id AND d.attempt = c.attempt
WHERE c.submitted_at >= ? AND c.submitted_at < ? AND c.tenant = ?
GROUP BY d.status, c.mode, c.office, c.direction
ORDER BY d.status, c.mode, c.office, c.direction`

	countReleases = `
SELECT mode, COUNT(*) AS number
FROM clearances
WHERE released_at >= ? AND released_at < ?
GROUP BY mode
ORDER BY mode`

	countReleasesOf = `
SELECT mode, COUNT(*) AS number
FROM clearances
WHERE released_at >= ? AND released_at < ? AND tenant = ?
GROUP BY mode
ORDER BY mode`
)

// The times. Nearest rank: of n ordered values the p-th percentile is the one
// at the smallest place r with 100 r >= p n. The database numbers the values
// and gives back those two of each mode and of the whole, so nothing is held
// here however many there are. A statement sees one state of the database.
const (
	rankReleases = `
WITH times AS (
  SELECT mode, released_at - accepted_at AS took
  FROM clearances
  WHERE released_at >= ? AND released_at < ? AND accepted_at > 0 AND accepted_at <= released_at
), ` + ranked

	rankReleasesOf = `
WITH times AS (
  SELECT mode, released_at - accepted_at AS took
  FROM clearances
  WHERE released_at >= ? AND released_at < ? AND tenant = ? AND accepted_at > 0 AND accepted_at <= released_at
), ` + ranked

	ranked = `numbered AS (
  SELECT 0 AS whole, mode, took,
    ROW_NUMBER() OVER (PARTITION BY mode ORDER BY took) AS place,
    COUNT(*) OVER (PARTITION BY mode) AS number
  FROM times
  UNION ALL
  SELECT 1 AS whole, '' AS mode, took,
    ROW_NUMBER() OVER (ORDER BY took) AS place,
    COUNT(*) OVER () AS number
  FROM times
)
SELECT whole, mode, took, place, number
FROM numbered
WHERE (100 * place >= 50 * number AND 100 * (place - 1) < 50 * number)
  OR (100 * place >= 90 * number AND 100 * (place - 1) < 90 * number)
ORDER BY whole, mode, place`
)

// rankedTime is a value that is the median or the 90th percentile, or both.
type rankedTime struct {
	Whole  bool   `db:"whole"`
	Mode   string `db:"mode"`
	Took   int64  `db:"took"`
	Place  int64  `db:"place"`
	Number int64  `db:"number"`
}

// Statistics counts. A filter that names neither a partner nor the whole port
// is ErrInvalid, so that a forgotten tenant never shows everybody's figures.
func (s *Store) Statistics(ctx context.Context, f StatisticsFilter) (Statistics, error) {
	if (f.Tenant == "") != f.WholePort || f.From > f.To {
		return Statistics{}, fmt.Errorf("statistics of %q from %d to %d: %w", f.Tenant, f.From, f.To, ErrInvalid)
	}
	counts, releases, ranks, args := countClearances, countReleases, rankReleases, []any{f.From, f.To}
	if !f.WholePort {
		counts, releases, ranks, args = countClearancesOf, countReleasesOf, rankReleasesOf, append(args, f.Tenant)
	}
	// What has not been released has no place in time: it stands at 0.
	released := append([]any{max(f.From, 1)}, args[1:]...)
	var out Statistics
	if err := s.all(ctx, &out.Counts, counts, args...); err != nil {
		return Statistics{}, s.readError(err, "count clearances")
	}
	var numbers []ClearanceCount
	if err := s.all(ctx, &numbers, releases, released...); err != nil {
		return Statistics{}, s.readError(err, "count releases")
	}
	var times []rankedTime
	if err := s.all(ctx, &times, ranks, released...); err != nil {
		return Statistics{}, s.readError(err, "rank releases")
	}
	byMode := make(map[string]int, len(numbers))
	for i, n := range numbers {
		byMode[n.Mode] = i
		out.ByMode = append(out.ByMode, ReleaseTimes{Mode: n.Mode, Released: n.Count})
		out.Total.Released += n.Count
	}
	for i := range times {
		t := &times[i]
		to := &out.Total
		if !t.Whole {
			at, ok := byMode[t.Mode]
			if !ok { // released between the two statements: the next look has it whole
				continue
			}
			to = &out.ByMode[at]
		}
		to.take(t)
	}
	return out, nil
}

func (r *ReleaseTimes) take(t *rankedTime) {
	r.Measured = t.Number
	if isRank(t, 50) {
		r.MedianMs = t.Took
	}
	if isRank(t, 90) {
		r.P90Ms = t.Took
	}
}

func isRank(t *rankedTime, percent int64) bool {
	return 100*t.Place >= percent*t.Number && 100*(t.Place-1) < percent*t.Number
}

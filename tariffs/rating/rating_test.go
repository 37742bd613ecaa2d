package rating

import (
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/tariffs"
)

var now = time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)

// ratings draws some in and around the window.
func ratings(least int) *rapid.Generator[[]Rating] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Rating {
		return Rating{
			At:       now.Add(-time.Duration(rapid.IntRange(-10, 500*24).Draw(t, "hours ago")) * time.Hour),
			Standing: rapid.SampledFrom(tariffs.Standings).Draw(t, "standing"),
			Clarity:  rapid.IntRange(LeastClear, MostClear).Draw(t, "clarity"),
			Answer:   rapid.SampledFrom(Answers).Draw(t, "answer"),
		}
	}), least, 60)
}

func total(list []Count) int {
	n := 0
	for _, c := range list {
		n += c.N
	}
	return n
}

func TestFewRatingsTellTheirCountOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Summarise(ratings(0).Draw(t, "ratings"), now)
		if s.TooFew != (s.Count < Few) {
			t.Fatalf("%d ratings: too few is %v", s.Count, s.TooFew)
		}
		want := Summary{From: s.From, Until: s.Until, Count: s.Count, TooFew: true, Few: Few}
		if diff := cmp.Diff(want, s); s.TooFew && diff != "" {
			t.Fatalf("more than the count is told (-want +got)\n%s", diff)
		}
	})
}

func TestEachDistributionAddsUpToTheCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := ratings(0).Draw(t, "ratings")
		s := Summarise(list, now)
		inside, points := 0, int64(0)
		for _, r := range list {
			if !r.At.Before(Since(now)) && !r.At.After(now) {
				inside, points = inside+1, points+int64(r.Clarity)
			}
		}
		if s.Count != inside {
			t.Fatalf("counted %d, in the window are %d", s.Count, inside)
		}
		if s.TooFew {
			return
		}
		for name, d := range map[string][]Count{"standing": s.Standing, "clarity": s.Clarity, "answer": s.Answer} {
			if total(d) != s.Count {
				t.Fatalf("%s adds up to %d of %d", name, total(d), s.Count)
			}
		}
		// The oracle rounds by big rationals: half up to one decimal.
		mean := new(big.Rat).SetFrac64(points*10, int64(s.Count))
		mean.Add(mean, big.NewRat(1, 2))
		tenths := new(big.Int).Quo(mean.Num(), mean.Denom()).String()
		if want := tenths[:len(tenths)-1] + "." + tenths[len(tenths)-1:]; s.Mean != want {
			t.Fatalf("mean %s, want %s", s.Mean, want)
		}
	})
}

func TestTheOrderOfRatingsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := ratings(0).Draw(t, "ratings")
		other := slices.Clone(list)
		slices.Reverse(other)
		if diff := cmp.Diff(Summarise(list, now), Summarise(other, now)); diff != "" {
			t.Fatalf("reversed (-first +second)\n%s", diff)
		}
	})
}

// A withdrawn bill takes its rating away: the summary is that of the others.
func TestARatingThatGoesLeavesNoTrace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := ratings(1).Draw(t, "ratings")
		at := rapid.IntRange(0, len(list)-1).Draw(t, "withdrawn")
		gone := list[at]
		before, after := Summarise(list, now), Summarise(slices.Delete(slices.Clone(list), at, at+1), now)
		want := before.Count
		if !gone.At.Before(Since(now)) && !gone.At.After(now) {
			want--
		}
		if after.Count != want {
			t.Fatalf("count %d, want %d", after.Count, want)
		}
	})
}

func TestTheWindowIsTwelveMonthsOfThePort(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2025, 11, 26, 0, 0, 0, 0, port)
	for _, c := range []struct {
		name string
		at   time.Time
		want int
	}{
		{"the first instant of the day a year ago counts", midnight, 1},
		{"the last one before does not", midnight.Add(-time.Millisecond), 0},
		{"now counts", now, 1},
		{"what lies ahead does not", now.Add(time.Millisecond), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Summarise([]Rating{{At: c.at, Clarity: 3}}, now).Count; got != c.want {
				t.Errorf("count %d, want %d", got, c.want)
			}
		})
	}
}

func TestShareIsOfWhatCouldBeJudged(t *testing.T) {
	t.Parallel()
	list := make([]Rating, 0, 12)
	for range 10 {
		list = append(list, Rating{At: now, Standing: tariffs.StandsUnjudged, Clarity: 3, Answer: NotAsked})
	}
	if s := Summarise(list, now); s.Share != "" {
		t.Errorf("nothing could be judged, and the share is %q", s.Share)
	}
	list = append(list, Rating{At: now, Standing: tariffs.StandsEqual, Clarity: 3, Answer: NotAsked},
		Rating{At: now, Standing: tariffs.StandsAsked, Clarity: 3, Answer: NotAsked}, Rating{At: now, Standing: tariffs.StandsDiffers, Clarity: 3, Answer: NotAsked})
	if s := Summarise(list, now); s.Share != "33.3" {
		t.Errorf("share %q, want 33.3 of the three that could be judged", s.Share)
	}
}

func TestCheckNamesEachPlace(t *testing.T) {
	t.Parallel()
	if faults := Check(3, SameDay, strings.Repeat("字", MostWords)); len(faults) != 0 {
		t.Errorf("a good rating has faults %v", faults)
	}
	var got []string
	for _, f := range Check(6, "soon", strings.Repeat("字", MostWords+1)) {
		got = append(got, f.Path+" "+f.Reason)
	}
	if diff := cmp.Diff([]string{"clarity bounds", "answer choice", "words long"}, got); diff != "" {
		t.Errorf("faults (-want +got)\n%s", diff)
	}
}

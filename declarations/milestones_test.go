package declarations_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"kouan/declarations"
)

// reached writes milestones as attempt:accepted-released in minutes; - is none.
func reached(own declarations.OwnRecord, events []declarations.Heard) string {
	r := declarations.Fold(own, events)
	var out []string
	for _, m := range declarations.Milestones(&r) {
		accepted, released := "", ""
		if !m.Accepted.IsZero() {
			accepted = fmt.Sprint(m.Accepted.Minute())
		}
		if !m.Released.IsZero() {
			released = fmt.Sprint(m.Released.Minute())
		}
		out = append(out, fmt.Sprintf("%d:%s-%s", m.Attempt, accepted, released))
	}
	return strings.Join(out, " ")
}

func TestMilestonesOfAnAttempt(t *testing.T) {
	t.Parallel()
	one, two := declarations.OwnRecord{State: "sent", Attempt: 1}, declarations.OwnRecord{State: "sent", Attempt: 2}
	summary := declarations.OwnRecord{State: "sent", Attempt: 1, Summary: true}
	for _, tc := range []struct {
		name  string
		own   declarations.OwnRecord
		heard string
		want  string
	}{
		{"nothing heard", one, "", ""},
		{"received is neither", one, "imported#1 L@1", ""},
		{"accepted", one, "imported#1 L@1 J@2", "1:2-"},
		{"accepted and released", one, "imported#1 L@1 J@2 P@5", "1:2-5"},
		{"the first of several", one, "J@2 W@3 I@5 P@6 R@7", "1:2-5"},
		{"an inspection lies between", one, "J@2 C@3 P@8", "1:2-8"},
		{"released, nobody said accepted", one, "L@1 P@5", "1:-5"},
		{"accepted after the release is no acceptance of it", one, "P@5 J@6", "1:-5"},
		{"a release against guarantee is not the release", one, "J@2 K@3", "1:2-"},
		{"after the guarantee", one, "J@2 K@3 P@7", "1:2-7"},
		{"returned, then released under another number", two, "imported#1 J@1 E@2 imported#2/B J@3/B P@4/B", "1:1- 2:3-4"},
		{"deleted before release", one, "J@2 A@3 P@4", "1:2-"},
		{"summary: acceptance and pickup", summary, "imported#1 SpL@1 SpJ@2 SpK@4", "1:2-4"},
	} {
		if got := reached(tc.own, heard(tc.heard)); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// The order in which receipts come and how often changes nothing (P4).
func TestMilestonesDoNotDependOnOrder(t *testing.T) {
	t.Parallel()
	own := declarations.OwnRecord{State: "sent", Attempt: 1}
	events := heard("imported#1 L@1 J@2 C@3 P@5 R@6")
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		mixed := append(heard("J@2"), events...)
		random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got := reached(own, mixed); got != "1:2-5" {
			t.Fatalf("%s: %q", told(mixed), got)
		}
	}
}

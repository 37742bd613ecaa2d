package complaint

import (
	"encoding/csv"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kouan/declarations/testfacts"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, port)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestLimitsEndWithTheirLastDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		limit      Limit
		from, want string // empty: not known
	}{
		{"calendar days do not count the day of the beginning", Limit{Days: 3, Unit: CalendarDays}, "2026-11-23 10:00", "2026-11-27 00:00"},
		{"the day is the port's", Limit{Days: 1, Unit: CalendarDays}, "2026-11-23 23:59", "2026-11-25 00:00"},
		{"working days pass over the weekend", Limit{Days: 3, Unit: WorkingDays}, "2026-11-26 10:00", "2026-12-02 00:00"},
		{"and over National Day", Limit{Days: 1, Unit: WorkingDays}, "2026-09-30 10:00", "2026-10-09 00:00"},
		{"a make-up Saturday counts", Limit{Days: 2, Unit: WorkingDays}, "2026-10-08 10:00", "2026-10-11 00:00"},
		{"a year without a notice is not known", Limit{Days: 5, Unit: WorkingDays}, "2026-12-30 10:00", ""},
		{"calendar days are known in any year", Limit{Days: 5, Unit: CalendarDays}, "2026-12-30 10:00", "2027-01-05 00:00"},
	} {
		due, known := c.limit.Due(at(t, c.from))
		if known != (c.want != "") {
			t.Errorf("%s: known %v", c.name, known)
			continue
		}
		if known && !due.Equal(at(t, c.want)) {
			t.Errorf("%s: %s", c.name, due.In(port))
		}
	}
}

func TestOwnChoicesAreMarked(t *testing.T) {
	t.Parallel()
	l := Limits{{Key: "pilot station", Days: 7, Unit: WorkingDays, Source: "agreed"}, {Key: LimitReact, Days: 60, Unit: CalendarDays}}
	for key, want := range map[string]Limit{
		"pilot station": l[0], LimitReact: l[1],
		"terminal":   {Key: LimitAnswer, Days: 15, Unit: CalendarDays, Own: true},
		LimitForward: {Key: LimitForward, Days: 3, Unit: CalendarDays, Own: true},
	} {
		if got := l.For(key); got != want {
			t.Errorf("%s: %+v", key, got)
		}
	}
	if all := l.All(); len(all) != 5 || all[0].Key != LimitForward || all[4].Key != "pilot station" {
		t.Errorf("all limits: %+v", all)
	}
}

func TestWorkingDaysAddUp(t *testing.T) {
	t.Parallel()
	start := at(t, "2024-01-01 08:00")
	rapid.Check(t, func(t *rapid.T) {
		from := start.AddDate(0, 0, rapid.IntRange(0, 900).Draw(t, "from"))
		n := rapid.IntRange(1, 60).Draw(t, "days")
		due, known := Limit{Days: n, Unit: WorkingDays}.Due(from)
		if !known {
			t.Fatalf("%s + %d is in the table", from, n)
		}
		last := due.Add(-time.Minute)
		if got, known := WorkingBetween(from, last); !known || got != n {
			t.Fatalf("from %s to %s are %d working days, not %d", from, last, got, n)
		}
	})
}

// TestHolidaysAreTheFacts: the table is the one of the facts, day by day.
func TestHolidaysAreTheFacts(t *testing.T) {
	t.Parallel()
	f, err := os.Open(testfacts.Path(t, "facts/calendar/cn_public_holidays.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		if got := holidays().days[r[0]]; got != r[3] {
			t.Errorf("%s is %q here, %s in the facts", r[0], got, r[3])
		}
	}
	if len(holidays().days) != len(rows)-1 {
		t.Errorf("%d days here, %d in the facts", len(holidays().days), len(rows)-1)
	}
}

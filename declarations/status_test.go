package declarations_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/declarations"
)

// heard makes receipts of one line of text: CODE@minute, CODE@minute/number
// for another SeqNo, and imported#attempt or import_failed#attempt (#0: not told).
func heard(line string) []declarations.Heard {
	var out []declarations.Heard
	for word := range strings.FieldsSeq(line) {
		code, rest, business := strings.Cut(word, "@")
		e := declarations.Heard{Event: declarations.Event{Code: code, SequenceNumber: "A", Family: "DEC"}}
		if business {
			minute, number, other := strings.Cut(rest, "/")
			if other {
				e.SequenceNumber = number
			}
			e.At = time.Date(2026, 1, 5, 2, digit(minute), 0, 0, time.UTC)
		} else {
			var number string
			code, rest, _ = strings.Cut(word, "#")
			rest, number, _ = strings.Cut(rest, "/")
			e.Attempt = digit(rest)
			e.Code, e.ClientReference, e.FileName = code, "EX1", "file-"+rest
			if code == declarations.CodeImportFailed {
				e.SequenceNumber = ""
			} else if number != "" {
				e.SequenceNumber = number
			}
		}
		e.Hash = "hash of " + word
		out = append(out, e)
	}
	return out
}

func digit(s string) int { return int(s[0] - '0') }

// told writes a history as heard reads it.
func told(history []declarations.Heard) string {
	var out []string
	for _, h := range history {
		out = append(out, strings.TrimPrefix(h.Hash, "hash of "))
	}
	return strings.Join(out, " ")
}

func own(state string, attempt int) declarations.OwnRecord {
	return declarations.OwnRecord{State: state, Attempt: attempt}
}

func TestFold(t *testing.T) {
	t.Parallel()
	summary := declarations.OwnRecord{State: "sent", Attempt: 1, Summary: true}
	for name, row := range map[string]struct {
		own     declarations.OwnRecord
		heard   string
		status  declarations.Status
		history string // empty: not looked at
	}{
		"nothing was submitted":                   {own("draft", 0), "", "draft", ""},
		"nothing was heard":                       {own("queued", 1), "", "queued", ""},
		"the channel took it":                     {own("sent", 1), "", "sent", ""},
		"cancelled before anything was heard":     {own("cancelled", 1), "", "cancelled", ""},
		"heard although cancelled":                {own("cancelled", 1), "7@1", "declared", ""},
		"import response":                         {own("sent", 1), "imported#1", "imported", ""},
		"import response that tells no attempt":   {own("sent", 1), "imported#0", "imported", ""},
		"import failed":                           {own("sent", 1), "import_failed#1", "import_failed", ""},
		"a later success with the same file wins": {own("sent", 1), "imported#1 import_failed#1", "imported", "import_failed#1 imported#1"},
		"a late import response changes nothing":  {own("sent", 1), "7@1 L@2 imported#1", "received", "imported#1 7@1 L@2"},
		"a lost import response":                  {own("sent", 1), "7@1 L@2 J@3 P@4 R@4", "closed", "7@1 L@2 J@3 P@4 R@4"},
		"the same second goes by rank":            {own("sent", 1), "R@4 P@4", "closed", "P@4 R@4"},
		"inspection and release in one second":    {own("sent", 1), "P@4 C@4", "released", "C@4 P@4"},
		"inspection after release":                {own("sent", 1), "P@4 C@5", "inspection", ""},
		"closed accepts deleted":                  {own("sent", 1), "R@4 D@5", "deleted", ""},
		"closed accepts nothing else":             {own("sent", 1), "R@4 P@5 7@6 H@7", "closed", ""},
		"deleted accepts nothing":                 {own("sent", 1), "A@4 7@5 R@6", "deleted", ""},
		"codes without status change nothing":     {own("sent", 1), "P@4 a@5 S@6 0@7 5@8", "released", ""},
		"a code without status is no answer":      {own("sent", 1), "a@5", "sent", ""},
		"suspended, then accepted":                {own("sent", 1), "L@1 H@2 J@3", "accepted", ""},
		"returned":                                {own("sent", 1), "imported#1 7@1 L@2 E@3", "returned", ""},

		"returned, attempt 2 waits":                      {own("queued", 2), "imported#1 7@1 L@2 E@3", "queued", ""},
		"returned, attempt 2 sent":                       {own("sent", 2), "imported#1 7@1 L@2 E@3", "sent", ""},
		"returned, attempt 2 imported":                   {own("sent", 2), "imported#1 7@1 L@2 E@3 imported#2", "imported", "imported#1 7@1 L@2 E@3 imported#2"},
		"returned, attempt 2 declared without response":  {own("sent", 2), "imported#1 7@1 L@2 E@3 7@4", "declared", ""},
		"returned, attempt 2 received without response":  {own("sent", 2), "7@1 Z@3 L@4", "received", ""},
		"the response of attempt 2 comes last":           {own("sent", 2), "7@1 L@2 E@3 7@4 L@5 imported#2", "received", "7@1 L@2 E@3 imported#2 7@4 L@5"},
		"attempt 2 failed at import":                     {own("sent", 2), "imported#1 7@1 E@3 import_failed#2", "import_failed", ""},
		"attempt 2 failed at import, attempt 3 waits":    {own("queued", 3), "imported#1 7@1 E@3 import_failed#2", "queued", ""},
		"attempt 2 failed at import, attempt 3 declared": {own("sent", 3), "imported#1 7@1 E@3 import_failed#2 7@5", "declared", "imported#1 7@1 E@3 import_failed#2 7@5"},
		"returned twice, attempt 3 waits":                {own("queued", 3), "7@1 E@2 7@3 E@4", "queued", ""},
		"returned without a sign of 7 again":             {own("sent", 2), "7@1 E@2 E@4", "returned", ""},
		"attempt 2 refused by the platform":              {own("sent", 2), "7@1 L@2 E@3 Y@4", "declare_failed", ""},
		"attempt 2 refused by the platform as attempt 1": {own("sent", 2), "Y@1 Y@4", "declare_failed", ""},
		"attempt 1 refused twice over":                   {own("queued", 2), "Y@1 9@2", "queued", ""},
		"attempt 1 failed at import without telling":     {own("queued", 2), "import_failed#0", "queued", ""},
		"attempt 2 imported, neither response tells":     {own("sent", 2), "import_failed#0 imported#0", "imported", ""},
		"a copy that tells is no second response":        {own("queued", 2), "imported#1 E@3", "queued", ""},
		"number kept, first response lost":               {own("sent", 2), "imported#2 7@1 E@2", "imported", "7@1 E@2 imported#2"},
		"number announced for attempt 2 only":            {own("sent", 2), "imported#2 7@1 L@2", "received", "imported#2 7@1 L@2"},
		"an unannounced number stands before":            {own("sent", 2), "N@1/B imported#2 7@2", "declared", "N@1/B imported#2 7@2"},
		"a cancelled attempt has no receipts":            {declarations.OwnRecord{State: "sent", Attempt: 3, Cancelled: []int{2}}, "7@1 E@2 7@3", "declared", ""},
		"a cancelled correction leaves the return":       {own("cancelled", 2), "7@1 E@2", "returned", ""},
		"declared again outside of the gateway":          {own("sent", 1), "7@1 L@2 E@3 7@4 L@5 J@6 P@7", "released", ""},
		"a deletion outlives a waiting correction":       {own("queued", 2), "7@1 E@2 A@3", "deleted", ""},

		"resend: a new number":                    {own("sent", 2), "imported#1 N@1 imported#2/B 7@2/B", "declared", "imported#1 N@1 imported#2/B 7@2/B"},
		"resend: the old number is deleted later": {own("sent", 2), "imported#1 N@1 A@9 imported#2/B 7@2/B", "declared", "imported#1 N@1 A@9 imported#2/B 7@2/B"},
		"resend: waits":                           {own("queued", 2), "imported#1 N@1", "queued", ""},
		"resend: new number, no response":         {own("sent", 2), "N@1 7@2/B", "declared", ""},

		"summary codes":                      {summary, "7@1 SpL@2 SpJ@3 SpK@4", "summary_pickup_released", ""},
		"plain codes in the summary stage":   {summary, "7@1 L@2 J@3 K@4", "summary_pickup_released", ""},
		"returned in the summary stage":      {summary, "7@1 L@2 E@3", "summary_returned", ""},
		"returned summary, sent again":       {declarations.OwnRecord{State: "sent", Attempt: 2, Summary: true}, "SpL@2 SpE@3 SpL@4", "summary_received", ""},
		"the full stage outranks":            {own("sent", 1), "SpL@1 L@3 SpK@4", "received", ""},
		"the full declaration waits":         {own("queued", 2), "SpL@1 SpJ@2 SpK@4", "queued", ""},
		"the full declaration is received":   {own("sent", 2), "SpL@1 SpJ@2 SpK@4 L@5", "received", ""},
		"deleted in the summary stage":       {summary, "L@2 A@3", "deleted", ""},
		"another family says nothing":        {own("sent", 1), "", "sent", ""},
		"a receipt without a SeqNo":          {own("sent", 1), "imported#1 7@1/ L@2", "received", "imported#1 7@1/ L@2"},
		"two numbers that nobody announced":  {own("sent", 2), "7@1/A N@2/A 7@3/B L@4/B", "received", ""},
		"a guarantee, then the full release": {own("sent", 1), "K@1 P@2", "released", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := declarations.Fold(row.own, heard(row.heard))
			if got.Status != row.status {
				t.Errorf("status %s, want %s; trail %+v", got.Status, row.status, got.Trail)
			}
			if row.history != "" && told(got.History) != row.history {
				t.Errorf("history %s\nwant    %s", told(got.History), row.history)
			}
		})
	}
}

func TestFoldResult(t *testing.T) {
	t.Parallel()
	events := heard("P@4 P@4 C@3 7@1 imported#1")
	events[0].ID, events[1].ID = "second copy", "first copy"
	events[0].EntryNumber, events[1].EntryNumber = "0900", "0900"
	r := declarations.Fold(own("sent", 1), events)
	if len(r.History) != 4 || len(r.Trail) != 4 {
		t.Fatalf("history %s, want one of each", told(r.History))
	}
	if r.SequenceNumber != "A" || r.EntryNumber != "0900" || r.Attention {
		t.Errorf("result %+v", r)
	}
	if len(r.Releases) != 1 || r.Releases[0].Code != "P" || r.Releases[0].Kind != declarations.ReleaseFull || r.Releases[0].ID != "first copy" {
		t.Errorf("releases %+v, want the one P", r.Releases)
	}
	if want := []declarations.Status{"imported", "declared", "inspection", "released"}; !cmp.Equal(statuses(r), want) {
		t.Errorf("trail %v, want %v", statuses(r), want)
	}
	if r := declarations.Fold(own("sent", 1), heard("imported#1 N@1")); r.SequenceNumber != "" || r.Status != "resend_required" {
		t.Errorf("after N: number %q, status %s, want none, resend_required", r.SequenceNumber, r.Status)
	}
	if r := declarations.Fold(own("sent", 1), heard("P@1 5@2")); !r.Attention || r.Status != "released" {
		t.Errorf("unknown code: attention %v, status %s, want true, released", r.Attention, r.Status)
	}
	if r := declarations.Fold(own("sent", 1), heard("C@1")); !r.Attention {
		t.Error("inspection: nobody is told")
	}
	r = declarations.Fold(declarations.OwnRecord{State: "sent", Attempt: 1, Summary: true}, heard("K@1"))
	if len(r.Releases) != 1 || r.Releases[0].Kind != declarations.ReleasePickup || r.Trail[0].Code != "SpK" || r.History[0].Code != "K" {
		t.Errorf("plain K in the summary stage: %+v, want pick-up only and the raw code kept", r)
	}
	other := heard("P@1")
	other[0].Family = "MFT"
	if r := declarations.Fold(own("sent", 1), other); r.Status != "sent" || len(r.Releases) > 0 || r.Attention {
		t.Errorf("manifest family: %+v, want no meaning for a declaration", r)
	}
}

func statuses(r declarations.Result) []declarations.Status {
	var out []declarations.Status
	for _, tr := range r.Trail {
		out = append(out, tr.Status)
	}
	return out
}

// permutations calls f with every order of events.
func permutations(events []declarations.Heard, f func([]declarations.Heard)) {
	var walk func(n int)
	walk = func(n int) {
		if n <= 1 {
			f(events)
			return
		}
		for i := range n {
			walk(n - 1)
			j := 0
			if n%2 == 0 {
				j = i
			}
			events[j], events[n-1] = events[n-1], events[j]
		}
	}
	walk(len(events))
}

func TestEveryOrderOfSixReceiptsGivesOneResult(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		own   declarations.OwnRecord
		heard string
	}{
		{own("sent", 1), "imported#1 7@1 L@2 J@3 P@4 R@4"},
		{own("sent", 2), "imported#1 L@1 E@2 imported#2 7@3 C@3"},
		{own("queued", 2), "imported#0 import_failed#0 7@1 E@2 A@3 5@3"},
		{own("sent", 2), "imported#1 N@1 A@9 imported#2/B 7@2/B L@2/B"},
		{own("sent", 1), "SpL@1 SpK@2 L@2 K@2 P@2 D@2"},
	} {
		events := heard(row.heard)
		want := declarations.Fold(row.own, events)
		n := 0
		permutations(events, func(order []declarations.Heard) {
			n++
			if diff := cmp.Diff(want, declarations.Fold(row.own, order)); diff != "" {
				t.Fatalf("%s in the order %s: -want +got\n%s", row.heard, told(order), diff)
			}
		})
		if n != 720 {
			t.Errorf("%d orders were tried, want 720", n)
		}
	}
}

// anyEvents draws receipts that collide: few seconds, few numbers, few names.
func anyEvents(t *rapid.T) []declarations.Heard {
	business := []string{"7", "L", "E", "Z", "Y", "9", "N", "J", "C", "P", "R", "A", "D", "K", "SpL", "SpE", "SpK", "1", "3", "a", "5",
		"RES-01", "RES-02", "RES-03", "RES-06", "RES-08", "RES-09", "RES-10", "RES-13", "RES-18", "RES-16"}
	event := rapid.Custom(func(t *rapid.T) declarations.Heard {
		e := declarations.Heard{ID: rapid.StringMatching("[ab]").Draw(t, "id")}
		e.SequenceNumber = rapid.SampledFrom([]string{"A", "B", ""}).Draw(t, "number")
		e.Hash = rapid.SampledFrom([]string{"x", "y"}).Draw(t, "hash")
		e.Attempt = rapid.SampledFrom([]int{0, 0, 1, 2, 3}).Draw(t, "attempt")
		if rapid.Bool().Draw(t, "response") {
			e.Code = rapid.SampledFrom([]string{declarations.CodeImported, declarations.CodeImportFailed}).Draw(t, "code")
			return e
		}
		e.Code = rapid.SampledFrom(business).Draw(t, "code")
		e.EntryNumber = rapid.SampledFrom([]string{"", "0900"}).Draw(t, "entry")
		e.At = time.Date(2026, 1, 5, 2, rapid.IntRange(0, 3).Draw(t, "minute"), 0, 0, time.UTC)
		return e
	})
	return rapid.SliceOfN(event, 0, 9).Draw(t, "events")
}

func anyOwn(t *rapid.T) declarations.OwnRecord {
	o := declarations.OwnRecord{
		State:   rapid.SampledFrom([]string{"draft", "queued", "sent", "cancelled"}).Draw(t, "state"),
		Attempt: rapid.IntRange(0, 3).Draw(t, "newest"),
		Summary: rapid.Bool().Draw(t, "summary"),
	}
	if o.Attempt == 3 && rapid.Bool().Draw(t, "cancelled") {
		o.Cancelled = []int{2}
	}
	return o
}

func TestFoldIsAFunctionOfTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		record, events := anyOwn(t), anyEvents(t)
		want := declarations.Fold(record, events)
		again := append([]declarations.Heard(nil), events...)
		for range rapid.IntRange(0, 4).Draw(t, "copies") {
			if len(events) > 0 {
				again = append(again, events[rapid.IntRange(0, len(events)-1).Draw(t, "copied")])
			}
		}
		again = rapid.Permutation(again).Draw(t, "order")
		if diff := cmp.Diff(want, declarations.Fold(record, again)); diff != "" {
			t.Fatalf("-want +got\n%s", diff)
		}
		if again := declarations.Fold(record, want.History); again.Status != want.Status || told(again.History) != told(want.History) {
			t.Fatalf("folding the history again gives %s, want %s", again.Status, want.Status)
		}
	})
}

// lastWins is the fold that this package must not be: the last arrival decides.
func lastWins(events []declarations.Heard) declarations.Status {
	status := declarations.StatusSent
	for _, e := range events {
		if c, ok := declarations.LookupReceiptCode(e.Code); ok && c.Status != "" {
			status = c.Status
		}
	}
	return status
}

func TestAFoldByArrivalWouldBeCaught(t *testing.T) {
	t.Parallel()
	events := heard("imported#1 7@1 L@2 J@3 P@4 R@4")
	want := declarations.Fold(own("sent", 1), events).Status
	wrong := 0
	permutations(events, func(order []declarations.Heard) {
		if lastWins(order) != want {
			wrong++
		}
	})
	if wrong != 600 { // right only where R happens to come last
		t.Errorf("the naive fold differs in %d of 720 orders, want 600", wrong)
	}
}

func TestInputIsNotChanged(t *testing.T) {
	t.Parallel()
	events := heard("R@4 P@4 imported#1 7@1 L@2 imported#1")
	const seed = 7
	rand.New(rand.NewPCG(seed, seed)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	before := append([]declarations.Heard(nil), events...)
	declarations.Fold(own("sent", 1), events)
	if diff := cmp.Diff(before, events); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func BenchmarkFoldTenReceipts(b *testing.B) {
	events := heard("imported#1 7@1 L@2 E@3 imported#2 7@4 L@5 J@6 P@7 R@7")
	b.ReportAllocs()
	for b.Loop() {
		declarations.Fold(own("sent", 2), events)
	}
}

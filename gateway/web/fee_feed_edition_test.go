package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kouan/gateway/desk"
	"kouan/tariffs"
	changing "kouan/tariffs/publication"
)

// publishRows brings an edition into force with rows that are added or set, as
// two persons do.
func (b *bundle) publishRows(t *testing.T, rows []changing.Setting, effective tariffs.Day) int {
	t.Helper()
	anna, boris := desk.FeeStep{By: "authority/k1", Actor: "authority"}, desk.FeeStep{By: "authority/k2", Actor: "authority"}
	failed := func(what string, err error) {
		var faults *desk.FaultsError
		if errors.As(err, &faults) {
			t.Fatalf("%s: %+v", what, faults.Faults)
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	draft, err := b.desk.DraftFees(t.Context(), desk.FeeDrafting{By: anna.By, Actor: anna.Actor, Reason: "更正", Rows: changing.Draft{Settings: rows}})
	failed("draft", err)
	_, err = b.desk.CheckFees(t.Context(), draft.Head.Number, boris)
	failed("check", err)
	_, _, err = b.desk.PublishFees(t.Context(), draft.Head.Number, desk.FeePublication{FeeStep: anna, Effective: effective, Urgent: "更正"})
	failed("publish", err)
	return draft.Head.Number
}

// rateCells are the cells of a rate of the edition in force, with what a
// published row must say beside its price.
func (b *bundle) rateCells(t *testing.T, id string) map[string]string {
	t.Helper()
	e, err := b.desk.FeeEdition(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	records := e.Catalogue.Records()
	i := slices.IndexFunc(records, func(r tariffs.Record) bool { return r.Kind == "rates" && r.Key == id })
	cells, err := records[i].Cells()
	if err != nil {
		t.Fatal(err)
	}
	cells["reason_zh"], cells["when_how_paid_zh"], cells["complaint_channel"] = "引领船舶", "离港前", "CH-12345-DL"
	return cells
}

// publish brings the first tier of pilotage to another amount, from a day on.
func (b *bundle) publish(t *testing.T, amount string, from tariffs.Day) int {
	t.Helper()
	cells := b.rateCells(t, "PILOTAGE-2019-010")
	cells["amount"] = amount
	return b.publishRows(t, []changing.Setting{{Kind: "rates", Cells: cells}}, from)
}

func (b *bundle) read(t *testing.T, path string) string {
	t.Helper()
	a := b.ask(t, "GET", far+path)
	if a.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.Code, a.Body)
	}
	return a.Body.String()
}

func TestAnEditionReplacesWhatIsInMemory(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	addresses := []string{"/fees.csv?item=PILOTAGE", "/fees.json", "/en/fees/PILOTAGE", "/de/fees", "/fees/changes.atom?item=PILOTAGE&lang=en"}
	before := map[string]string{}
	for _, path := range addresses {
		before[path] = b.read(t, path)
	}
	b.later(time.Minute)
	n := b.publish(t, "0.41", "")
	after := map[string]string{}
	for _, path := range addresses {
		if after[path] = b.read(t, path); after[path] == before[path] {
			t.Errorf("%s is that of the edition before", path)
		}
	}
	if !strings.Contains(after["/fees.csv?item=PILOTAGE"], ",0.41,") || !strings.Contains(after["/en/fees/PILOTAGE"], "0.41") {
		t.Error("the new amount is missing")
	}
	for _, want := range []string{`<dd lang="zh-Hans">引领船舶</dd>`, `<dd lang="zh-Hans">离港前</dd>`, `href="/en/fees/bodies/pilot-station"`} {
		if !strings.Contains(after["/en/fees/PILOTAGE"], want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if strings.Contains(before["/en/fees/PILOTAGE"], "离港前") {
		t.Error("said before it was published")
	}
	if want := "pilotage 1A: at most 0.45 × 0.90 · CNY per net ton → at most 0.41 × 0.90 · CNY per net ton"; strings.Count(after["/fees/changes.atom?item=PILOTAGE&lang=en"], want) != 1 {
		t.Errorf("the feed does not tell %q", want)
	}
	b.later(time.Minute)
	if _, err := b.desk.WithdrawFees(t.Context(), n, desk.FeeStep{By: "authority/k1", Actor: "authority"}, "录入有误"); err != nil {
		t.Fatal(err)
	}
	if got := b.read(t, "/fees.csv?item=PILOTAGE"); got != before["/fees.csv?item=PILOTAGE"] {
		t.Error("after the withdrawal the list is not what it was")
	}
	if got := b.read(t, "/fees/changes.atom?item=PILOTAGE&lang=en"); !strings.Contains(got, "Withdrawn: pilotage 1A goes back from at most 0.41") {
		t.Error("the feed does not tell the withdrawal")
	}
}

func TestAnEditionToComeIsAnnouncedAndComes(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	const list, feed = "/fees.csv?item=PILOTAGE", "/fees/changes.atom?item=PILOTAGE&lang=en"
	now, told := b.read(t, list), b.read(t, feed)
	b.later(time.Minute)
	b.publish(t, "0.42", "2027-01-15")
	if b.read(t, list) != now {
		t.Error("the list of today has what is to come")
	}
	if got := b.read(t, feed); got == told || !strings.Contains(got, "From 2027-01-15, pilotage 1A: at most 0.45 × 0.90 · CNY per net ton → at most 0.42") {
		t.Error("the feed does not announce it")
	}
	b.later(50 * 24 * time.Hour) // 2027-01-15, 10:01 at the port
	if got := b.read(t, list); !strings.Contains(got, ",0.42,") {
		t.Error("on its day the edition is not in the list")
	}
}

// TestAnEditionKnowsItsNeighbours: in Dublin Core terms, the same instants on
// both sides of a replacement.
func TestAnEditionKnowsItsNeighbours(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	b.later(time.Minute)
	n := b.publish(t, "0.41", "")
	heads, err := b.desk.FeeEditions(t.Context())
	if err != nil || n != 2 || heads[0].Number != 2 {
		t.Fatalf("%+v, %v", heads, err)
	}
	from, until := heads[1].EffectiveAt.Format(time.RFC3339), heads[0].EffectiveAt.Format(time.RFC3339)
	address := far + "/ru/fees/PILOTAGE"
	for path, want := range map[string][]string{
		"": {`<link rel="dcterms.hasVersion" href="` + address + `/2">`},
		"/1": {`<link rel="dcterms.isVersionOf" href="` + address + `">`, `<link rel="dcterms.isReplacedBy" href="` + address + `/2">`,
			`<meta name="dcterms.valid" content="start=` + from + `; end=` + until + `; scheme=W3C-DTF;">`},
		"/2": {`<link rel="dcterms.isVersionOf" href="` + address + `">`, `<link rel="dcterms.replaces" href="` + address + `/1">`,
			`<meta name="dcterms.valid" content="start=` + until + `; scheme=W3C-DTF;">`, `<meta name="dcterms.language" content="ru">`},
	} {
		page := b.read(t, "/ru/fees/PILOTAGE"+path)
		var got []string
		for line := range strings.SplitSeq(page, "\n") {
			if strings.Contains(line, "dcterms.") && !strings.Contains(line, `rel="schema`) {
				got = append(got, line)
			}
		}
		for _, one := range want {
			if !slices.Contains(got, one) {
				t.Errorf("the head of %q has %q, not %s", path, got, one)
			}
		}
		if links := strings.Count(strings.Join(got, ""), "<link"); links != strings.Count(strings.Join(want, ""), "<link") {
			t.Errorf("%q: %d links %q", path, links, got)
		}
	}
}

package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/i18n"
)

const billsPath = "/api/v1/fee-bills"

// lastMonth is one instant for all: the same account has the same bytes.
var lastMonth = time.Now().AddDate(0, -1, 0).UTC().Format(time.RFC3339)

// theAccount is a small account of a call of last month: pilotage above its
// ceiling, a margin of the agent, and a charge that nobody knows.
func theAccount(number string) []byte {
	row := number + ",SYNTHETIC TWO,9000015,15872,CNDLC-12," + lastMonth + ","
	return []byte("account_no,ship,imo,nt,terminal,arrival,line,text_zh,quantity,unit,rate,amount,currency\n" +
		row + "1,引航费(进),15872,NTT,0.45,7142.40,CNY\n" +
		row + "2,货物港务费代收手续费,1,C62,412.00,412.00,CNY\n" +
		row + "3,=HYPERLINK(船岸协调费),1,C62,5,5,CNY\n")
}

func (b *bundle) bill(t testing.TB, who string, body []byte, headers ...string) answer {
	t.Helper()
	return b.ask(t, who, http.MethodPost, billsPath, body, append([]string{"Content-Type", typeCSV}, headers...)...)
}

func TestAStrangerChecksAnAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.bill(t, "", theAccount("A1"))
	made := read[FeeBill](t, a, http.StatusCreated)
	if a.header.Get("Location") != billsPath+"/"+made.Secret || made.Href != billsPath+"/"+made.Secret || len(made.Secret) != 43 {
		t.Errorf("where it is: %+v %v", made, a.header)
	}
	if len(made.Lines) != 3 || made.Sum.Over != 41200 || made.Sum.Asked != 71424 || made.Format != "csv" || !made.MayRate {
		t.Errorf("account %+v", made)
	}
	pilotage := made.Lines[0]
	if pilotage.Standing != "asked" || !strings.Contains(pilotage.Words, "ask for an explanation") || strings.Contains(pilotage.Words, "above") || *pilotage.Difference != 71424 {
		t.Errorf("a ceiling that nobody read accuses: %+v", pilotage)
	}
	if margin := made.Lines[1]; margin.Standing != "differs" || !strings.HasPrefix(margin.Complaint, "/en/fees/complaint?bill="+made.Secret+"&bill_line=2") {
		t.Errorf("margin %+v", margin)
	}
	again := b.ask(t, "", http.MethodGet, made.Href, nil)
	got := read[FeeBill](t, again, http.StatusOK)
	if got.Secret != "" || strings.Contains(string(again.body), made.Secret) {
		t.Error("the account repeats its secret")
	}
	made.Secret, made.Href, made.Page = "", "", ""
	for i := range made.Lines {
		made.Lines[i].Complaint = ""
	}
	if diff := cmp.Diff(made, got); diff != "" {
		t.Errorf("later it is another (-first +later)\n%s", diff)
	}
	refused(t, b.ask(t, "", http.MethodGet, billsPath+"/"+strings.Repeat("A", 43), nil), http.StatusNotFound, "not_found")
}

func TestTheFileOfAnAccountIsADownload(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := theAccount("A1")
	made := read[FeeBill](t, b.bill(t, "alice", body), http.StatusCreated)
	a := b.ask(t, "", http.MethodGet, made.Href+"/file", nil)
	if a.status != http.StatusOK || string(a.body) != string(body) || a.header.Get("Content-Type") != "application/octet-stream" ||
		!strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("file: %d %v", a.status, a.header)
	}
	if a := b.ask(t, "", http.MethodDelete, made.Href, nil); a.status != http.StatusNoContent {
		t.Fatalf("delete: %d %s", a.status, a.body)
	}
	for _, path := range []string{made.Href, made.Href + "/file"} {
		refused(t, b.ask(t, "", http.MethodGet, path, nil), http.StatusNotFound, "not_found")
	}
	refused(t, b.ask(t, "", http.MethodDelete, made.Href, nil), http.StatusNotFound, "not_found")
}

func TestAnUploadHasOneAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := newID()
	first := b.bill(t, "", theAccount("A1"), "Idempotency-Key", key)
	again := b.bill(t, "", theAccount("A1"), "Idempotency-Key", key, "Accept-Language", "ja")
	if first.status != http.StatusCreated || string(first.body) != string(again.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("again: %d %v", again.status, again.header)
	}
	refused(t, b.bill(t, "", theAccount("A2"), "Idempotency-Key", key), http.StatusConflict, "conflict_idempotency")
	refused(t, b.ask(t, "", http.MethodPost, billsPath+"?kind=estimate", theAccount("A1"), "Content-Type", typeCSV, "Idempotency-Key", key), http.StatusConflict, "conflict_idempotency")
	p := refused(t, b.bill(t, "", theAccount("A1"), "Idempotency-Key", "1"), http.StatusUnprocessableEntity, "invalid")
	if p.Faults[0].Code != "FEE-1210" {
		t.Errorf("a short key: %+v", p.Faults)
	}
	refused(t, b.ask(t, "", http.MethodPost, billsPath, theAccount("A1"), "Content-Type", typeCSV, "Authorization", "Bearer kouan_wrong"), http.StatusUnauthorized, "denied")
}

// TestFaultsOfAnAccountHaveTheirPlaceInEveryLanguage: each code of the nouns
// that an upload can raise is words everywhere.
func TestFaultsOfAnAccountHaveTheirPlaceInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := []byte("line,text_zh,amount,arrival,currency\n1,引航费,\"7142,40\",2026-09-14T22:40:00+08:00,CNY\n1,拖轮费,1,,USD\n")
	seen := map[string]bool{}
	for _, lang := range i18n.Languages() {
		p := refused(t, b.bill(t, "alice", body, "Accept-Language", string(lang)), http.StatusUnprocessableEntity, "invalid")
		var places []string
		for _, f := range p.Faults {
			places = append(places, f.Code+" "+f.Path+" "+fmt.Sprint(f.Line))
		}
		if diff := cmp.Diff([]string{"FEE-1001 row 2, column 3 2", "FEE-1207 row 3, column 5 3", "FEE-1206 row 3, column 1 3"}, places); diff != "" {
			t.Errorf("%s: places (-want +got)\n%s", lang, diff)
		}
		if seen[p.Faults[1].Message] {
			t.Errorf("%s says %q as another language does", lang, p.Faults[1].Message)
		}
		seen[p.Faults[1].Message] = true
	}
}

func TestRatingsAndRepliesOverTheAPI(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := read[FeeBill](t, b.bill(t, "", theAccount("A1")), http.StatusCreated)
	order := func(clarity int) []byte {
		return fmt.Appendf(nil, `{"bill":%q,"body":"pilot-station","clarity":%d,"answer":"within_3_days","words":"说得清楚"}`, made.Secret, clarity)
	}
	given := read[FeeRatingGiven](t, b.postJSON(t, "", "/api/v1/fee-ratings", order(4)), http.StatusCreated)
	if given.Standing != "asked" {
		t.Errorf("standing %q", given.Standing)
	}
	if again := read[FeeRatingGiven](t, b.postJSON(t, "", "/api/v1/fee-ratings", order(4)), http.StatusOK); again != given {
		t.Errorf("again %+v", again)
	}
	refused(t, b.postJSON(t, "", "/api/v1/fee-ratings", order(1)), http.StatusConflict, "conflict_rating")
	refused(t, b.postJSON(t, "", "/api/v1/fee-ratings", []byte(`{"stars":5}`)), http.StatusUnprocessableEntity, "invalid")
	replies := "/api/v1/fee-ratings/" + given.ID + "/replies"
	refused(t, b.postJSON(t, "alice", replies, []byte(`{"words":"x"}`)), http.StatusForbidden, "forbidden_role")
	if a := b.postJSON(t, "authority", replies, []byte(`{"words":"已改正"}`)); a.status != http.StatusNoContent {
		t.Fatalf("reply: %d %s", a.status, a.body)
	}
	body := read[FeeBody](t, b.ask(t, "", http.MethodGet, "/api/v1/fee-bodies/pilot-station", nil), http.StatusOK)
	if body.Ratings.Count != 1 || !body.Ratings.TooFew || body.Ratings.Mean != "" || len(body.Said) != 1 || body.Said[0].Replies[0].Words != "已改正" || len(body.Items) == 0 {
		t.Errorf("body %+v", body)
	}
	if m := body.Months[0]; !m.Few || m.Bills != nil || m.Complaints != nil {
		t.Errorf("a month of one account: %+v", m)
	}
	list := read[FeeBodyList](t, b.ask(t, "", http.MethodGet, "/api/v1/fee-bodies", nil, "Accept-Language", "ko"), http.StatusOK)
	if !slices.ContainsFunc(list.Items, func(x FeeBody) bool {
		return x.Code == "pilot-station" && x.Name == i18n.For(i18n.Ko).Text("fee_party.pilot_station", nil)
	}) {
		t.Error("the pilots are not among the bodies, or not in Korean")
	}
	refused(t, b.ask(t, "", http.MethodGet, "/api/v1/fee-bodies/none", nil), http.StatusNotFound, "not_found")
	over := read[FeeOvercharging](t, b.ask(t, "authority", http.MethodGet, "/api/v1/statistics/over-charging", nil), http.StatusOK)
	if len(over.Items) != 3 || over.Items[0].Code != "ship-agent" || *over.Items[0].Sum.Bills != 1 {
		t.Errorf("over-charging %+v", over)
	}
}

func TestStrangersWaitAfterTenAccounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var last answer
	for range 11 {
		last = b.bill(t, "", theAccount("A1"))
	}
	refused(t, last, http.StatusTooManyRequests, "overload")
	if last.header.Get("Retry-After") != "6" {
		t.Errorf("Retry-After %q", last.header.Get("Retry-After"))
	}
	if a := b.bill(t, "alice", theAccount("A1")); a.status != http.StatusCreated {
		t.Errorf("a partner waits for strangers: %d", a.status)
	}
}

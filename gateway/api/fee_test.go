package api

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
)

const (
	feesPath     = "/api/v1/fees"
	quotesPath   = "/api/v1/fee-quotes"
	editionsPath = "/api/v1/fee-editions"
)

const portCall = `{"arrival":"2026-11-25T08:00:00+08:00","departure":"2026-11-26T14:00:00+08:00","terminal":"CNDLC-12","ship":{"net_tonnage":"60000","length_overall_m":"336","type":"container_roro_passenger"},
"pilotage":{"in":true,"out":true},"tugs":{"in":2,"out":2},"berth":{"from":"2026-11-25T08:00:00+08:00","to":"2026-11-26T14:00:00+08:00"}`

// secondKey is the key of another person of the authority.
func (b *bundle) secondKey(t *testing.T) {
	t.Helper()
	key, hash, err := auth.NewKey(bytes.NewReader(bytes.Repeat([]byte{99}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.db.Commit(t.Context(), store.Change{Key: &store.Key{ID: newID(), Hash: hash, PartnerID: b.partner["authority"], CreatedAt: 1}}); err != nil {
		t.Fatal(err)
	}
	b.keys["colleague"] = key
}

func priceList(amount string) []byte {
	return fmt.Appendf(nil, "%s\n1,YARD,,库场使用费,,market,示范码头(虚构),货方,flat,foreign,,20,laden,,,,,,,,,箱·日历日,%s,exact,CNY,20.DAY,超期堆存,离港前,企业定价公示,,2027-06-01,,,no,CH-12345-DL,,unverified,\n",
		strings.Join(tariffs.SheetColumns, ","), amount)
}

func TestTheListOfFees(t *testing.T) {
	t.Parallel()
	b := setup(t)
	list := read[FeeList](t, b.ask(t, "", http.MethodGet, feesPath+"?item=PILOTAGE&on=2026-11-25&limit=2", nil, "Accept-Language", "de"), http.StatusOK)
	if list.Edition != 1 || list.State != "published" || len(list.Items) != 2 || list.Found <= 2 || list.Next == "" || list.Items[0].Text.Name == list.Items[0].NameZH {
		t.Errorf("list %+v", list)
	}
	var all []string
	for cursor := ""; ; {
		page := read[FeeList](t, b.ask(t, "", http.MethodGet, feesPath+"?on=2026-11-25&limit=30&cursor="+cursor, nil), http.StatusOK)
		for _, r := range page.Items {
			all = append(all, r.Item+" "+r.ID)
			if r.Amount == "" && r.Status == tariffs.Priced {
				t.Errorf("row %s is priced and has no amount", r.ID)
			}
		}
		if cursor = page.Next; cursor == "" {
			if len(all) != page.Found {
				t.Errorf("%d rows on all pages, found %d", len(all), page.Found)
			}
			break
		}
	}
	slices.Sort(all)
	if len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Error("a row stands on two pages")
	}
	item := read[FeeItem](t, b.ask(t, "", http.MethodGet, feesPath+"/PILOTAGE?on=2026-11-25", nil, "Accept-Language", "ja"), http.StatusOK)
	if item.Name != "水先料" && item.Name == item.NameZH || len(item.Rows) == 0 || !slices.Contains(item.Parts, "SHIFTING") {
		t.Errorf("item %+v", item)
	}
	first := b.ask(t, "", http.MethodGet, feesPath+"?on=2026-11-25", nil)
	if again := b.ask(t, "", http.MethodGet, feesPath+"?on=2026-11-25", nil, "If-None-Match", first.header.Get("ETag")); again.status != http.StatusNotModified || len(again.body) > 0 {
		t.Errorf("the same once more: %d", again.status)
	}
	for path, want := range map[string]int{
		feesPath + "?on=2026-13-01": 422, feesPath + "?edition=0": 422, feesPath + "?edition=99": 404, feesPath + "?trade=x": 422, feesPath + "?payer=x": 422, feesPath + "?regime=x": 422,
		feesPath + "?limit=0": 422, feesPath + "?cursor=x": 422, feesPath + "?itme=x": 422, feesPath + "/NOTHING": 404, editionsPath + "/1/difference/9": 404, editionsPath + "/x/difference/1": 404,
		quotesPath + "/nothing": 404,
	} {
		if a := b.ask(t, "", http.MethodGet, path, nil); a.status != want {
			t.Errorf("%s: %d, want %d: %s", path, a.status, want, a.body)
		}
	}
}

// frozen is the part of an answer that stays as it was given.
func frozen(t *testing.T, a answer) jsontext.Value {
	t.Helper()
	var out feeQuoteAnswer[jsontext.Value]
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return out.Quote
}

func TestAQuoteOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := []byte(portCall + `,"compare":{"on":"2021-05-01"}}`)
	made := b.ask(t, "", http.MethodPost, quotesPath, body, "Content-Type", typeJSON, "Idempotency-Key", "Q1", "Accept-Language", "de")
	q := read[FeeQuoteAnswer](t, made, http.StatusCreated)
	if q.Quote.Compared == nil || len(q.Text.Lines) != len(q.Quote.Quotation.Lines) || len(q.Text.Changes) == 0 || !strings.Contains(q.Text.Total, "CNY") {
		t.Fatalf("quotation %s", made.body)
	}
	again := b.ask(t, "", http.MethodPost, quotesPath, body, "Content-Type", typeJSON, "Idempotency-Key", "Q1", "Accept-Language", "de")
	if !bytes.Equal(again.body, made.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Error("the same key and call got another answer")
	}
	refused(t, b.ask(t, "", http.MethodPost, quotesPath, []byte(portCall+`}`), "Content-Type", typeJSON, "Idempotency-Key", "Q1"), http.StatusConflict, "conflict_idempotency")
	at := made.header.Get("Location")
	german, russian := b.ask(t, "", http.MethodGet, at, nil, "Accept-Language", "de"), b.ask(t, "", http.MethodGet, at, nil, "Accept-Language", "ru")
	if !bytes.Equal(frozen(t, german), frozen(t, russian)) || !bytes.Equal(frozen(t, made), frozen(t, german)) || bytes.Equal(german.body, russian.body) {
		t.Error("languages change what was given, or no words")
	}
	b.secondKey(t)
	drafted := read[FeeDrafted](t, b.ask(t, "authority", http.MethodPost, editionsPath, []byte(`{"reason":"更正","settings":[{"table":"rates","cells":`+corrected(t, b)+`}]}`), "Content-Type", typeJSON), http.StatusCreated)
	n := fmt.Sprint(drafted.Edition.Number)
	read[FeeEditionStep](t, b.ask(t, "colleague", http.MethodPost, editionsPath+"/"+n+"/check", nil), http.StatusOK)
	read[FeeEditionStep](t, b.ask(t, "authority", http.MethodPost, editionsPath+"/"+n+"/publication", []byte(`{}`), "Content-Type", typeJSON), http.StatusOK)
	after := b.ask(t, "", http.MethodGet, at+"?rerun=today", nil)
	if !bytes.Equal(frozen(t, after), frozen(t, made)) {
		t.Error("a new edition changed a quotation")
	}
	told := read[FeeQuoteAnswer](t, after, http.StatusOK)
	if told.Rerun == nil || told.Rerun.Edition != drafted.Edition.Number || !told.Rerun.Changed {
		t.Errorf("computed anew: %+v", told.Rerun)
	}
	difference := read[FeeDifference](t, b.ask(t, "", http.MethodGet, editionsPath+"/1/difference/"+n, nil), http.StatusOK)
	if len(difference.Changes) != 1 || difference.Changes[0].Key != "PILOTAGE-2019-010" {
		t.Errorf("difference %+v", difference)
	}
	for _, c := range []struct{ name, body, code, path string }{
		{"no number", `{"arrival":"2026-11-25T08:00:00+08:00","ship":{"net_tonnage":"6e4"}}`, tariffs.CodeNumber, "ship.net_tonnage"},
		{"unknown member", `{"arrival":"2026-11-25T08:00:00+08:00","ships":{}}`, "DEC-1002", "ships"},
		{"no time", `{"arrival":"tomorrow"}`, tariffs.CodeInstant, "arrival"},
		{"no day", `{}`, tariffs.CodeNeeded, "arrival"},
		{"another terminal that is none", `{"arrival":"2026-11-25T08:00:00+08:00","compare":{"terminal":"X"}}`, tariffs.CodeTerminal, "compare.terminal"},
		{"a list", `[]`, "DEC-1004", ""},
	} {
		p := refused(t, b.ask(t, "", http.MethodPost, quotesPath, []byte(c.body), "Content-Type", typeJSON), http.StatusUnprocessableEntity, "invalid")
		if len(p.Faults) != 1 || p.Faults[0].Code != c.code || p.Faults[0].Path != c.path || p.Faults[0].Message == "" {
			t.Errorf("%s: %+v, want %s at %s", c.name, p.Faults, c.code, c.path)
		}
	}
	if a := b.ask(t, "", http.MethodGet, at+"?rerun=tomorrow", nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("rerun of another day: %d", a.status)
	}
}

// corrected are the cells of a rate of pilotage with another amount.
func corrected(t *testing.T, b *bundle) string {
	t.Helper()
	e, err := b.Desk.FeeEdition(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range e.Catalogue.Records() {
		if r.Key != "PILOTAGE-2019-010" {
			continue
		}
		cells, err := r.Cells()
		if err != nil {
			t.Fatal(err)
		}
		cells["amount"], cells["reason_zh"], cells["when_how_paid_zh"], cells["complaint_channel"] = "0.41", "引领船舶", "离港前", "CH-12345-DL"
		return string(marshal(cells))
	}
	t.Fatal("no such rate")
	return ""
}

// Publication takes two persons, and every refusal is a 409 or 422 with words.
func TestPublicationOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.secondKey(t)
	draft := func(body []byte, headers ...string) answer {
		return b.ask(t, "authority", http.MethodPost, editionsPath+"?file=prices.csv", body, append([]string{"Content-Type", typeCSV}, headers...)...)
	}
	p := refused(t, draft(priceList("面议")), http.StatusUnprocessableEntity, "invalid")
	if i := slices.IndexFunc(p.Faults, func(f Fault) bool { return f.Code == "FEE-L16" }); i < 0 || p.Faults[i].Line != 2 || p.Faults[i].Message == "" {
		t.Errorf("faults %+v", p.Faults)
	}
	dry := read[FeeDrafted](t, b.ask(t, "authority", http.MethodPost, editionsPath+"?dry_run=1", priceList("4.10"), "Content-Type", typeCSV), http.StatusOK)
	if dry.Edition != nil || len(dry.Changes) == 0 {
		t.Errorf("dry run %+v", dry)
	}
	first := draft(priceList("4.10"), "Idempotency-Key", "D1")
	d := read[FeeDrafted](t, first, http.StatusCreated)
	if again := draft(priceList("4.10"), "Idempotency-Key", "D1"); !bytes.Equal(again.body, first.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same key: %s", again.body)
	}
	refused(t, draft(priceList("4.20"), "Idempotency-Key", "D1"), http.StatusConflict, "conflict_idempotency")
	at := editionsPath + "/" + fmt.Sprint(d.Edition.Number)
	step := func(who, what, body string) answer {
		return b.ask(t, who, http.MethodPost, at+"/"+what, []byte(body), "Content-Type", typeJSON)
	}
	if drafts := read[FeeEditionList](t, b.ask(t, "authority", http.MethodGet, "/api/v1/fee-drafts", nil), http.StatusOK); len(drafts.Items) != 1 || drafts.Items[0].State != desk.FeeDraft {
		t.Errorf("drafts %+v", drafts)
	}
	if public := read[FeeEditionList](t, b.ask(t, "", http.MethodGet, editionsPath, nil), http.StatusOK); len(public.Items) != 1 {
		t.Errorf("the public sees a draft: %+v", public)
	}
	if a := b.ask(t, "", http.MethodGet, feesPath+"?edition="+fmt.Sprint(d.Edition.Number), nil); a.status != http.StatusNotFound {
		t.Errorf("rows of a draft: %d", a.status)
	}
	conflict := func(a answer, code string) {
		t.Helper()
		p := refused(t, a, http.StatusConflict, "conflict_fee_edition")
		if len(p.Faults) != 1 || p.Faults[0].Code != code || p.Detail != p.Faults[0].Message {
			t.Errorf("%+v, want %s", p, code)
		}
	}
	conflict(step("authority", "publication", `{}`), desk.CodeFeeUnchecked)
	conflict(step("authority", "check", ""), desk.CodeFeeSelf)
	read[FeeEditionStep](t, step("colleague", "check", ""), http.StatusOK)
	refused(t, step("authority", "publication", `{"effective":"2020-01-01"}`), http.StatusUnprocessableEntity, "invalid")
	refused(t, step("authority", "publication", `{"efective":"2020-01-01"}`), http.StatusUnprocessableEntity, "invalid")
	out := read[FeeEditionStep](t, step("authority", "publication", `{"effective":"2027-06-01"}`), http.StatusOK)
	if out.Edition.State != desk.FeeScheduled || out.Edition.EffectiveAt == nil {
		t.Errorf("published %+v", out)
	}
	conflict(step("colleague", "publication", `{}`), desk.CodeFeeUnchecked)
	refused(t, step("authority", "withdrawal", `{}`), http.StatusUnprocessableEntity, "invalid")
	read[FeeEditionStep](t, step("authority", "withdrawal", `{"why":"figure misread"}`), http.StatusOK)
	conflict(step("authority", "withdrawal", `{"why":"again"}`), desk.CodeFeeWithdrawn)
	if a := b.ask(t, "authority", http.MethodPost, editionsPath+"/99/check", nil); a.status != http.StatusNotFound {
		t.Errorf("an edition that is not there: %d", a.status)
	}
}

package web

import (
	"net/url"
	"strings"
	"testing"

	"kouan/tariffs"
	changing "kouan/tariffs/publication"
)

// tugCompanies publish a price each for one and the same ships.
var tugCompanies = []string{"大连甲拖轮有限公司", "大连乙拖轮有限公司"}

func (b *bundle) publishTugs(t *testing.T) {
	t.Helper()
	var rows []changing.Setting
	for i, company := range tugCompanies {
		rows = append(rows, changing.Setting{Kind: "rates", Cells: map[string]string{"rate_id": "T-" + string(rune('1'+i)), "place": "CNDLC", "item": "TOWAGE",
			"schedule_kind": "matrix", "trade": "international", "ship_type": "bulk_general_other", "loa_from": "180", "loa_to": "220", "amount": []string{"8500", "8000"}[i],
			"currency": "CNY", "unit": "C62", "ceiling": "true", "valid_from": "2027-01-01", "instrument": "MOT-2019-2", "verification": "secondary", "collector_zh": company,
			"reason_zh": "协助靠离泊", "when_how_paid_zh": "作业后三十日内转账", "complaint_channel": "CH-12345-DL"}})
	}
	if _, err := b.desk.FeeEdition(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.publishRows(t, rows, "")
}

func TestWhoChargesAPublishedRowIsShown(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	b.publishTugs(t)
	for i, company := range tugCompanies {
		code, other := tariffs.BodyCode(company), tugCompanies[1-i]
		item := b.read(t, "/en/fees/TOWAGE?on=2027-02-01")
		_, row, _ := strings.Cut(item, `id="T-`+string(rune('1'+i))+`"`)
		row, _, _ = strings.Cut(row, "</tr>")
		if !strings.Contains(row, `<span lang="zh-Hans">`+company+"</span>") || strings.Contains(row, other) || !strings.Contains(row, "/en/fees/bodies/"+code) {
			t.Errorf("the row of %s does not say whose it is: %s", company, row)
		}
		for _, path := range []string{"/en/fees?on=2027-02-01", "/en/fees/bodies", "/en/fees?on=2027-02-01&collector=" + url.QueryEscape(company), "/zh-Hans/fees/bodies/" + code} {
			if !strings.Contains(b.read(t, path), company) {
				t.Errorf("%s does not name %s", path, company)
			}
		}
		narrowed := b.read(t, "/en/fees?on=2027-02-01&collector="+url.QueryEscape(company))
		if figure := []string{"8,500", "8,000"}[i]; !strings.Contains(narrowed, figure) || strings.Contains(narrowed, []string{"8,000", "8,500"}[i]) {
			t.Errorf("the charges of %s are not its own", company)
		}
		page := b.read(t, "/en/fees/bodies/"+code)
		if figure := []string{"8,500", "8,000"}[i]; !strings.Contains(page, figure) || !strings.Contains(page, "(2027-01-01)") || strings.Contains(page, other) {
			t.Errorf("the page of %s does not show its price of 2027-01-01", company)
		}
		if data := b.read(t, "/fees.jsonld?item=TOWAGE&on=2027-02-01"); !strings.Contains(data, `"kouan:collector":"`+company+`"`) {
			t.Errorf("linked data does not say which price is of %s", company)
		}
		if feed := b.read(t, "/fees/changes.atom?lang=en&collector="+url.QueryEscape(company)); strings.Count(feed, "<entry>") != 1 {
			t.Errorf("the feed of %s has %d entries, want the one of its price", company, strings.Count(feed, "<entry>"))
		}
	}
}

func TestARowSaysWhenItWasPublishedAndWhereToComplain(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	b.publishTugs(t)
	version, rows, err := tariffs.ReadRows(strings.NewReader(b.read(t, "/fees.csv?on=2027-02-01")))
	if err != nil || version == "" {
		t.Fatal(err)
	}
	for i := range rows {
		r := &rows[i]
		if r.ID != "" && r.Published != "2026-11-25" && r.Published != "2026-11-26" || r.Channel != "CH-12345-DL" {
			t.Errorf("%s %s was published on %q; complaints go to %q", r.Item, r.ID, r.Published, r.Channel)
		}
	}
	page := b.read(t, "/en/fees/SPECIAL_PORT_FEE")
	if !strings.Contains(page, `<span lang="zh-Hans">交通运输部</span> <span class="ver`) {
		t.Error("the authority of the special port fee is not shown with how sure it is")
	}
	if page := b.read(t, "/en/fees/TONNAGE_DUES"); strings.Contains(page, "交通运输部") {
		t.Error("an authority is shown that no table names")
	}
}

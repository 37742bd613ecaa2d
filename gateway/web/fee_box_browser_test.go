//go:build !race

package web

import (
	"net/http/httptest"
	"testing"

	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/services"
)

// TestPagesOfWordsInABrowser looks at the cost of a box and at the
// translations in every language.
func TestPagesOfWordsInABrowser(t *testing.T) {
	checker := axe(t)
	ctx := chromium(t)
	b := setup(t)
	offer := services.Service{Number: "S-1", Name: "报关服务", NameEN: "customs brokerage", Provider: "样例报关行", Price: "1300.00", Currency: "CNY", Unit: "C62", Counted: true, ValidFrom: "2026-01-01",
		ChooseOther: "任选", ChooseOtherEN: "choose any", Source: "样例", Word: tariffs.Unverified, Sample: true}
	if _, err := b.desk.ImportFeeServices(t.Context(), "test", []services.Service{offer}); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewTLSServer(b.handler)
	t.Cleanup(srv.Close)
	for _, path := range []string{"/fees/box", "/fees/translations?of=ru", "/fees/translations?of=de&kind=texts"} {
		for _, lang := range []i18n.Lang{i18n.ZhHans, i18n.De} {
			look(t, ctx, srv.URL+"/"+string(lang)+path, checker, sight{390, "dark", true}, sight{1280, "light", true})
		}
		others(t, ctx, srv.URL, path, checker, i18n.ZhHans, i18n.De)
	}
	if checker == "" {
		lacking(t, "axe-core")
	}
}

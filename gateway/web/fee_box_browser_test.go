package web

import (
	"net/http/httptest"
	"testing"

	"kouan/tariffs"
	"kouan/tariffs/services"
)

// TestPagesOfWordsInABrowser looks at the cost of a box and at the
// translations in the longest languages and the densest script.
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
	for _, lang := range []string{"zh-Hans", "ru", "de"} {
		for _, path := range []string{"/fees/box", "/fees/translations?of=ru", "/fees/translations?of=de&kind=texts"} {
			look(t, ctx, srv.URL+"/"+lang+path, checker, sight{390, "dark", true}, sight{1280, "light", true})
		}
	}
	if checker == "" {
		lacking(t, "axe-core")
	}
}

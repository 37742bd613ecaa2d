package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/services"
	"kouan/tariffs/wording"
)

// keyLike finds a key of a text that was shown instead of the text.
var keyLike = regexp.MustCompile(`>(?:page|fee_[a-z]+|i18n_status|ui|fault)\.[a-z_.]+<`)

func TestTheCostOfABoxInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	offer := services.Service{Number: "S-1", Name: "报关服务", NameEN: "customs brokerage", Provider: "样例报关行", Price: "1300.00", Currency: "CNY", Unit: "C62", Counted: true, ValidFrom: "2026-01-01",
		ChooseOther: "任选", ChooseOtherEN: "choose any", Source: "样例", Word: tariffs.Unverified}
	sample := offer
	sample.Number, sample.Sample, sample.Price = "S-2", true, "7777"
	if _, err := b.desk.ImportFeeServices(t.Context(), "test", []services.Service{offer, sample}); err != nil {
		t.Fatal(err)
	}
	style := packed(t, styleCSS)
	for _, lang := range i18n.Languages() {
		p := i18n.For(lang)
		measures := wording.For(p, tariffs.BuiltIn()).InstrumentName("MOT-2019-2").Text
		if lang == i18n.ZhHans {
			measures = "港口收费计费办法"
		}
		for path, wants := range map[string][]string{
			"/fees/box": {p.Money(130000+3400, "CNY"), p.Money(777700, "CNY"), "CARGO_DUES-2019-080", `lang="zh-Hans">样例报关行`,
				p.Text("fee_service.sample", nil), measures},
			"/fees/box?box=export-40":                               {p.Money(130000+3400, "CNY"), "CARGO_DUES-2019-083", p.Text("page.box_cost.choice", nil)},
			"/fees/translations":                                    {p.Text("page.translations.none_reviewed", nil), p.Text("i18n_status.proposed", nil), `lang="zh-Hans">`},
			"/fees/translations?of=ru&kind=texts&q=status.released": {"status.released", p.Plural("page.translations.found", 1, nil)},
			"/fees/translations?of=de&status=stale":                 {p.Text("page.translations.empty", nil), p.Plural("page.translations.found", 0, nil)},
			"/fees/translations?of=fr&kind=texts&page=2":            {`rel="prev"`, `rel="next"`},
		} {
			page := b.browser(t, "").page(t, "/"+string(lang)+path)
			for _, want := range wants {
				if !strings.Contains(page, want) {
					t.Errorf("%s%s has no %q", lang, path, want)
				}
			}
			if m := keyLike.FindString(page); m != "" && !strings.Contains(path, "translations") { // which lists keys
				t.Errorf("%s%s shows the key %s", lang, path, m)
			}
			if size := packed(t, []byte(page)) + style; size > budget {
				t.Errorf("%s%s weighs %d bytes, the budget is %d", lang, path, size, budget)
			}
			if !strings.Contains(page, `<html lang="`+string(lang)+`">`) {
				t.Errorf("%s%s does not say its language", lang, path)
			}
		}
	}
}

func TestABoxThatIsNoneIsAFault(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for path, status := range map[string]int{
		"/en/fees/box?box=import-45": http.StatusUnprocessableEntity, "/en/fees/box?edition=99": http.StatusNotFound, "/en/fees/box?edition=x": http.StatusNotFound, "/en/fees/box?edition=-1": http.StatusNotFound,
		"/en/fees/box?edition=1": http.StatusOK, "/en/fees/translations?of=xx&status=lost&kind=?&page=-7&q=" + strings.Repeat("%e6%b8%af", 60): http.StatusOK,
	} {
		if w := b.browser(t, "").get(t, path); w.Code != status {
			t.Errorf("%s: %d, want %d", path, w.Code, status)
		}
	}
}

func TestAChosenLanguageIsRemembered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	answer := w.post(t, "/ko/language")
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != "/ko/" {
		t.Fatalf("%d to %s", answer.Code, answer.Header().Get("Location"))
	}
	cookie := answer.Result().Cookies()
	if len(cookie) != 1 || cookie[0].Name != languageCookie || cookie[0].Value != "ko" || !cookie[0].HttpOnly || cookie[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("cookie %v", cookie)
	}
	for value, want := range map[string]string{"ko": "/ko/", "<x>": "/fr/", "": "/fr/"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, far+"/", nil)
		r.Header.Set("Accept-Language", "fr")
		r.AddCookie(&http.Cookie{Name: languageCookie, Value: value})
		rec := httptest.NewRecorder()
		b.handler.ServeHTTP(rec, r)
		if got := rec.Header().Get("Location"); got != want || rec.Header().Get("Vary") != "Accept-Language, Cookie" {
			t.Errorf("cookie %q leads to %s (%s), want %s", value, got, rec.Header().Get("Vary"), want)
		}
	}
}

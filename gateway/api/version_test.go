package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/i18n"
)

func TestVersionsAndTheirDifferenceInWords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := read[Accepted](t, b.postJSON(t, "alice", all+"?draft=1", jsonOf(t, "EX1")), http.StatusCreated)
	path := all + "/" + d.ID
	edit := func(d *declarations.Declaration) {
		d.Transport.CountryOfDispatch = "KOR"
		d.Items[0].TransactionQuantity = "99"
		d.Containers = append(d.Containers, declarations.Container{Number: "CSQU3054383"})
		d.Header.ShippingMarks = ""
	}
	b.ask(t, "alice", http.MethodPut, path, jsonOf(t, "EX1", edit), "Content-Type", typeJSON, "If-Match", `"1"`)
	list := read[VersionList](t, b.ask(t, "alice", http.MethodGet, path+"/versions", nil), http.StatusOK)
	if len(list.Items) != 2 || list.Items[0].Kind != "draft" || list.Items[1].Kind != "edit" || list.Items[1].KindText != "draft edited" ||
		list.Items[0].By != b.partner["alice"] || list.Items[0].SHA256 == list.Items[1].SHA256 {
		t.Fatalf("versions %+v", list.Items)
	}
	for n, want := range []bool{false, true} {
		one := b.ask(t, "alice", http.MethodGet, list.Items[n].Href, nil)
		if one.status != http.StatusOK || strings.Contains(string(one.body), "CSQU3054383") != want || !strings.Contains(string(one.body), `"client_reference":"EX1"`) {
			t.Errorf("version %d: %d %s", n+1, one.status, one.body)
		}
	}
	for lang, want := range map[string]string{
		"en": "MarkNo: “N/M” removed\n" +
			"TradeCountry: “JPN Japan” became “KOR Korea, Republic of”\n" +
			"goods line 1, GQty: “100” became “99”\n" +
			"container: “CSQU3054383” added",
		"zh-Hans": "MarkNo：删除“N/M”\n" +
			"TradeCountry：由“JPN 日本”改为“KOR 韩国”\n" +
			"商品第 1 项，GQty：由“100”改为“99”\n" +
			"集装箱：新增“CSQU3054383”",
	} {
		diff := read[Difference](t, b.ask(t, "alice", http.MethodGet, path+"/versions/1/difference/2", nil, "Accept-Language", lang), http.StatusOK)
		if d := cmp.Diff(want, diff.Text); d != "" {
			t.Errorf("%s (-want +got):\n%s", lang, d)
		}
	}
	refused(t, b.ask(t, "alice", http.MethodGet, path+"/versions/3", nil), http.StatusNotFound, "not_found")
	refused(t, b.ask(t, "alice", http.MethodGet, path+"/versions/1/difference/9", nil), http.StatusNotFound, "not_found")
	refused(t, b.ask(t, "alice", http.MethodGet, path+"/versions/x", nil), http.StatusUnprocessableEntity, "invalid")
}

// TestEveryKindHasWords: what a version, a request or an entry of the
// timeline can be is said in every language.
func TestEveryKindHasWords(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, k := range []string{"draft", "edit", "submission", "amendment", "completion", "restored", "existing"} {
		keys = append(keys, "version."+k)
	}
	for _, s := range []string{"requested", "sent", "approved", "refused", "withdrawn", "lapsed"} {
		keys = append(keys, "request_state."+s)
		for _, k := range []string{"amendment", "cancellation"} {
			keys = append(keys, "request."+k)
			keys = append(keys, "event."+k+"_"+s)
		}
	}
	for _, lang := range i18n.Languages() {
		for _, k := range keys {
			if text := i18n.For(lang).Text(k, nil); text == k || text == "" {
				t.Errorf("%s has no words in %s", k, lang)
			}
		}
	}
}

func TestTimelineShowsWhereAReceiptObjects(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := read[Accepted](t, b.postXML(t, "alice", all, xmlOf("EX1")), http.StatusCreated)
	got := b.objections(t, d.ID, "EX1", 1)
	if len(got) != 1 || got[0].Place != "/DecMessage/DecLists/DecList[1]/CodeTS" || got[0].Line == 0 || got[0].Path != "items[0].hs_code" || got[0].Text != "归类有误" {
		t.Errorf("objections %+v", got)
	}
}

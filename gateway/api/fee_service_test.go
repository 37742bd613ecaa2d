package api

import (
	"net/http"
	"testing"

	"github.com/go-json-experiment/json"

	"kouan/gateway/desk"
	"kouan/tariffs"
	"kouan/tariffs/boxcost"
	"kouan/tariffs/services"
)

const feeServicesPath = "/api/v1/fee-services"

func feeService(number, price string) services.Service {
	return services.Service{Number: number, Name: "报关服务", Provider: "样例报关行", Price: price, Currency: "CNY", Unit: "C62", Counted: true, ValidFrom: "2026-01-01",
		ChooseOther: "任何在海关备案的报关企业均可办理", Source: "价目表", Word: tariffs.Secondary}
}

func feeServiceList(t *testing.T, list ...services.Service) []byte {
	t.Helper()
	body, err := json.Marshal(&FeeServiceList{list})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestServicesArePublishedByTheAuthorityAndReadByEverybody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	list := feeServiceList(t, feeService("A", "300.00"), feeService("B", ""))
	if got := read[FeeServicesTaken](t, b.postJSON(t, "authority", feeServicesPath, list), http.StatusOK); got != (FeeServicesTaken{Added: 2}) {
		t.Errorf("published: %+v", got)
	}
	if got := read[FeeServicesTaken](t, b.postJSON(t, "authority", feeServicesPath, list), http.StatusOK); got != (FeeServicesTaken{Unchanged: 2}) {
		t.Errorf("again: %+v", got)
	}
	refused(t, b.postJSON(t, "alice", feeServicesPath, list), http.StatusForbidden, "forbidden_role")
	shown := read[struct {
		Items []desk.PublishedService `json:"items"`
	}](t, b.ask(t, "", http.MethodGet, feeServicesPath, nil), http.StatusOK)
	if len(shown.Items) != 2 || shown.Items[0].Number != "A" || shown.Items[0].Version != 1 || shown.Items[1].Price != "" {
		t.Errorf("listed: %+v", shown.Items)
	}
}

func TestAListOfServicesWithFaultsPublishesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	bad := feeService("B", "面议")
	p := refused(t, b.postJSON(t, "authority", feeServicesPath, feeServiceList(t, feeService("A", "1"), bad), "Accept-Language", "de"), http.StatusUnprocessableEntity, "invalid")
	if len(p.Faults) != 1 || p.Faults[0].Code != services.CodePrice || p.Faults[0].Path != "services[1].price" || p.Faults[0].Args["value"] != "面议" {
		t.Errorf("%+v", p.Faults)
	}
	for name, body := range map[string]string{"an unknown member": `{"services":[{"service_no":"A","margin":"1"}]}`, "an array": `[]`, "no list": `{}`, "nothing": ``, "twice": `{"services":[],"services":[]}`} {
		if a := b.postJSON(t, "authority", feeServicesPath, []byte(body)); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	shown := b.ask(t, "", http.MethodGet, feeServicesPath, nil)
	if string(shown.body) == "" || read[struct {
		Items []desk.PublishedService `json:"items"`
	}](t, shown, http.StatusOK).Items == nil {
		t.Errorf("an empty list is an empty array: %s", shown.body)
	}
}

func TestTheCostOfABoxIsPublic(t *testing.T) {
	t.Parallel()
	b := setup(t, inJanuary)
	got := read[struct {
		Box     boxcost.Box     `json:"box"`
		Edition int             `json:"edition"`
		Counted tariffs.Word    `json:"parts_verification"`
		Months  []boxcost.Month `json:"months"`
	}](t, b.ask(t, "", http.MethodGet, "/api/v1/fee-boxes/export-40", nil), http.StatusOK)
	last := got.Months[len(got.Months)-1]
	if got.Box != (boxcost.Box{Direction: "export", Size: "40"}) || got.Edition != 1 || got.Counted != tariffs.Unverified || last.On != "2026-01-06" || last.Known != 3400 || last.Whole {
		t.Errorf("%+v, last month %+v", got.Box, last)
	}
	refused(t, b.ask(t, "", http.MethodGet, "/api/v1/fee-boxes/export-45", nil), http.StatusUnprocessableEntity, "invalid")
	refused(t, b.ask(t, "", http.MethodGet, "/api/v1/fee-boxes/export-40?edition=9", nil), http.StatusNotFound, "not_found")
}

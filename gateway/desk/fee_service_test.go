package desk_test

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/services"
)

func offer(number, price string) services.Service {
	return services.Service{Number: number, Name: "报关服务", Provider: "样例报关行", Price: price, Currency: "CNY", Unit: "C62", Counted: true, ValidFrom: "2026-01-01",
		ChooseOther: "任何在海关备案的报关企业均可办理", Source: "价目表", Word: tariffs.Secondary}
}

func TestServicesArePublishedWholeAndNothingIsWrittenOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	take := func(list ...services.Service) desk.FeeServicesTaken {
		t.Helper()
		taken, err := b.ImportFeeServices(t.Context(), "operator", list)
		if err != nil {
			t.Fatal(err)
		}
		return taken
	}
	if got := take(offer("A", "300"), offer("B", "280")); got != (desk.FeeServicesTaken{Added: 2}) {
		t.Errorf("the first time: %+v", got)
	}
	if got := take(offer("A", "300"), offer("B", "280")); got != (desk.FeeServicesTaken{Unchanged: 2}) {
		t.Errorf("the same again: %+v", got)
	}
	if got := take(offer("A", "310"), offer("B", "280")); got != (desk.FeeServicesTaken{Changed: 1, Unchanged: 1}) {
		t.Errorf("one changed: %+v", got)
	}
	list, err := b.FeeServices(t.Context())
	if err != nil || len(list) != 2 || list[0].Price != "310" || list[0].Version != 2 || list[1].Version != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	old, err := b.store.FeeServiceVersions(t.Context(), "A")
	if err != nil || len(old) != 2 {
		t.Errorf("versions %v, %v", old, err)
	}
	bad := offer("C", "cheap")
	_, err = b.ImportFeeServices(t.Context(), "operator", []services.Service{offer("D", "1"), bad, offer("D", "2")})
	var faults *desk.FaultsError
	if !errors.As(err, &faults) || len(faults.Faults) != 2 || faults.Faults[0].Path != "services[1].price" || faults.Faults[0].Code != services.CodePrice ||
		faults.Faults[1].Path != "services[2].service_no" || faults.Faults[1].Code != services.CodeTwice {
		t.Errorf("a list with faults: %v %+v", err, faults)
	}
	if _, err := b.ImportFeeServices(t.Context(), "operator", nil); !errors.As(err, &faults) || faults.Faults[0].Code != services.CodeNoRows {
		t.Errorf("an empty list: %v", err)
	}
	if list, err := b.FeeServices(t.Context()); err != nil || len(list) != 2 {
		t.Errorf("half a list was published: %+v, %v", list, err)
	}
}

func TestOnlyTheAuthorityPublishesServices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.PublishFeeServices(t.Context(), b.alice, []services.Service{offer("A", "1")}); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("a forwarder: %v", err)
	}
	authority := auth.Principal{PartnerID: "port", Role: auth.Authority}
	if taken, err := b.PublishFeeServices(t.Context(), authority, []services.Service{offer("A", "1")}); err != nil || taken.Added != 1 {
		t.Errorf("the authority: %+v, %v", taken, err)
	}
}

func TestManyPublishersLoseNoVersion(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const racers = 12
	var wait sync.WaitGroup
	for i := range racers {
		wait.Go(func() {
			if _, err := b.ImportFeeServices(t.Context(), "operator", []services.Service{offer("A", strconv.Itoa(i))}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	versions, err := b.store.FeeServiceVersions(t.Context(), "A")
	if err != nil || len(versions) != racers || versions[0].Version != racers {
		t.Errorf("%d versions, %v", len(versions), err)
	}
}

func TestTheCostOfABoxFollowsTheServices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	known := func(box string) tariffs.Fen {
		t.Helper()
		cost, err := b.FeeBoxCost(t.Context(), box, 0)
		if err != nil {
			t.Fatal(err)
		}
		return cost.Months[len(cost.Months)-1].Known
	}
	before := known("import-20")
	if _, err := b.ImportFeeServices(t.Context(), "operator", []services.Service{offer("A", "300")}); err != nil {
		t.Fatal(err)
	}
	if after := known("import-20"); after != before+30000 {
		t.Errorf("%s before, %s after: what was remembered stands", before, after)
	}
	if !slices.Equal(desk.FeeBoxNames(), []string{"import-20", "import-40", "export-20", "export-40"}) {
		t.Errorf("boxes %v", desk.FeeBoxNames())
	}
	var faults *desk.FaultsError
	if _, err := b.FeeBoxCost(t.Context(), "import-45", 0); !errors.As(err, &faults) || faults.Faults[0].Code != desk.CodeNoBox {
		t.Errorf("a box that is none: %v", err)
	}
	if _, err := b.FeeBoxCost(t.Context(), "import-20", 4711); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an edition that is none: %v", err)
	}
}

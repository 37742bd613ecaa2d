package api

import (
	"net/http"
	"strings"
	"testing"

	"kouan/declarations/inspection"
	"kouan/port-adapters/sandbox/magic"
)

func TestNumbersOfTheSandboxAreRefusedInProduction(t *testing.T) {
	t.Parallel()
	b := setup(t)
	order := func(message string) []byte {
		return b.order(message, func(o *inspection.Order) { o.Boxes[0].ContainerNumber = magic.Number(magic.Works, 1) })
	}
	refused := b.postJSON(t, "customs", ordersPath, order("m1"))
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(string(refused.body), `"NOT-1240"`) || !strings.Contains(string(refused.body), "boxes[0].container_no") {
		t.Errorf("in production: %d %s", refused.status, refused.body)
	}
	b.Desk.Sandbox = true
	if taken := b.postJSON(t, "customs", ordersPath, order("m2")); taken.status != http.StatusCreated {
		t.Errorf("in a sandbox: %d %s", taken.status, taken.body)
	}
}

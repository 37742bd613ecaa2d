package conformance

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kouan/declarations/inspection"
	portadapters "kouan/port-adapters"
)

// exchange is a gateway whose terminal reacts to each order by events; what
// it says is fixed for the case.
type exchange struct {
	mu       sync.Mutex
	says     map[inspection.Action][]string // events in JSON
	refuse   int                            // status of every order, if not 201
	version  int
	events   []string
	orders   []inspection.Order
	problems []string
}

func (x *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer customs-key" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodGet {
		fmt.Fprintf(w, `{"version":%d,"state":"ISSUED","confirmed":false,"events":[%s]}`, x.version, strings.Join(x.events, ","))
		return
	}
	if x.refuse != 0 {
		w.WriteHeader(x.refuse)
		fmt.Fprint(w, `{"code":"invalid"}`)
		return
	}
	var o inspection.Order
	if err := json.UnmarshalRead(r.Body, &o); err != nil || r.URL.Path != "/api/v1/inspection-orders" || r.Header.Get("Idempotency-Key") != o.SourceMessageID {
		x.problems = append(x.problems, fmt.Sprint(r.URL.Path, err))
	}
	x.orders = append(x.orders, o)
	x.version++
	x.events = append(x.events, x.says[o.Action]...)
	w.WriteHeader(http.StatusCreated)
	fmt.Fprint(w, `{"notices":[{"notice_no":"N1"}]}`)
}

func event(kind inspection.Kind, version int, more string) string {
	return fmt.Sprintf(`{"kind":%q,"version":%d,"actor":"terminal"%s}`, kind, version, more)
}

// try plays the trial and gives "check grade found" of each result.
func (x *exchange) try(t *testing.T) ([]string, error) {
	t.Helper()
	server := httptest.NewServer(x)
	t.Cleanup(server.Close)
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{strings.TrimPrefix(server.URL, "http://")}})
	t.Cleanup(transport.CloseIdleConnections)
	var got []string
	err := RunBusiness(t.Context(), &Business{Gateway: server.URL, Key: "customs-key", Terminal: "T01", Transport: transport, Clock: time.Now, NewID: uuid.NewString,
		Within: 60 * time.Millisecond, Poll: 5 * time.Millisecond}, func(r Result) error {
		got = append(got, strings.TrimPrefix(r.Check, "business_")+" "+string(r.Grade)+" "+r.Found+" "+r.Args["answer"]+r.Args["count"])
		return nil
	})
	return got, err
}

func TestAnswersOfATerminalAreJudged(t *testing.T) {
	t.Parallel()
	ack := func(v int) string { return event(inspection.TransportAck, v, "") }
	good := map[inspection.Action][]string{
		inspection.Issue:  {ack(1), event(inspection.Accepted, 1, ""), event(inspection.Locked, 1, "")},
		inspection.Change: {ack(2), event(inspection.Accepted, 2, "")},
		inspection.Cancel: {ack(3), event(inspection.Unlocked, 3, "")},
	}
	with := func(act inspection.Action, events ...string) map[inspection.Action][]string {
		changed := map[inspection.Action][]string{}
		maps.Copy(changed, good)
		changed[act] = events
		return changed
	}
	for name, c := range map[string]struct {
		says map[inspection.Action][]string
		want []string
	}{
		"all is well": {good, []string{"delivered green after ", "answered green answered_as accepted", "locked green after ",
			"changed green answered_as accepted", "cancelled green after ", "counts green counted 7"}},
		"nobody there": {map[inspection.Action][]string{}, []string{"delivered red not_within ", "answered red not_within ", "locked yellow not_within ",
			"changed red not_within ", "cancelled red not_within ", "counts green counted 0"}},
		"takes and forgets": {map[inspection.Action][]string{inspection.Issue: {ack(1)}, inspection.Change: {ack(2)}, inspection.Cancel: {ack(3)}},
			[]string{"delivered green after ", "answered red not_within ", "locked yellow not_within ", "changed red not_within ", "cancelled green after ", "counts green counted 3"}},
		"rejects": {with(inspection.Issue, ack(1), event(inspection.Rejected, 1, `,"reason":"BOX_UNKNOWN"`)),
			[]string{"delivered green after ", "answered green answered_as rejected BOX_UNKNOWN", "locked skipped not_played ",
				"changed green answered_as accepted", "cancelled green after ", "counts green counted 6"}},
		"answers the first version alone": {with(inspection.Change, ack(2), event(inspection.Accepted, 1, "")),
			[]string{"delivered green after ", "answered green answered_as accepted", "locked green after ", "changed red not_within ", "cancelled green after ", "counts green counted 7"}},
		"keeps the lock": {with(inspection.Cancel, ack(3)),
			[]string{"delivered green after ", "answered green answered_as accepted", "locked green after ", "changed green answered_as accepted",
				"cancelled yellow not_within ", "counts green counted 6"}},
		"goes ahead": {with(inspection.Issue, ack(1), event(inspection.Accepted, 1, ""), event(inspection.Locked, 1, ""), event(inspection.MovedBack, 1, `,"refused":"not_released"`)),
			[]string{"delivered green after ", "answered green answered_as accepted", "locked green after ", "changed green answered_as accepted", "cancelled green after ", "counts yellow counted 7"}},
		"a refused answer is none": {with(inspection.Issue, ack(1), event(inspection.Accepted, 1, `,"refused":"old_version"`)),
			[]string{"delivered green after ", "answered red not_within ", "locked yellow not_within ", "changed green answered_as accepted", "cancelled green after ", "counts yellow counted 5"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := &exchange{says: c.says}
			got, err := x.try(t)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			if len(x.problems) > 0 || len(x.orders) != 3 {
				t.Fatalf("orders %+v, problems %v", x.orders, x.problems)
			}
			if o := x.orders; o[0].Number != "" || o[1].Number != "N1" || o[1].Boxes[0].Site == o[0].Boxes[0].Site || o[2].Action != inspection.Cancel || !strings.Contains(o[0].Note, "TEST") {
				t.Errorf("orders %+v", o)
			}
		})
	}
}

func TestAGatewayThatRefusesTheOrderEndsTheTrial(t *testing.T) {
	t.Parallel()
	got, err := (&exchange{refuse: http.StatusUnprocessableEntity}).try(t)
	if !errors.Is(err, ErrOrder) || len(got) > 0 || strings.Contains(err.Error(), "customs-key") {
		t.Errorf("got %v, %v", got, err)
	}
}

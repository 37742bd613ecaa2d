package inspection

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

const issue = `{"action":"issue","declaration_no":"090120261000000001","customs_office":"0901","direction":"import","terminal_id":"T01",
 "attendance":"REQUIRED","orders":["LOCK","MOVE"],"source_message_id":"S-1","issued_at":"2026-11-26T02:00:00Z","note":"夜间勿动",
 "boxes":[{"container_no":" temu0000011 ","size_type":"45G1","gross_mass_kg":12000.5,"method":"MAN","depth":"HALF","site_id":"S1","set_point_celsius":"-18.5","un_numbers":["1263"]}]}`

func places(faults []declarations.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, f.Code+" "+f.Path)
	}
	return out
}

func TestAnOrderIsRead(t *testing.T) {
	t.Parallel()
	o, faults := ParseOrder([]byte(issue))
	if faults = append(faults, CheckOrder(&o)...); len(faults) > 0 {
		t.Fatal(faults)
	}
	if b := o.Boxes[0]; b.ContainerNumber != box1 || b.GrossMassKg != "12000.5" || o.Purpose != PurposeCustoms {
		t.Errorf("%+v", o)
	}
	n, faults := NextVersion(nil, &o, at(1))
	if len(faults) > 0 || n.Version != 1 || n.Change != Issue || !n.IssuedAt.Equal(at(1)) || !n.OrderedAt.Equal(t0) || n.SourceMessageID != "S-1" {
		t.Errorf("version %+v, faults %v", n, faults)
	}
}

func TestWrongOrdersAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"nothing", " ", []string{"DEC-1007 "}},
		{"a list", "[" + issue + "]", []string{"DEC-1004 "}},
		{"cut off", issue[:40], []string{"DEC-1001 declaration_no"}},
		{"an unknown member", strings.Replace(issue, `"size_type"`, `"sise_type"`, 1), []string{"DEC-1002 boxes[0].sise_type"}},
		{"a member twice", strings.Replace(issue, `"note"`, `"terminal_id"`, 1), []string{"DEC-1003 terminal_id"}},
		{"a text for boxes", strings.Replace(issue, `"boxes":[`, `"boxes":"","x":[`, 1), []string{"DEC-1004 boxes"}},
		{"a time without a zone", strings.Replace(issue, "02:00:00Z", "02:00:00", 1), []string{"NOT-1003 issued_at"}},
		{"no action", strings.Replace(issue, `"issue"`, `""`, 1), []string{"NOT-1001 action"}},
		{"the action of an event", strings.Replace(issue, `"issue"`, `"release"`, 1), []string{"NOT-1001 action"}},
		{"a change without a number", strings.Replace(issue, `"issue"`, `"change"`, 1), []string{"NOT-1002 notice_no"}},
		{"a short declaration number", strings.Replace(issue, "000000001", "0001", 1), []string{"NOT-1003 declaration_no"}},
		{"attendance not told", strings.Replace(issue, `"REQUIRED"`, `""`, 1), []string{"NOT-1002 attendance"}},
		{"words of no list", strings.NewReplacer(`"import"`, `"in"`, `"MAN"`, `"HAND"`, `"MOVE"`, `"GO"`, `"HALF"`, `"SOME"`).Replace(issue),
			[]string{"NOT-1004 direction", "NOT-1004 orders[1]", "NOT-1004 boxes[0].method", "NOT-1004 boxes[0].depth"}},
		{"a wrong check digit", strings.Replace(issue, "temu0000011", "TEMU0000012", 1), []string{"NOT-1003 boxes[0].container_no"}},
		{"no boxes", strings.Split(issue, `"boxes"`)[0] + `"boxes":[]}`, []string{"NOT-1005 boxes"}},
		{"a box without a number", strings.Replace(issue, " temu0000011 ", "", 1), []string{"NOT-1002 boxes[0].container_no"}},
		{"a number and a mark", strings.Replace(issue, `"size_type"`, `"mark":"N/M","size_type"`, 1), []string{"NOT-1012 boxes[0].mark"}},
		{"forms", strings.NewReplacer("45G1", "40HC-", "12000.5", `"12t"`, "-18.5", "cold", "1263", "UN1263").Replace(issue),
			[]string{"NOT-1003 boxes[0].gross_mass_kg", "NOT-1003 boxes[0].set_point_celsius", "NOT-1003 boxes[0].size_type", "NOT-1003 boxes[0].un_numbers[0]"}},
		{"a transfer to nowhere", `{"action":"transfer_site","notice_no":"N1"}`, []string{"NOT-1002 boxes"}},
		{"a text that is too long", strings.Replace(issue, "夜间勿动", strings.Repeat("长", 501), 1), []string{"NOT-1003 note"}},
	} {
		o, faults := ParseOrder([]byte(c.body))
		if len(faults) == 0 {
			faults = CheckOrder(&o)
		}
		if diff := cmp.Diff(c.want, places(faults)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestEventsAreRead(t *testing.T) {
	t.Parallel()
	one := `{"kind":"rejected","box":"temu0000011","version":1,"occurred_at":"2026-11-26T10:05:00+08:00","reason":"SITEFULL","earliest_possible":"2026-11-27T01:00:00Z","reference":"R1"}`
	events, faults := ParseEvents([]byte(one))
	if len(faults) > 0 || len(events) != 1 {
		t.Fatal(faults)
	}
	if e := events[0]; e.Reason != SiteFull || e.Box != box1 || !e.OccurredAt.Equal(at(5)) || e.Earliest.IsZero() {
		t.Errorf("%+v: both forms of a reason are read", e)
	}
	events, faults = ParseEvents([]byte("[" + one + `,{"kind":"accepted","box":"N/m 3","occurred_at":"2026-11-26T10:05:00+08:00"}]`))
	if len(faults) > 0 || len(events) != 2 || events[1].Box != "N/m 3" {
		t.Errorf("%v %v: a mark stays as it is written", events, faults)
	}
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"none", "[]", []string{"NOT-1010 "}},
		{"no kind", `{"occurred_at":"2026-11-26T10:05:00Z"}`, []string{"NOT-1009 kind"}},
		{"no time", `[{"kind":"accepted"}]`, []string{"NOT-1002 [0].occurred_at"}},
		{"no reason", `{"kind":"rejected","occurred_at":"2026-11-26T10:05:00Z"}`, []string{"NOT-1002 reason"}},
		{"other without a text", `{"kind":"rejected","reason":"OTHER","occurred_at":"2026-11-26T10:05:00Z"}`, []string{"NOT-1002 text"}},
		{"an unknown reason", `{"kind":"rejected","reason":"NO","occurred_at":"2026-11-26T10:05:00Z"}`, []string{"NOT-1004 reason"}},
		{"a finish without a result", `{"kind":"finished","occurred_at":"2026-11-26T10:05:00Z"}`, []string{"NOT-1002 result"}},
		{"an appointment without a time", `{"kind":"appointed","occurred_at":"2026-11-26T10:05:00Z"}`, []string{"NOT-1002 time"}},
		{"members of the gateway", `{"kind":"accepted","id":"1","source":"p","heard_at":"2026-11-26T10:05:00Z","occurred_at":"2026-11-26T10:05:00Z"}`,
			[]string{"DEC-1002 id", "DEC-1002 heard_at", "DEC-1002 source"}},
		{"one reference twice", "[" + one + "," + one + "]", []string{"NOT-1011 [1].reference"}},
		{"no time at all", `{"kind":"accepted","occurred_at":"yesterday"}`, []string{"NOT-1003 occurred_at"}},
		{"a number for a box", `{"kind":"accepted","box":7,"occurred_at":"2026-11-26T10:05:00Z"}`, []string{"DEC-1004 box"}},
	} {
		events, faults := ParseEvents([]byte(c.body))
		if diff := cmp.Diff(c.want, places(faults)); diff != "" || len(events) > 0 {
			t.Errorf("%s: %d events (-want +got)\n%s", c.name, len(events), diff)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	v1 := ordered(box1, box2)
	apply := func(old Notice, o Order) Notice {
		n, faults := NextVersion(&old, &o, at(50))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return n
	}
	// A change that leaves a box out takes it back; its past stays.
	c := apply(v1, Order{Action: Change, Notice: ordered(box2)})
	if c.Version != 2 || len(c.Boxes) != 2 || !slices.Equal(c.Cancelled, []string{box1}) {
		t.Errorf("change: %+v", c)
	}
	if c = apply(c, Order{Action: Change, Notice: ordered(box1, box2)}); len(c.Cancelled) != 0 {
		t.Errorf("ordered again: %v", c.Cancelled)
	}
	c = apply(v1, Order{Action: Cancel, Notice: Notice{Number: "N1", Boxes: []Box{{ContainerNumber: box2}}}})
	if !slices.Equal(c.Cancelled, []string{box2}) || len(c.Boxes) != 2 || c.Change != Cancel {
		t.Errorf("cancel: %+v", c)
	}
	if len(v1.Cancelled) != 0 || v1.Boxes[0].Site != "S1" {
		t.Errorf("the older version was changed: %+v", v1)
	}
	if c = apply(c, Order{Action: Cancel}); !slices.Equal(c.Cancelled, []string{box2, box1}) {
		t.Errorf("cancel the rest: %v", c.Cancelled)
	}
	c = apply(v1, Order{Action: TransferSite, Notice: Notice{Escort: true, PaidBy: "consignee", Boxes: []Box{{ContainerNumber: box1, Site: "S9", AtSiteBy: at(300)}}}})
	if c.Boxes[0].Site != "S9" || c.Boxes[1].Site != "S1" || !c.Escort || c.PaidBy != "consignee" || !c.Boxes[0].AtSiteBy.Equal(at(300)) || c.Boxes[0].Method != Manual {
		t.Errorf("transfer: %+v", c)
	}
	c = apply(v1, Order{Action: FollowUp, Notice: Notice{Boxes: []Box{{ContainerNumber: box1, Depth: Full}}}})
	if len(c.Boxes) != 3 || c.Boxes[2].Key() != box1+"/2" || c.Boxes[2].Depth != Full || c.Boxes[2].Site != "S1" || c.Boxes[0].Depth != Half {
		t.Errorf("follow-up: %+v", c)
	}
	if c = apply(c, Order{Action: FollowUp, Notice: Notice{Boxes: []Box{{ContainerNumber: box1}}}}); c.Boxes[3].Key() != box1+"/3" {
		t.Errorf("follow-up of the follow-up: %s", c.Boxes[3].Key())
	}
	if _, faults := NextVersion(&v1, &Order{Action: Cancel, Notice: Notice{Boxes: []Box{{ContainerNumber: "TEMU0000032"}}}}, at(50)); len(faults) != 1 || faults[0].Code != CodeBoxNumber {
		t.Errorf("a box that is not there: %v", faults)
	}
}

func FuzzParseOrder(f *testing.F) {
	f.Add([]byte(issue))
	f.Add([]byte(`{"action":"cancel","notice_no":"N1","boxes":[{"mark":"N/M","parent":"N/M"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		o, faults := ParseOrder(body)
		if len(faults) > 0 || len(CheckOrder(&o)) > 0 {
			return
		}
		old := ordered(box1)
		n, faults := NextVersion(&old, &o, at(5))
		if len(faults) > 0 {
			return
		}
		if _, err := json.Marshal(n); err != nil {
			t.Fatalf("a version cannot be written: %v", err)
		}
		in := Input{Versions: []Notice{old, n}, Events: life(), Capability: full, Now: at(60)}
		if got := Fold(in); len(got.Boxes) < len(n.Boxes) {
			t.Fatalf("%d boxes of %d", len(got.Boxes), len(n.Boxes))
		}
	})
}

func FuzzParseEvents(f *testing.F) {
	f.Add([]byte(`[{"kind":"rejected","box":"TEMU0000011","occurred_at":"2026-11-26T10:05:00Z","reason":"OTHER","text":"x"}]`))
	f.Add([]byte(`{"kind":"finished","result":"SEIZE","occurred_at":"2026-11-26T10:05:00Z"}`))
	f.Fuzz(func(_ *testing.T, body []byte) {
		events, _ := ParseEvents(body)
		in := story(60, []Notice{ordered(box1)}, until(Locked)...)
		for i := range min(len(events), 5) {
			events[i].Actor, events[i].HeardAt = ByTerminal, at(60)
			if Admit(in, &events[i]) == nil {
				in.Events = append(in.Events, events[i])
			}
		}
		Fold(in)
	})
}

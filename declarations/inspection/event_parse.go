package inspection

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictjson"
)

// ours are the members of an event that a sender may not set: they are the
// gateway's.
var ours = []string{"id", "heard_at", "source"}

// ParseEvents reads one event or an array of them. Either every event is
// right, or there are faults and no events. Who may report what, and when, is
// Admit's.
func ParseEvents(body []byte) ([]Event, []declarations.Fault) {
	values, isList, fault := strictjson.Split(body)
	if fault != nil {
		return nil, []declarations.Fault{*fault}
	}
	if len(values) == 0 || len(values) > MaxEvents {
		return nil, []declarations.Fault{strictjson.Reject(CodeEvents, "", "limit", strconv.Itoa(MaxEvents))}
	}
	events := make([]Event, len(values))
	var faults []declarations.Fault
	references := map[string]bool{}
	for i, v := range values {
		at := ""
		if isList {
			at = "[" + strconv.Itoa(i) + "]."
		}
		e := &events[i]
		if f := read(v, e); f != nil {
			f.Path = strings.TrimSuffix(at+f.Path, ".")
			faults = append(faults, *f)
			continue
		}
		e.Box = boxKey(e.Box)
		faults = append(faults, checkEvent(e, at)...)
		if e.Reference != "" && references[e.Reference] {
			faults = append(faults, strictjson.Reject(CodeTwice, at+"reference", "value", strictjson.Shown(e.Reference)))
		}
		references[e.Reference] = true
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return events, nil
}

// boxKey makes two spellings of a container number equal; a mark of
// break-bulk cargo stays as it is written.
func boxKey(s string) string {
	s = strings.TrimSpace(s)
	root, _, _ := strings.Cut(s, "/")
	if declarations.CheckContainer(plain(root)) {
		return plain(s)
	}
	return s
}

// needs are the members that a kind cannot do without; Admit refuses their
// absence too, a report by telephone or EDIFACT does not come this way.
func (e *Event) needs() []string {
	var list []string
	need := func(missing bool, name string) {
		if missing {
			list = append(list, name)
		}
	}
	need(e.OccurredAt.IsZero(), "occurred_at")
	switch e.Kind {
	case Rejected, ExceptionFound:
		need(e.Reason == "", "reason")
	case Finished:
		need(e.Result == "", "result")
	case Appointed, Postponed:
		need(e.Time.IsZero(), "time")
	case HandedOver, AttendanceWaiver:
		need(strings.TrimSpace(e.Person) == "", "person")
	}
	need(e.Reason == OtherReason && strings.TrimSpace(e.Text) == "", "text")
	return list
}

// checkEvent judges one event; at is the place before a member's name.
func checkEvent(e *Event, at string) []declarations.Fault {
	var faults []declarations.Fault
	add := func(code, name string, pairs ...string) {
		faults = append(faults, strictjson.Reject(code, at+name, pairs...))
	}
	if !slices.Contains(Kinds, e.Kind) {
		add(CodeEventKind, "kind", "value", strictjson.Shown(string(e.Kind)), "known", words(reportable()))
		return faults
	}
	for _, name := range e.needs() {
		add(CodeMissing, name, "name", name)
	}
	if e.Reason != "" {
		if r, known := ReasonOfWire(string(e.Reason)); known {
			e.Reason = r
		} else {
			const member = "reason" // its name, not the slug of an argument
			add(CodeWord, member, "name", member, "value", strictjson.Shown(string(e.Reason)), "known", words(Reasons()))
		}
	}
	if e.Result != "" && !slices.Contains(Results, e.Result) {
		add(CodeWord, "result", "name", "result", "value", strictjson.Shown(string(e.Result)), "known", words(Results))
	}
	if e.Version < 0 {
		add(CodeValue, "version", "name", "version", "value", strconv.Itoa(e.Version), "reason", "version_number")
	}
	for _, t := range []struct {
		name string
		at   time.Time
	}{
		{"occurred_at", e.OccurredAt}, {"earliest_possible", e.Earliest}, {"time", e.Time}, {"unplugged_at", e.UnpluggedAt},
	} {
		if y := t.at.UTC().Year(); !t.at.IsZero() && (y < 1970 || y > 9999) {
			add(CodeValue, t.name, "name", t.name, "value", strictjson.Shown(t.at.Format(time.RFC3339)), "reason", "fact_time")
		}
	}
	for i, name := range []string{e.ID, stamp(e.HeardAt), e.Source} {
		if name != "" {
			add(declarations.CodeUnknownMember, ours[i], "name", ours[i])
		}
	}
	return append(faults, checkTexts(e, at)...)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func checkTexts(e *Event, at string) []declarations.Fault {
	var faults []declarations.Fault
	text := func(name, value string) {
		if !fits(value) {
			faults = append(faults, strictjson.Reject(CodeValue, at+name, "name", name, "value", strictjson.Shown(value), "reason", "notice_text"))
		}
	}
	for _, t := range []struct{ name, value string }{
		{"notice_no", e.NoticeNumber}, {"box", e.Box}, {"reference", e.Reference}, {"answers_id", e.AnswersID}, {"text", e.Text},
		{"site_id", e.Site}, {"yard_place", e.YardPlace}, {"person", e.Person}, {"channel", e.Channel}, {"withdraws", e.Withdraws},
		{"ordered_by", e.OrderedBy}, {"caused_by", e.CausedBy}, {"actor", string(e.Actor)},
	} {
		text(t.name, t.value)
	}
	for i, s := range e.OldSeals {
		text(declarations.IndexPath("old_seals", i, ""), s)
	}
	for i, s := range e.NewSeals {
		text(declarations.IndexPath("new_seals", i, ""), s)
	}
	return faults
}

// reportable are the kinds that somebody outside reports; the others are made here.
func reportable() []Kind {
	var list []Kind
	for _, k := range Kinds {
		if !slices.Equal(may[k], []Actor{ByGateway}) && (k.ofBox() || k == TransportAck) {
			list = append(list, k)
		}
	}
	return list
}

// CheckEvent judges an event that came in another form than JSON; paths are
// the names of its members.
func CheckEvent(e *Event) []declarations.Fault { return checkEvent(e, "") }

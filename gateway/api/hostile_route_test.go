package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// attack is one request that must be refused with words.
type attack struct {
	name, who, method, path string
	contentType             string
	body                    []byte
	headers                 []string
	status                  int // 0: any refusal of the caller
}

// junk are bodies that are right for no route that takes JSON.
func junk() map[string][]byte {
	return map[string][]byte{
		"empty": {}, "blank": []byte(" \n\t "), "number": []byte("7"), "null": []byte("null"), "text": []byte(`"x"`), "true": []byte("true"),
		"list": []byte("[]"), "list of nothing": []byte("[null]"), "list of lists": []byte("[[[]]]"), "cut off": []byte(`{"reason":`),
		"unknown member": []byte(`{"colour":"red"}`), "member twice": []byte(`{"reason":"a","reason":"b"}`),
		"object for text": []byte(`{"reason":{},"request":{},"kind":{}}`), "number for text": []byte(`{"reason":1,"request":2,"kind":3}`),
		"bad bytes": []byte("{\"reason\":\"\xff\"}"), "lone surrogate": []byte(`{"reason":"\ud800"}`), "binary": {0, 1, 2, 0xff, 0xfe},
		"deep lists": []byte(strings.Repeat("[", 50_000)), "closed deep lists": []byte(strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000)),
		"deep objects": []byte(strings.Repeat(`{"reason":`, 50_000)), "XML": []byte("<x/>"), "after the end": []byte(`{"reason":"x"}{}`),
		"huge text": []byte(`{"reason":"` + strings.Repeat("长", 200_000) + `"}`),
	}
}

// bodies attacks every route that takes a body of JSON with each junk.
func bodies(own *belongings) (list []attack) {
	d := all + "/" + own.declaration
	for name, body := range junk() {
		for _, to := range []struct{ who, path string }{
			{"alice", d + "/amendments" + because("x")}, {"alice", d + "/cancellation"}, {"alice", all + "/" + own.summary + "/completion"},
			{"customs", "/api/v1/decisions"}, {"carrier", factsPath}, {"customs", receipts},
			{"customs", ordersPath}, {"alice", noticesPath + "/" + own.notice + "/events"}, {"terminal", "/api/v1/terminal-messages"},
		} {
			list = append(list, attack{name: name, who: to.who, method: http.MethodPost, path: to.path, contentType: typeJSON, body: body})
		}
		list = append(list, attack{name: name + " as XML", who: "carrier", method: http.MethodPost, path: factsPath, contentType: typeXML, body: body},
			attack{name: name + " as depot XML", who: "terminal", method: http.MethodPost, path: "/api/v1/terminal-messages", contentType: typeXML, body: body},
			attack{name: name + " as EDIFACT", who: "carrier", method: http.MethodPost, path: "/api/v1/terminal-messages", contentType: typeEDIFACT, body: body})
	}
	return list
}

// values attacks with single wrong values in bodies that are right otherwise.
func values(t *testing.T, own *belongings) (list []attack) {
	fact := func(members string) []byte {
		return []byte(`{"kind":"carrier_release","bill_number":"EXBL9","occurred_at":"2026-01-05T02:00:00Z",` + members + `}`)
	}
	for name, body := range map[string][]byte{
		"kind unknown": []byte(`{"kind":"rumour","bill_number":"X","occurred_at":"2026-01-05T02:00:00Z"}`),
		"no number":    []byte(`{"kind":"carrier_release","occurred_at":"2026-01-05T02:00:00Z"}`),
		"no time":      []byte(`{"kind":"carrier_release","bill_number":"X"}`),
		"day of none":  []byte(`{"kind":"carrier_release","bill_number":"X","occurred_at":"2026-02-30T02:00:00Z"}`),
		"year 0":       []byte(`{"kind":"carrier_release","bill_number":"X","occurred_at":"0000-01-01T00:00:00Z"}`),
		"number":       []byte(`{"kind":"carrier_release","bill_number":"X","occurred_at":1767578400}`),
		"packages":     fact(`"packages":"-1"`), "weight with a unit": fact(`"gross_weight_kg":"1 kg"`), "weight NaN": fact(`"gross_weight_kg":"NaN"`),
		"long bill": fact(`"entry_number":"` + strings.Repeat("长", 201) + `"`), "line break": fact(`"note":"a\nb"`), "nul": fact(`"note":"\u0000"`),
		"check digit": fact(`"container_number":"ZZZU0000011"`), "IMO": fact(`"vessel_imo":"1234568"`), "estimated": fact(`"estimated":"yes"`),
		"withdraws nothing": []byte(`{"withdraws":"nothing"}`), "withdraws much": []byte(`{"withdraws":"` + strings.Repeat("x", 5000) + `"}`),
		"one of two":                []byte("[" + string(fact(`"reference":"A1"`)) + `,{"kind":"rumour"}]`),
		"same reference":            []byte("[" + string(fact(`"reference":"A1","place":"x"`)) + "," + string(fact(`"reference":"A1","place":"y"`)) + "]"),
		"one fact taken back twice": fmt.Appendf(nil, `[{"withdraws":%q,"reference":"A1"},{"withdraws":%q,"reference":"A2"}]`, own.fact, own.fact),
		"1,001":                     []byte("[" + strings.Repeat(string(fact(`"place":"x"`))+",", 1000) + string(fact(`"place":"x"`)) + "]"),
	} {
		list = append(list, attack{name: "fact: " + name, who: "carrier", method: http.MethodPost, path: factsPath, contentType: typeJSON, body: body, status: http.StatusUnprocessableEntity})
	}
	for name, body := range map[string]string{
		"neither": `{"request":"` + own.request + `","decision":"later"}`, "no request": `{"decision":"approved"}`,
		"of nothing": `{"request":"` + newID() + `","decision":"approved"}`, "long": `{"request":"` + strings.Repeat("x", 300) + `","decision":"approved"}`,
		"long text": `{"request":"` + own.request + `","decision":"approved","text":"` + strings.Repeat("长", 1400) + `"}`,
		"yesterday": `{"request":"` + own.request + `","decision":"approved","at":"yesterday"}`,
		"year 0":    `{"request":"` + own.request + `","decision":"approved","at":"0000-01-01T00:00:00Z"}`,
		"year 9999": `{"request":"` + own.request + `","decision":"approved","at":"9999-12-31T23:59:59Z"}`,
		"nul":       `{"request":"` + own.request + `","decision":"approved","text":"a\u0000b"}`,
	} {
		list = append(list, attack{name: "decision: " + name, who: "customs", method: http.MethodPost, path: "/api/v1/decisions", contentType: typeJSON, body: []byte(body)})
	}
	order := func(members string) string {
		return `{"action":"issue","source_message_id":"S1","customs_office":"0900","declaration_no":"` + entryNumber + `","direction":"import","orders":["LOCK"],` + members + `}`
	}
	for name, body := range map[string]string{
		"no box": order(`"boxes":[]`), "null boxes": order(`"boxes":null`), "check digit": order(`"boxes":[{"container_no":"ZZZU0000011"}]`),
		"box twice": order(`"boxes":[{"container_no":"ZZZU0000010"},{"container_no":"zzzu0000010 "}]`), "nothing in a box": order(`"boxes":[{}]`),
		"method": order(`"boxes":[{"container_no":"ZZZU0000010","method":"SMELL"}]`), "mass": order(`"boxes":[{"container_no":"ZZZU0000010","gross_mass_kg":"1 kg"}]`),
		"many boxes": order(`"boxes":[` + strings.Repeat(`{"container_no":"ZZZU0000010"},`, 1200) + `{"container_no":"ZZZU0000010"}]`),
		"nul":        order(`"note":"a\u0000b","boxes":[{"container_no":"ZZZU0000010"}]`), "long": order(`"note":"` + strings.Repeat("长", 600) + `","boxes":[{"container_no":"ZZZU0000010"}]`),
		"our member": order(`"cancelled":["x"],"boxes":[{"container_no":"ZZZU0000010"}]`), "version below": order(`"version":-1,"boxes":[{"container_no":"ZZZU0000010"}]`),
		"no action": `{"notice_no":"N1"}`, "made by an event": `{"action":"release","notice_no":"` + own.notice + `"}`, "of nothing": `{"action":"cancel","notice_no":"NOTHING","source_message_id":"S2"}`,
		"of no number": `{"action":"cancel","source_message_id":"S2"}`, "year 0": order(`"boxes":[{"container_no":"ZZZU0000010","planned_start":"0000-01-01T00:00:00Z"}]`),
	} {
		list = append(list, attack{name: "order: " + name, who: "customs", method: http.MethodPost, path: ordersPath, contentType: typeJSON, body: []byte(body)})
	}
	event := func(members string) string { return `{"occurred_at":"2026-11-25T02:00:00Z",` + members + `}` }
	for name, body := range map[string]string{
		"kind": event(`"kind":"sunrise"`), "not his": event(`"kind":"released"`), "of us": event(`"kind":"transport_timeout"`), "no person": event(`"kind":"attendance_waived"`),
		"no time": event(`"kind":"appointed"`), "year 0": `{"kind":"appointed","occurred_at":"0000-01-01T00:00:00Z"}`, "our member": event(`"kind":"attendance_waived","person":"x","heard_at":"2026-11-25T02:00:00Z"`),
		"another's notice": event(`"kind":"appointed","time":"2026-11-25T02:00:00Z","notice_no":"OTHER"`), "future": `{"kind":"attendance_waived","person":"x","occurred_at":"2999-01-01T00:00:00Z"}`,
		"1,001": "[" + strings.Repeat(event(`"kind":"attendance_waived","person":"x"`)+",", 1000) + event(`"kind":"attendance_waived","person":"x"`) + "]",
		"nul":   event(`"kind":"attendance_waived","person":"a\u0000b"`), "unknown box": event(`"kind":"attendance_waived","person":"x","box":"TEMU1234565"`),
	} {
		list = append(list, attack{name: "event: " + name, who: "alice", method: http.MethodPost, path: noticesPath + "/" + own.notice + "/events", contentType: typeJSON, body: []byte(body)})
	}
	for name, reason := range map[string]string{"none": "", "blank": "  ", "501 characters": strings.Repeat("长", 501), "nul": "a\x00b"} {
		body, err := json.Marshal(map[string]string{"reason": reason})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list,
			attack{name: "cancel: " + name, who: "alice", method: http.MethodPost, path: all + "/" + own.accepted + "/cancellation", contentType: typeJSON, body: body, status: http.StatusUnprocessableEntity},
			attack{name: "amend: " + name, who: "alice", method: http.MethodPost, path: all + "/" + own.accepted + "/amendments?reason=" + url.QueryEscape(reason), contentType: typeJSON,
				body: jsonOf(t, acceptedReference, voyage("027E")), status: http.StatusUnprocessableEntity})
	}
	return list
}

// queries attacks what stands in the address.
func queries(t *testing.T, own *belongings) (list []attack) {
	d, right := all+"/"+own.declaration, jsonOf(t, acceptedReference, voyage("027E"))
	long := strings.Repeat("x", 3000)
	for _, path := range []string{
		d + "/versions/0", d + "/versions/-1", d + "/versions/99", d + "/versions/x", d + "/versions/1e3", d + "/versions/99999999999999999999", d + "/versions/1.0",
		d + "/versions/1/difference/0", d + "/versions/1/difference/99", d + "/versions/x/difference/1", d + "/versions/2147483648/difference/1",
		d + "/messages/0", d + "/messages/-1", d + "/messages/x", d + "/messages/99999999999999999999", d + "/clearance?x=1", d + "/duties?x=1",
		d + "/versions?limit=1", d + "/amendments?x=1", d + "/timeline?x=1", d + "?x=1",
		all + "/%00", all + "/%ff", all + "/..%2f..%2fetc", all + "/" + long, all + "/%27%20OR%201=1--/clearance", all + "/" + long + "/duties", all + "/%ff/versions",
		"/api/v1/uploads/%00", "/api/v1/uploads/" + long, "/api/v1/uploads/%ff/refused", "/api/v1/uploads/" + own.upload + "?x=1", "/api/v1/uploads/" + own.upload + "/refused?x=1",
		"/api/v1/statistics?from=2026-02-30", "/api/v1/statistics?to=tomorrow", "/api/v1/statistics?from=2026-01-02&to=2026-01-01", "/api/v1/statistics?from=2000-01-01", "/api/v1/statistics?from=0000-01-01T00:00:00Z&to=0000-02-01T00:00:00Z",
		"/api/v1/statistics?x=1", "/api/v1/statistics?from=" + long, "/api/v1/statistics?from=%00", "/api/v1/statistics?to=9999-12-31T23:59:60Z",
		"/api/v1/rules?x=1", "/api/v1/codes?date=2026-02-30", "/api/v1/codes?date=x", "/api/v1/codes?x=1", "/api/v1/codes/nothing", "/api/v1/codes/%00", "/api/v1/codes/" + long,
		"/api/v1/codes/countries?limit=0", "/api/v1/codes/countries?limit=501", "/api/v1/codes/countries?limit=x", "/api/v1/codes/countries?cursor=x", "/api/v1/codes/countries?cursor=" + long,
		"/api/v1/codes/countries?q=" + strings.Repeat("x", 101), "/api/v1/codes/countries?date=0000-00-00", "/api/v1/codes/countries?limit=-1", "/api/v1/codes/countries?q=a&q=b", "/api/v1/codes/countries?q=%zz",
		all + "?limit=0", all + "?limit=501", all + "?limit=x", all + "?cursor=" + long, all + "?status=lost", all + "?x=1",
	} {
		list = append(list, attack{name: "read", who: "alice", method: http.MethodGet, path: path})
	}
	for _, path := range []string{"?limit=0", "?limit=501", "?limit=x", "?x=1", "?cursor=x", "?cursor=-1", "?cursor=" + long, "?state=LOST", "?state=", "?open=2", "?open=yes",
		"?wait=-1s", "?wait=forever", "?state=ISSUED&state=LOCKED", "?limit=%zz", "/%00", "/" + long, "/%ff", "/" + own.notice + "?x=1", "/nothing"} {
		if path != "?state=" { // an empty one asks for all
			list = append(list, attack{name: "notices", who: "alice", method: http.MethodGet, path: noticesPath + path})
		}
	}
	for _, path := range []string{"/hours?day=2026-02-30", "/hours?day=x", "/hours?x=1", "/hours"} {
		list = append(list, attack{name: "hours", who: "alice", method: http.MethodGet, path: "/api/v1/terminals/nobody" + path})
	}
	for _, path := range []string{"?from=2026-02-30", "?to=x", "?from=2026-01-02&to=2026-01-01", "?from=2000-01-01", "?x=1"} {
		list = append(list, attack{name: "figures", who: "customs", method: http.MethodGet, path: "/api/v1/statistics/notices" + path})
	}
	for _, path := range []string{"?limit=0", "?limit=501", "?limit=x", "?x=1", "?cursor=" + long, "?limit=99999999999999999999"} {
		list = append(list, attack{name: "read", who: "customs", method: http.MethodGet, path: "/api/v1/requests" + path})
	}
	for _, query := range []string{"?x=1", "?reason=a&reason=b", "?reason=%zz", "?reason=%ff", "?reason=a&reason_code=" + long, "?reason=a&reason_code=%00",
		"?reason=a&evidence=" + strings.Repeat("x,", 1000), "?reason=a&evidence=" + long, "?reason=a&evidence=%ff", "?reason=a&evidence=a%00b", "?reason=a;b=c", "?draft=1&reason=x"} {
		list = append(list, attack{name: "amend", who: "alice", method: http.MethodPost, path: all + "/" + own.accepted + "/amendments" + query, contentType: typeJSON, body: right})
	}
	for _, query := range []string{"?x=1", "?confirm=maybe", "?confirm=1&confirm=1", "?draft=1"} {
		list = append(list, attack{name: "complete", who: "alice", method: http.MethodPost, path: all + "/" + own.summary + "/completion" + query, contentType: typeJSON, body: jsonOf(t, canarySummary, twoSteps("6"))})
	}
	why := []byte(`{"reason":"sold"}`)
	for _, key := range []string{"", " ", "a b", strings.Repeat("k", 256), "schlüssel"} {
		for _, to := range []struct {
			path string
			body []byte
		}{{"/amendments?reason=x", right}, {"/cancellation", why}, {"/withdrawal", nil}} {
			list = append(list, attack{name: "key " + key, who: "alice", method: http.MethodPost, path: d + to.path, contentType: typeJSON, body: to.body, headers: []string{"Idempotency-Key", key}})
		}
	}
	for _, ct := range []string{typeCSV, typeXLSX, typeZIP, "text/plain", "application/json; charset=gbk", ";"} {
		for who, path := range map[string]string{"alice": d + "/amendments?reason=x", "customs": "/api/v1/decisions", "carrier": factsPath} {
			list = append(list, attack{name: ct, who: who, method: http.MethodPost, path: path, contentType: ct, body: right, status: http.StatusUnsupportedMediaType})
		}
		list = append(list, attack{name: ct, who: "alice", method: http.MethodPost, path: all + "/" + own.summary + "/completion", contentType: ct, body: right, status: http.StatusUnsupportedMediaType},
			attack{name: ct, who: "alice", method: http.MethodPost, path: all + "/" + own.accepted + "/cancellation", contentType: ct, body: why, status: http.StatusUnsupportedMediaType})
	}
	return list
}

// TestHostileRequestsGetAClearAnswer: what issue 3 added, asked for with
// everything that is wrong: a refusal of the caller with words in the
// caller's language, never a fault of ours, and nothing written but the record
// of a refused event.
func TestHostileRequestsGetAClearAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := b.belong(t)
	list := append(append(bodies(&own), values(t, &own)...), queries(t, &own)...)
	before := b.rows(t)
	for i := range list {
		a := &list[i]
		name := fmt.Sprintf("%s: %s %.80s", a.name, a.method, a.path)
		for _, lang := range []string{"en", "zh-CN", "ru"} {
			headers := append([]string{"Accept-Language", lang}, a.headers...)
			if a.contentType != "" {
				headers = append(headers, "Content-Type", a.contentType)
			}
			got := b.ask(t, a.who, a.method, a.path, a.body, headers...)
			if got.status < 400 || got.status >= 500 || a.status != 0 && got.status != a.status {
				t.Errorf("%s: status %d, want a refusal (%d): %.300s", name, got.status, a.status, got.body)
				break
			}
			if got.status == http.StatusConflict && strings.HasSuffix(a.path, "/events") && lang == "en" {
				before["notice_events"]++ // what is refused of a notice is recorded, once
				before["audit"]++
			}
			if got.status == http.StatusUnauthorized || got.status == http.StatusForbidden || got.status == http.StatusTooManyRequests {
				t.Errorf("%s: %d: the request did not get as far as it should", name, got.status)
			}
			var p Problem
			if err := json.Unmarshal(got.body, &p); err != nil {
				t.Errorf("%s: %v in %.200s", name, err, got.body)
				break
			}
			words := append([]string{p.Title, p.Detail}, make([]string, 0, len(p.Faults))...)
			for _, f := range p.Faults {
				words = append(words, f.Message)
			}
			for _, w := range words {
				if !spoken(w, lang) {
					t.Errorf("%s: %q to a reader of %s", name, w, lang)
				}
			}
		}
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused request wrote (-before +after):\n%s", diff)
	}
	if strings.Contains(b.logs.String(), "panicked") {
		t.Error("a handler panicked")
	}
}

// spoken reports words of the language, not a key or nothing.
func spoken(w, lang string) bool {
	if w == "" || strings.HasPrefix(w, "problem.") || strings.HasPrefix(w, "fault.") {
		return false
	}
	in := func(from, to rune) bool {
		return strings.ContainsFunc(w, func(r rune) bool { return r >= from && r < to })
	}
	switch lang {
	case "zh-CN":
		return in(0x4e00, 0xa000)
	case "ru":
		return in(0x400, 0x500)
	}
	return true
}

package api

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/declarations/inspection"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// NoticeSummary is one notice in a list.
type NoticeSummary struct {
	ID            string    `json:"id"`
	Number        string    `json:"notice_no"`
	Version       int       `json:"version" doc:"Of its content"`
	State         string    `json:"state" example:"ACCEPTED" doc:"Of the least advanced box"`
	StateText     string    `json:"state_text" doc:"In the caller's language"`
	Over          bool      `json:"over" doc:"Nothing more is expected"`
	Overdue       bool      `json:"overdue"`
	Person        string    `json:"needs_person,omitzero" doc:"Why a person must act"`
	PersonText    string    `json:"needs_person_text,omitzero" doc:"In the caller's language"`
	Terminal      string    `json:"terminal,omitzero"`
	EntryNumber   string    `json:"declaration_no,omitzero"`
	DeclarationID string    `json:"declaration_id,omitzero" doc:"For the declarant only"`
	Boxes         int       `json:"boxes"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
}

// NoticeList is one page, the oldest change first.
type NoticeList struct {
	Items []NoticeSummary `json:"items"`
	Next  string          `json:"next" doc:"Go on from here, also later: what changed since comes then"`
}

// Notice is one notice, as the caller may see it.
type Notice struct {
	NoticeSummary
	Confirmed      bool                   `json:"confirmed" doc:"The terminal accepted the version that needs an answer"`
	PartlyRejected bool                   `json:"partly_rejected,omitzero"`
	Content        inspection.Notice      `json:"notice" doc:"The version in force"`
	Status         []inspection.BoxStatus `json:"box_status"`
	Deadlines      []inspection.Deadline  `json:"deadlines"`
	Events         []NoticeEvent          `json:"events" doc:"By when they happened"`
}

// NoticeEvent is one thing that was heard about a notice.
type NoticeEvent struct {
	inspection.Event
	Text    string `json:"kind_text" doc:"In the caller's language"`
	Refused string `json:"refused,omitzero" doc:"Why it does not count"`
}

// longestWait is how long a list may be held open until something changes.
const longestWait = 25 * time.Second

// listNotices is GET /api/v1/notices.
func (s *server) listNotices(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "state", "open", "cursor", "limit", "wait")
	if err != nil {
		return err
	}
	ask, err := noticeQuery(q)
	if err != nil {
		return err
	}
	wait, err := waiting(r, q)
	if err != nil {
		return err
	}
	rows, next, err := s.waitNotices(r, ask, wait)
	if err != nil {
		return err
	}
	words := i18n.For(language(r))
	out := NoticeList{Items: make([]NoticeSummary, 0, len(rows)), Next: strconv.FormatInt(next, 10)}
	for i := range rows {
		out.Items = append(out.Items, noticeSummary(&rows[i], callOf(r.Context()).principal.PartnerID, words))
	}
	s.localised(w, words.Lang())
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// waitNotices reads a page, and as long as it is empty waits for the next
// change. What other processes write is seen by looking again.
func (s *server) waitNotices(r *http.Request, ask desk.NoticeQuery, wait time.Duration) ([]store.Notice, int64, error) {
	until := time.NewTimer(wait)
	defer until.Stop()
	for {
		changed := s.changed()
		rows, next, err := s.Desk.Notices(r.Context(), callOf(r.Context()).principal, ask)
		if err != nil || len(rows) > 0 || wait == 0 {
			return rows, next, err
		}
		poll := time.NewTimer(s.pace.poll)
		select {
		case <-r.Context().Done():
			poll.Stop()
			return nil, 0, r.Context().Err()
		case <-stopping(r.Context()):
			poll.Stop()
			return nil, ask.Since, nil
		case <-until.C:
			poll.Stop()
			return nil, ask.Since, nil
		case <-changed:
		case <-poll.C:
		}
		poll.Stop()
	}
}

func noticeQuery(q url.Values) (desk.NoticeQuery, error) {
	ask := desk.NoticeQuery{State: q.Get("state"), Limit: 50}
	if ask.State != "" && !slices.Contains(inspection.States, inspection.State(ask.State)) {
		return ask, parameter("query", "state") // a misspelt one must not look like an empty list
	}
	switch q.Get("open") {
	case "":
	case "1":
		ask.Open = new(true)
	case "0":
		ask.Open = new(false)
	default:
		return ask, parameter("query", "open")
	}
	if v := q.Get("cursor"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			return ask, parameter("query", "cursor")
		}
		ask.Since = n
	}
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 500 {
			return ask, parameter("query", "limit")
		}
		ask.Limit = n
	}
	return ask, nil
}

// waiting is how long the caller wants to wait for news: ?wait=30s, or Prefer:
// wait=30 (RFC 7240). More than we allow is cut, as a preference may be.
func waiting(r *http.Request, q url.Values) (time.Duration, error) {
	if v := q.Get("wait"); v != "" {
		d, err := time.ParseDuration(v)
		if n, plain := strconv.Atoi(v); plain == nil {
			d, err = time.Duration(min(max(n, -1), 3600))*time.Second, nil
		}
		if err != nil || d < 0 {
			return 0, parameter("query", "wait")
		}
		return min(d, longestWait), nil
	}
	for _, p := range strings.Split(r.Header.Get("Prefer"), ",") {
		name, v, _ := strings.Cut(strings.TrimSpace(p), "=")
		if n, err := strconv.Atoi(strings.TrimSpace(v)); strings.EqualFold(strings.TrimSpace(name), "wait") && err == nil && n > 0 {
			return min(time.Duration(min(n, 3600))*time.Second, longestWait), nil
		}
	}
	return 0, nil
}

// getNotice is GET /api/v1/notices/{id}.
func (s *server) getNotice(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	p := callOf(r.Context()).principal
	v, err := s.Desk.Notice(r.Context(), p, r.PathValue("id"))
	if err != nil {
		return err
	}
	words := i18n.For(language(r))
	s.localised(w, words.Lang())
	s.write(w, r, http.StatusOK, typeJSON, marshal(noticeOf(&v, p.PartnerID, words)))
	return nil
}

func (s *server) localised(w http.ResponseWriter, lang i18n.Lang) {
	w.Header().Set("Content-Language", string(lang))
	w.Header().Set("Vary", "Accept-Language")
}

func noticeSummary(row *store.Notice, partner string, words i18n.Printer) NoticeSummary {
	out := NoticeSummary{ID: row.ID, Number: row.Number, Version: row.Content, State: row.State, StateText: words.Text("notice_state."+row.State, nil),
		Over: row.Over, Overdue: row.Overdue, Person: row.Person, Terminal: row.Terminal, EntryNumber: row.EntryNumber, Boxes: row.Boxes,
		CreatedAt: instant(row.CreatedAt), UpdatedAt: instant(row.UpdatedAt)}
	if row.Person != "" {
		out.PersonText = words.Text("notice_person."+row.Person, nil)
	}
	if row.Tenant == partner {
		out.DeclarationID = row.DeclarationID
	}
	return out
}

func noticeOf(v *desk.NoticeView, partner string, words i18n.Printer) *Notice {
	out := &Notice{NoticeSummary: noticeSummary(&v.Row, partner, words), Confirmed: v.Overview.Confirmed, PartlyRejected: v.Overview.PartlyRejected,
		Content: v.Notice, Status: v.Overview.Boxes, Deadlines: v.Overview.Deadlines, Events: make([]NoticeEvent, 0, len(v.Events))}
	if out.Deadlines == nil {
		out.Deadlines = []inspection.Deadline{}
	}
	for i := range v.Events {
		e := &v.Events[i]
		out.Events = append(out.Events, NoticeEvent{Event: e.Event, Text: words.Text("event.inspection_"+string(e.Kind), nil), Refused: e.Refused})
	}
	slices.SortStableFunc(out.Events, func(a, b NoticeEvent) int { return a.OccurredAt.Compare(b.OccurredAt) })
	return out
}

func describeListNotices(s *server, op *huma.Operation) {
	op.Description += " Terminal: its own; customs: those that it issued; declarant: those about its declarations, once they may be known. In the order of change: whoever comes back with next gets what changed since, a notice that changed again once more. Nothing is dropped for being old."
	states := make([]any, len(inspection.States))
	for i, v := range inspection.States {
		states[i] = string(v)
	}
	op.Parameters = append(op.Parameters,
		parameterOf("query", "state", "Of the notice", &huma.Schema{Type: huma.TypeString, Enum: states}),
		parameterOf("query", "open", "1: something is still expected; 0: nothing is", &huma.Schema{Type: huma.TypeString, Enum: []any{"0", "1"}}),
		parameterOf("query", "cursor", "What the page before gave as next", &huma.Schema{Type: huma.TypeString}),
		parameterOf("query", "limit", "Entries on a page", &huma.Schema{Type: huma.TypeInteger, Minimum: new(1.0), Maximum: new(500.0), Default: 50}),
		parameterOf("query", "wait", "Hold an empty answer open until something changes: 30s, at most 25s is granted. Prefer: wait=30 does the same", &huma.Schema{Type: huma.TypeString}))
	op.Responses["200"] = s.described("A page", typeJSON, s.schema(reflect.TypeFor[NoticeList]()))
}

func describeGetNotice(s *server, op *huma.Operation) {
	op.Description += " By number or id. When its terminal reads it, that acknowledges the transport of the version in force, and what still waits to be pushed about it is taken back."
	op.Parameters = append(op.Parameters, noticeParameter())
	op.Responses["200"] = s.described("The notice as the caller may see it", typeJSON, s.schema(reflect.TypeFor[Notice]()))
}

func noticeParameter() *huma.Param {
	return parameterOf("path", "id", "Number or id of the notice", anyText)
}

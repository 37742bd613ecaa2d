package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs/complaint"
)

// FeeComplaintRow is one complaint of the inbox.
type FeeComplaintRow struct {
	Number     string     `json:"number"`
	State      string     `json:"state"`
	Kind       string     `json:"kind"`
	Item       string     `json:"item,omitzero"`
	Collector  string     `json:"collector,omitzero"`
	Lang       string     `json:"lang"`
	ReceivedAt time.Time  `json:"received_at"`
	Due        *time.Time `json:"due,omitempty"`
	Late       bool       `json:"late"`
	Files      int        `json:"files"`
}

// FeeComplaintList is the inbox, the most urgent first.
type FeeComplaintList struct {
	Items  []FeeComplaintRow `json:"items"`
	Counts map[string]int    `json:"counts" doc:"How many there are in each state"`
}

// listComplaints is GET /api/v1/complaint-inbox.
func (s *server) listComplaints(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "state", "collector", "late")
	if err != nil {
		return err
	}
	late, err := truth(q, "late")
	if err != nil {
		return err
	}
	state := complaint.State(q.Get("state"))
	if state != "" && !complaint.IsState(state) {
		return parameter("query", "state")
	}
	in, err := s.Desk.FeeComplaints(r.Context(), callOf(r.Context()).principal, desk.FeeComplaintQuery{State: string(state), Collector: q.Get("collector"), Late: late, Limit: 500})
	if err != nil {
		return err
	}
	out := FeeComplaintList{Items: make([]FeeComplaintRow, 0, len(in.Rows)), Counts: map[string]int{}}
	now := s.Clock()
	for i := range in.Rows {
		c := &in.Rows[i]
		row := FeeComplaintRow{Number: c.Number, State: c.State, Kind: c.Kind, Item: c.Item, Collector: c.Collector, Lang: c.Lang, ReceivedAt: instant(c.CreatedAt), Files: c.Files}
		if c.DueAt != 0 {
			due := instant(c.DueAt)
			row.Due, row.Late = &due, now.After(due)
		}
		out.Items = append(out.Items, row)
	}
	for state, n := range in.Counts {
		out.Counts[string(state)] = n
	}
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// getComplaint is GET /api/v1/complaint-inbox/{number}.
func (s *server) getComplaint(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	v, err := s.Desk.FeeComplaint(r.Context(), callOf(r.Context()).principal, r.PathValue("number"))
	return s.complaintAnswer(w, r, &v, err)
}

// handleComplaint is POST /api/v1/complaint-inbox/{number}/acts.
func (s *server) handleComplaint(w http.ResponseWriter, r *http.Request) error {
	in, err := s.readAct(r)
	if err != nil {
		return err
	}
	v, err := s.Desk.HandleFeeComplaint(r.Context(), callOf(r.Context()).principal, r.PathValue("number"), in)
	return s.complaintAnswer(w, r, &v, err)
}

// inboxFile is GET /api/v1/complaint-inbox/{number}/files/{n}.
func (s *server) inboxFile(w http.ResponseWriter, r *http.Request) error {
	return s.evidenceFile(w, r, func(n int) (store.FeeComplaintFile, error) {
		return s.Desk.FeeComplaintFile(r.Context(), callOf(r.Context()).principal, r.PathValue("number"), n)
	})
}

// FeeComplaintRate is a part of a whole and what the plan asks for.
type FeeComplaintRate struct {
	Part   int  `json:"part"`
	Of     int  `json:"of"`
	Tenths *int `json:"tenths_of_percent,omitempty" doc:"Absent: unknown, there is nothing to count"`
	Target int  `json:"target_tenths_of_percent" doc:"The plan's own measure"`
}

// FeeComplaintMonth are the figures of a month.
type FeeComplaintMonth struct {
	Month       string           `json:"month" example:"2026-11"`
	Collector   string           `json:"collector,omitzero" doc:"Absent: all bodies together, or not passed on to any"`
	Received    int              `json:"received"`
	Forwarded   FeeComplaintRate `json:"forwarded"`
	Closed      FeeComplaintRate `json:"closed"`
	Satisfied   FeeComplaintRate `json:"satisfied" doc:"Of those who said what they think of the answer"`
	Upheld      int              `json:"upheld"`
	Escalated   int              `json:"escalated"`
	Overdue     int              `json:"overdue"`
	MedianHours *int             `json:"median_reply_hours,omitempty" doc:"Absent: no answer yet"`
	MedianDays  *int             `json:"median_reply_working_days,omitempty" doc:"Absent: no answer yet, or the calendar of working days is not published"`
}

// FeeComplaintFigures are what everybody may know about complaints.
type FeeComplaintFigures struct {
	Months []FeeComplaintMonth `json:"months" doc:"All bodies together, the newest first"`
	Bodies []FeeComplaintMonth `json:"bodies"`
}

// complaintFigures is GET /api/v1/fee-complaints/figures.
func (s *server) complaintFigures(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	t, err := s.Desk.FeeComplaintTotals(r.Context())
	if err != nil {
		return err
	}
	out := FeeComplaintFigures{Months: months(t.Months), Bodies: months(t.Bodies)}
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

func months(list []desk.FeeComplaintMonth) []FeeComplaintMonth {
	out := make([]FeeComplaintMonth, len(list))
	for i := range list {
		m := &list[i]
		out[i] = FeeComplaintMonth{Month: m.Month, Collector: m.Collector, Received: m.Received, Forwarded: rateOf(m.ForwardedRate(), complaint.TargetForwarded),
			Closed: rateOf(m.ClosedRate(), complaint.TargetClosed), Satisfied: rateOf(m.SatisfiedRate(), complaint.TargetSatisfied),
			Upheld: m.Upheld, Escalated: m.Escalated, Overdue: m.Overdue, MedianHours: m.MedianHours, MedianDays: m.MedianDays}
	}
	return out
}

func rateOf(r complaint.Rate, target int) FeeComplaintRate {
	out := FeeComplaintRate{Part: r.Part, Of: r.Of, Target: target}
	if tenths, known := r.Tenths(); known {
		out.Tenths = &tenths
	}
	return out
}

func describeListComplaints(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("query", "state", "Only this state; default: all that are open", anyText),
		parameterOf("query", "collector", "Only this charging body", anyText), parameterOf("query", "late", "1: only what is overdue", anyText))
	op.Responses["200"] = s.described("The most urgent first", typeJSON, s.schema(reflect.TypeFor[FeeComplaintList]()))
}

func describeGetComplaint(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("path", "number", "Number of the complaint", anyText))
	op.Responses["200"] = s.described("The complaint", typeJSON, s.schema(reflect.TypeFor[FeeComplaint]()))
}

func describeHandleComplaint(s *server, op *huma.Operation) {
	describeGetComplaint(s, op)
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[FeeComplaintAct]())}}}
}

func describeInboxFile(s *server, op *huma.Operation) {
	describeComplaintFile(s, op)
	op.Parameters[len(op.Parameters)-2] = parameterOf("path", "number", "Number of the complaint", anyText)
}

func describeComplaintFigures(s *server, op *huma.Operation) {
	op.Responses["200"] = s.described("By month", typeJSON, s.schema(reflect.TypeFor[FeeComplaintFigures]()))
}

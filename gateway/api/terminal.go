package api

import (
	"context"
	"time"

	"kouan/declarations/clearance"
	"kouan/declarations/codes"
	"kouan/declarations/inspection"
	"kouan/gateway/desk"
	"kouan/i18n"
)

// Terminal is what the gateway knows of one terminal today.
type Terminal struct {
	ID           string             `json:"id"`
	Name         string             `json:"name"`
	Class        string             `json:"class" example:"inspection_notice" doc:"Of messages"`
	Informed     string             `json:"informed" enum:"system,mail,phone" doc:"How it is told of a notice"`
	Text         string             `json:"text" doc:"The same in the caller's language, with what you must do yourself"`
	Interface    string             `json:"interface" enum:"none,mail,file,edi,api"`
	CanLock      string             `json:"can_lock" enum:"yes,prelock,manual,no"`
	Answers      bool               `json:"can_reply_business"`
	Hours        []inspection.Hours `json:"hours" doc:"Of its inspection desk, at the port's time; empty: not on file"`
	Phone        string             `json:"duty_phone,omitzero"`
	ValidFrom    string             `json:"valid_from"`
	ValidTo      string             `json:"valid_to,omitzero"`
	TestedOn     string             `json:"tested_on,omitzero"`
	Stale        bool               `json:"stale" doc:"Not tested for 90 days"`
	Verification string             `json:"verification" enum:"confirmed,secondary,unverified"`
}

type terminalsOutput struct {
	Localised
	Body struct {
		Items []Terminal `json:"items"`
	}
}

// listTerminals is GET /api/v1/terminals.
func (s *server) listTerminals(ctx context.Context, _ *struct{}) (*terminalsOutput, error) {
	c := callOf(ctx)
	rows, err := s.Desk.Terminals(ctx, c.principal)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	out := &terminalsOutput{Localised: inLanguage(words.Lang())}
	out.Body.Items = make([]Terminal, 0, len(rows))
	for i := range rows {
		out.Body.Items = append(out.Body.Items, terminal(&rows[i], words))
	}
	return out, nil
}

func terminal(t *desk.TerminalRow, words i18n.Printer) Terminal {
	hours := t.Hours
	if hours == nil {
		hours = []inspection.Hours{}
	}
	return Terminal{ID: t.Terminal, Name: t.Name, Class: t.Class, Informed: t.Informed, Text: words.Text("terminal_informed."+t.Informed, map[string]string{"phone": phone(t.Phone, words)}),
		Interface: string(t.Interface), CanLock: string(t.CanLock), Answers: t.Answers, Hours: hours, Phone: t.Phone,
		ValidFrom: t.ValidFrom, ValidTo: t.ValidTo, TestedOn: t.TestedOn, Stale: t.Stale, Verification: t.Verification}
}

func phone(number string, words i18n.Printer) string {
	if number == "" {
		return words.Text("terminal_informed.no_phone", nil)
	}
	return number
}

type hoursInput struct {
	Terminal string `path:"terminal" maxLength:"64"`
	Day      string `query:"day" maxLength:"10" doc:"At the port (2006-01-02); today when it is absent"`
}

type hoursOutput struct {
	Body struct {
		Terminal string             `json:"terminal"`
		Hours    []inspection.Hours `json:"hours" doc:"Empty: not on file; ask the terminal"`
		Phone    string             `json:"duty_phone,omitzero"`
		Day      string             `json:"day"`
		Slots    []inspection.Slot  `json:"slots" doc:"In which an appointment can be made"`
		Free     int                `json:"change_free_minutes" doc:"Until how long before it an appointment is moved freely"`
	}
}

// terminalHours is GET /api/v1/terminals/{terminal}/hours.
func (s *server) terminalHours(ctx context.Context, in *hoursInput) (*hoursOutput, error) {
	if in.Day == "" {
		in.Day = string(clearance.DayOf(s.Clock()))
	}
	if !codes.IsDay(in.Day) {
		return nil, parameter("query", "day")
	}
	c, slots, err := s.Desk.TerminalHours(ctx, callOf(ctx).principal, in.Terminal, in.Day)
	if err != nil {
		return nil, err
	}
	out := &hoursOutput{}
	out.Body.Terminal, out.Body.Hours, out.Body.Phone, out.Body.Day, out.Body.Slots = c.Terminal, c.Hours, c.Phone, in.Day, slots
	out.Body.Free = inspection.Defaults(c.Limits).ChangeFreeMinutes
	if out.Body.Hours == nil {
		out.Body.Hours = []inspection.Hours{}
	}
	if out.Body.Slots == nil {
		out.Body.Slots = []inspection.Slot{}
	}
	return out, nil
}

type noticeFiguresInput struct {
	From     string `query:"from" maxLength:"40" doc:"Instant (RFC 3339), or a day at the port (2006-01-02); by default 7 days before to"`
	To       string `query:"to" maxLength:"40" doc:"Instant, exclusive, or a day, which is counted whole; by default now. At most 92 days after from"`
	Terminal string `query:"terminal" maxLength:"64" doc:"Only this one"`
}

// NoticeFigures are the figures of the notices that were made in a period.
type NoticeFigures struct {
	From      time.Time          `json:"from" doc:"Inclusive"`
	To        time.Time          `json:"to" doc:"Exclusive"`
	Scope     string             `json:"scope" enum:"port,issued,own" doc:"port: everybody's; issued: those that the caller ordered; own: those at the caller's terminal"`
	Total     inspection.Figures `json:"total"`
	Terminals []TerminalFigures  `json:"terminals"`
}

// TerminalFigures are those of one terminal.
type TerminalFigures struct {
	Terminal string `json:"terminal" doc:"Empty: of boxes whose terminal nobody knows"`
	inspection.Figures
}

type noticeFiguresOutput struct{ Body NoticeFigures }

// The period that is counted (notices.md §9: a month, and rolling 7 days).
const (
	usualNoticePeriod = 7 * 24 * time.Hour
	maxNoticePeriod   = 92 * 24 * time.Hour
)

// noticeFigures is GET /api/v1/statistics/notices.
func (s *server) noticeFigures(ctx context.Context, in *noticeFiguresInput) (*noticeFiguresOutput, error) {
	from, to, err := s.span(in.From, in.To, usualNoticePeriod, maxNoticePeriod)
	if err != nil {
		return nil, err
	}
	found, scope, err := s.Desk.NoticeFigures(ctx, callOf(ctx).principal, in.Terminal, from, to)
	if err != nil {
		return nil, err
	}
	out := &noticeFiguresOutput{NoticeFigures{From: from.UTC(), To: to.UTC(), Scope: scope, Total: found.Total, Terminals: make([]TerminalFigures, 0, len(found.Terminals))}}
	for _, t := range found.Terminals {
		out.Body.Terminals = append(out.Body.Terminals, TerminalFigures{t.Terminal, t.Figures})
	}
	return out, nil
}

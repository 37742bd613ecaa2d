package api

import (
	"context"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// Entry is one thing that happened to a declaration.
type Entry struct {
	At      *time.Time  `json:"at,omitempty" doc:"When it happened; absent when the receipt does not say"`
	HeardAt time.Time   `json:"heard_at" doc:"When it became known here"`
	Kind    string      `json:"kind" example:"receipt" doc:"submitted, sent, receipt, draft_saved, edited, dead, replayed, cancelled, completion; amendment_ and cancellation_ with requested, sent, approved, refused, withdrawn, lapsed; inspection_ with the kind of the event"`
	Status  string      `json:"status" doc:"Status of the declaration after it was heard"`
	Code    string      `json:"code,omitzero" example:"P" doc:"Code of a receipt"`
	Text    string      `json:"text" doc:"In the caller's language, then what customs wrote"`
	Note    string      `json:"note,omitzero" doc:"What customs, or who asked or decided, wrote, as it came; of a deadline its last day"`
	Source  string      `json:"source" doc:"Who or what it came from"`
	Errors  []Objection `json:"errors,omitempty" doc:"What a receipt objects to, at its places in your own document"`
	Notice  string      `json:"notice_no,omitzero" doc:"Of an inspection: its notice"`
	Attempt int         `json:"attempt,omitzero" doc:"Of the declaration; absent when a receipt does not tell"`
}

// Timeline is all that happened, in the one canonical order.
type Timeline struct {
	ID      string  `json:"id"`
	Status  string  `json:"status"`
	Entries []Entry `json:"entries"`
}

type timelineOutput struct {
	Localised
	ETag string `header:"ETag"`
	Body Timeline
}

func (s *server) timeline(ctx context.Context, in *idInput) (*timelineOutput, error) {
	c := callOf(ctx)
	row, events, err := s.Desk.Timeline(ctx, c.principal, in.ID)
	if err != nil {
		return nil, err
	}
	places, err := s.Desk.Objections(ctx, &row, events)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	out := &timelineOutput{Localised: inLanguage(words.Lang()), ETag: etag(row.Version),
		Body: Timeline{ID: row.ID, Status: row.Status, Entries: make([]Entry, 0, len(events))}}
	for i := range events {
		e := entry(&events[i], words)
		e.Errors = objections(places[events[i].ID])
		out.Body.Entries = append(out.Body.Entries, e)
	}
	return out, nil
}

func entry(e *store.Event, words i18n.Printer) Entry {
	out := Entry{HeardAt: instant(e.HeardAt), Kind: e.Kind, Status: e.Status, Code: e.Code, Source: e.Source, Attempt: e.Attempt}
	if e.At != 0 {
		at := instant(e.At)
		out.At = &at
	}
	if e.Kind != "receipt" {
		out.Text, out.Note = words.Text("event."+e.Kind, nil), e.Text
		if desk.IsInspection(e.Kind) {
			out.Notice, out.Code = e.Code, ""
		}
		return out
	}
	out.Note = e.Text
	out.Text = receiptText(words, e.Code)
	if e.Text != "" && e.Text != out.Text {
		out.Text += " — " + e.Text
	}
	return out
}

// receiptText is the customs text of a code. A code outside the table keeps
// its own name: what it means stands in the note.
func receiptText(words i18n.Printer, code string) string {
	key := "receipt." + code
	if text := words.Text(key, nil); text != key {
		return text
	}
	return code
}

package desk

import (
	"context"
	"fmt"
	"strings"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/declarations/receipts"
	"kouan/gateway/store"
)

// Place is where something stands in the document that the declarant handed
// in: an XPath in a message, a cell in a workbook, the path itself in JSON.
type Place struct {
	Path         string // canonical
	Place        string
	Line, Column int // from 1; 0 when there is none
}

// Objection is one error of a receipt at its place. Without a canonical path
// the authority pointed at something that the declaration does not have; its
// pointer stands in Place as it came.
type Objection struct {
	Place
	Code, Text string
}

// PlaceOf finds a canonical path in the declarant's own document: the one
// with which the content of that attempt first came (0: of the newest). A
// draft that was sent later is found as it was saved, not as it is kept.
func (d *Desk) PlaceOf(ctx context.Context, row *store.Declaration, attempt int, path string) (Place, error) {
	find, err := d.finder(ctx, row, attempt)
	if err != nil {
		return Place{}, err
	}
	return find(path), nil
}

// finder reads the document of an attempt once, for many paths.
func (d *Desk) finder(ctx context.Context, row *store.Declaration, attempt int) (func(string) Place, error) {
	if attempt == 0 {
		attempt = row.Attempt
	}
	id, err := d.broughtBy(ctx, row, attempt)
	if err != nil {
		return nil, err
	}
	if id == "" {
		return asItIs, nil
	}
	m, err := d.Store.Message(ctx, row.Tenant, id)
	if err != nil {
		return nil, fmt.Errorf("read document of attempt %d: %w", attempt, err)
	}
	format, ok := intake.Detect(m.ContentType, m.Body)
	if !ok {
		return asItIs, nil
	}
	rows := intake.Kept(m.Body, format)
	own := &rows[0]
	for i := range rows {
		if rows[i].Declaration.Header.ClientReference == row.Reference {
			own = &rows[i]
		}
	}
	return func(path string) Place {
		p := Place{Path: path}
		p.Place, p.Line, p.Column = own.Locate(path)
		return p
	}, nil
}

func asItIs(path string) Place { return Place{Path: path, Place: path} }

// broughtBy is the id of the message that first brought the content of an
// attempt; empty when nothing tells.
func (d *Desk) broughtBy(ctx context.Context, row *store.Declaration, attempt int) (string, error) {
	all, err := d.Store.Versions(ctx, row.Tenant, row.ID)
	if err != nil {
		return "", fmt.Errorf("read versions: %w", err)
	}
	list, err := d.Store.Messages(ctx, row.Tenant, row.ID)
	if err != nil {
		return "", fmt.Errorf("read messages: %w", err)
	}
	of := make(map[string]int, len(list)) // attempt that a message is about
	newest := ""
	for i := range list {
		m := &list[i]
		if of[m.ID] = m.Attempt; m.Direction == "in" && m.Attempt == attempt && (m.Kind == versionSubmission || m.Kind == versionCompletion) {
			newest = m.ID
		}
	}
	sha := ""
	for i := range all {
		if v := &all[i]; of[v.Message] == attempt && (v.Kind == versionSubmission || v.Kind == versionCompletion) {
			sha = v.SHA
		}
	}
	for i := range all {
		if v := &all[i]; sha != "" && v.SHA == sha && v.Message != "" {
			return v.Message, nil
		}
	}
	return newest, nil
}

// Objections finds what the receipts of a timeline object to, by the id of
// their event. The bytes of each receipt are kept, so they are read again;
// only notifications (RES) have places.
func (d *Desk) Objections(ctx context.Context, row *store.Declaration, events []store.Event) (map[string][]Objection, error) {
	out := map[string][]Objection{}
	finders := map[int]func(string) Place{}
	for i := range events {
		e := &events[i]
		if e.Receipt == "" || !strings.HasPrefix(e.Code, "RES-") {
			continue
		}
		found, err := d.objections(ctx, e)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			continue
		}
		find := finders[e.Attempt]
		if find == nil {
			if find, err = d.finder(ctx, row, e.Attempt); err != nil {
				return nil, err
			}
			finders[e.Attempt] = find
		}
		for _, at := range found {
			place := Place{Place: at.Pointer.String()}
			if at.Path != "" {
				place = find(at.Path)
			}
			out[e.ID] = append(out[e.ID], Objection{Place: place, Code: at.Code, Text: at.Text})
		}
	}
	return out, nil
}

// objections reads the errors of one receipt; of a document with several it
// is the one of the event.
func (d *Desk) objections(ctx context.Context, e *store.Event) ([]declarations.ErrorAt, error) {
	receipt, err := d.Store.ReceiptByIdentity(ctx, e.Identity)
	if err != nil {
		return nil, fmt.Errorf("read receipt: %w", err)
	}
	all, faults := receipts.ParseAll(receipt.Body, receipt.FileName)
	if declarations.Rejected(faults) {
		return nil, fmt.Errorf("stored receipt %s is not read any more: %s", receipt.ID, faults[0].Code)
	}
	for i := range all {
		if all[i].Notice != nil && all[i].Identity() == e.Identity {
			return all[i].Notice.Errors, nil
		}
	}
	return nil, nil
}

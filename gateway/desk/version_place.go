package desk

import (
	"context"
	"fmt"

	"kouan/declarations/intake"
	"kouan/gateway/store"
)

// ReceiptError is one place that a receipt objects to: its Path is canonical.
type ReceiptError struct{ Code, Path, Text string }

// Place is where something stands in the document that the declarant handed
// in: an XPath in a message, a cell in a workbook, the path itself in JSON.
type Place struct {
	ReceiptError
	Place        string
	Line, Column int // from 1; 0 when there is none
}

// PlaceOf finds a canonical path in the declarant's own document: the one
// with which the content of that attempt first came (0: of the newest). A
// draft that was sent later is found as it was saved, not as it is kept.
func (d *Desk) PlaceOf(ctx context.Context, row *store.Declaration, attempt int, path string) (Place, error) {
	find, err := d.finder(ctx, row, attempt)
	if err != nil {
		return Place{}, err
	}
	return find(ReceiptError{Path: path}), nil
}

// finder reads the document of an attempt once, for many paths.
func (d *Desk) finder(ctx context.Context, row *store.Declaration, attempt int) (func(ReceiptError) Place, error) {
	if attempt == 0 {
		attempt = row.Attempt
	}
	id, err := d.broughtBy(ctx, row, attempt)
	if err != nil {
		return nil, err
	}
	if id == "" {
		return func(e ReceiptError) Place { return Place{ReceiptError: e, Place: e.Path} }, nil
	}
	m, err := d.Store.Message(ctx, row.Tenant, id)
	if err != nil {
		return nil, fmt.Errorf("read document of attempt %d: %w", attempt, err)
	}
	format, ok := intake.Detect(m.ContentType, m.Body)
	if !ok {
		return func(e ReceiptError) Place { return Place{ReceiptError: e, Place: e.Path} }, nil
	}
	rows := intake.Read(m.Body, format)
	own := &rows[0]
	for i := range rows {
		if rows[i].Declaration.Header.ClientReference == row.Reference {
			own = &rows[i]
		}
	}
	return func(e ReceiptError) Place {
		p := Place{ReceiptError: e}
		p.Place, p.Line, p.Column = own.Locate(e.Path)
		return p
	}, nil
}

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

// Places finds what the receipts of a timeline object to, by the id of their
// event. The bytes of each receipt are kept, so they are read again.
func (d *Desk) Places(ctx context.Context, row *store.Declaration, events []store.Event) (map[string][]Place, error) {
	if d.Objections == nil {
		return nil, nil
	}
	out := map[string][]Place{}
	finders := map[int]func(ReceiptError) Place{}
	for i := range events {
		e := &events[i]
		if e.Receipt == "" {
			continue
		}
		receipt, err := d.Store.ReceiptByIdentity(ctx, e.Identity)
		if err != nil {
			return nil, fmt.Errorf("read receipt: %w", err)
		}
		for _, objection := range d.Objections(receipt.Body, receipt.FileName) {
			find := finders[e.Attempt]
			if find == nil {
				if find, err = d.finder(ctx, row, e.Attempt); err != nil {
					return nil, err
				}
				finders[e.Attempt] = find
			}
			out[e.ID] = append(out[e.ID], find(objection))
		}
	}
	return out, nil
}

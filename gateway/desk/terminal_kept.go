package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// KeptDocument is a document of a terminal or carrier with what is wrong with it.
type KeptDocument struct {
	store.TerminalMessage
	Faults []declarations.Fault
}

// KeptDocuments lists what terminals and carriers sent, newest first, for the
// operator. What was refused is judged again, so that its faults are told in full.
func (d *Desk) KeptDocuments(ctx context.Context, f store.TerminalMessageFilter) ([]KeptDocument, error) {
	rows, err := d.Store.TerminalMessages(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list documents of terminals: %w", err)
	}
	out := make([]KeptDocument, len(rows))
	for i := range rows {
		out[i].TerminalMessage = rows[i]
		if rows[i].State == messageRefused {
			out[i].Faults = d.faultsOf(&rows[i])
		}
	}
	return out, nil
}

// faultsOf reads a refused document again; those that depend on what else is
// known are told by its reason.
func (d *Desk) faultsOf(row *store.TerminalMessage) []declarations.Fault {
	if row.Format == formatAck {
		if _, faults := portadapters.ReadAck(row.FileName, row.Body); len(faults) > 0 {
			return faults
		}
		var faults []declarations.Fault
		for code := range strings.FieldsSeq(row.Reason) {
			faults = append(faults, ackFault(code, row.FileName))
		}
		return faults
	}
	if row.Format == "" {
		return nil // it was not read at all
	}
	in := TerminalDocument{Body: row.Body, ContentType: row.ContentType, FileName: row.FileName, Format: row.Format}
	read, err := d.readDocument(auth.Principal{PartnerID: row.Source}, &in)
	var bad *FaultsError
	if errors.As(err, &bad) {
		return bad.Faults
	}
	return rejects(read.Faults)
}

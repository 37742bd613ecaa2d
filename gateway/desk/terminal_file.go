package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// inboxActor is the pump, in the audit log.
const inboxActor = "inbox"

// kindAnswer is what we answer to a document that came as a file, in its own
// format (EDIFACT: CONTRL).
const kindAnswer = "terminal_message.answer"

// terminalFile is a document on its way from the folder of an endpoint.
type terminalFile struct {
	endpoint store.Endpoint
	row      store.InboxFile // of the ledger; State and Reason are not yet known
	modified int64           // when the file was written
}

// heard tells whether this copy is in the ledger by now: another process may
// watch the same folder.
func (d *Desk) heard(ctx context.Context, file *terminalFile) (bool, error) {
	if file == nil {
		return false, nil
	}
	row, err := d.Store.InboxFile(ctx, file.row.Channel, file.row.SHA256)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up in the ledger: %w", err)
	}
	return row.At >= file.modified, nil
}

// HearTerminalFile hears a file from the folder of an endpoint (Channel is its
// receiver): an acknowledgement of a letter of ours, or a document, which goes
// the way of HearTerminalMessage. The ledger row is committed with what is
// kept, so a file is heard once; the file stays where it is. What cannot be
// taken is kept as refused: nobody who writes a file waits for an answer.
func (d *Desk) HearTerminalFile(ctx context.Context, f DropFile) (FileOutcome, error) {
	id, _ := store.EndpointOf(f.Channel)
	e, err := d.Store.EndpointByID(ctx, id)
	if err != nil {
		return FileOutcome{}, fmt.Errorf("read endpoint %s: %w", id, err)
	}
	partner, err := d.Store.Partner(ctx, e.PartnerID)
	if err != nil {
		return FileOutcome{}, fmt.Errorf("read partner of endpoint %s: %w", id, err)
	}
	f.Name = fileNameOf(f.Name)
	p := auth.Principal{PartnerID: partner.ID, KeyID: inboxActor, Role: auth.Role(partner.Role)}
	file := &terminalFile{endpoint: e, modified: f.Modified.UnixMilli(), row: store.InboxFile{Channel: f.Channel, SHA256: firstOf(f.Key, f.SHA256), Name: f.Name, Tries: f.Tries + 1,
		At: max(d.now(), f.Modified.UnixMilli())}} // a copy that is written later is another one, whatever the folder's clock says
	switch {
	case f.Rejected != "":
		f.Body = []byte{} // what was not read cannot be kept; that it came is
		return d.refuseFile(ctx, p, file, &f, "", "", f.Rejected)
	case portadapters.IsAck(f.Name):
		return d.hearAck(ctx, p, file, &f)
	case !p.May(auth.SendTerminalMessage):
		return d.settleFile(ctx, p, file, messageRejected, "role "+partner.Role)
	}
	in := TerminalDocument{Body: f.Body, FileName: f.Name, Format: DocumentFormat("", f.Body), file: file}
	h, err := d.HearTerminalMessage(ctx, p, in)
	var faults *FaultsError
	var taken *NoticeEventConflictError
	switch {
	case errors.As(err, &faults):
		return d.refuseFile(ctx, p, file, &f, in.Format, "", codesOf(faults.Faults))
	case errors.As(err, &taken):
		return d.refuseFile(ctx, p, file, &f, in.Format, "", "DUP_CONFLICT "+taken.Reference+" "+taken.ID)
	case err != nil:
		return FileOutcome{}, err
	}
	state := map[string]string{messageRefused: messageRejected}[h.State]
	return d.settleFile(ctx, p, file, firstOf(state, h.State), firstOf(codesOf(rejects(h.Faults)), h.Reason))
}

// messageRejected is the word of the ledger for what is refused.
const messageRejected = "rejected"

// settleFile writes the last word into the ledger.
func (d *Desk) settleFile(ctx context.Context, p auth.Principal, file *terminalFile, state, reason string) (FileOutcome, error) {
	row := file.row
	row.State, row.Reason = state, clip1000(reason)
	c := store.Change{Inbox: []store.InboxFile{row}, Audit: []store.AuditEntry{d.audit(inboxActor, "terminal_file."+state, p.PartnerID, row.Name, row.SHA256)}}
	if err := d.write(ctx, c); err != nil && !errors.Is(err, store.ErrUnknown) {
		return FileOutcome{}, err // after an unknown outcome the next scan finds the row, or hears the file again
	}
	return FileOutcome{State: state, Reason: row.Reason}, nil
}

// refuseFile keeps a file that cannot be taken, as evidence.
func (d *Desk) refuseFile(ctx context.Context, p auth.Principal, file *terminalFile, f *DropFile, format, notice, reason string) (FileOutcome, error) {
	row := store.TerminalMessage{ID: d.NewID(), Identity: p.PartnerID + "|f|" + file.row.Channel + "|" + file.row.SHA256, Source: p.PartnerID, Format: format,
		State: messageRefused, Reason: clip1000(reason), Notice: notice, FileName: f.Name, SHA256: digest(f.Body), Body: f.Body, Copies: 1, At: d.now()}
	if _, _, err := d.keepDocument(ctx, p, &row, "", file); err != nil {
		return FileOutcome{}, err
	}
	return FileOutcome{State: messageRejected, Reason: row.Reason}, nil
}

// arrive adds to the change that keeps a document, or counts a copy of it,
// what follows from its having come as a file: the ledger row, and the answer
// that goes out as a file.
func (d *Desk) arrive(ctx context.Context, c *store.Change, file *terminalFile, kept *store.TerminalMessage, duplicate bool) error {
	if file == nil {
		return nil
	}
	row := file.row
	if row.State, row.Reason = kept.State, kept.Reason; row.State == messageRefused {
		row.State = messageRejected
	}
	c.Inbox = append(c.Inbox, row)
	if len(kept.Answer) == 0 {
		return nil
	}
	id := answerID(kept.ID, file.endpoint.ID)
	if duplicate {
		it, err := d.Store.OutboxItem(ctx, id)
		switch {
		case err == nil:
			if it.State != "waiting" && it.State != "sending" {
				c.Requeue = append(c.Requeue, store.Requeue{ID: id, From: []string{it.State}, To: "waiting", At: d.now()})
			}
			return nil // what waits or is under way will arrive
		case !errors.Is(err, store.ErrNotFound):
			return fmt.Errorf("read answer to document %s: %w", kept.ID, err)
		}
	}
	// Only EDIFACT is answered; each answer has a line of its own and holds up no letter.
	d.send(c, &file.endpoint, kindAnswer, "document/"+kept.ID, kept.ID, id, Document{Body: kept.Answer, ContentType: typeEDIFACT, FileName: pushName("contrl", id)})
	return nil
}

const typeEDIFACT = "application/edifact"

// answerID is the id of the answer to a document over one endpoint: always
// the same, and as old as the document, whose time its first characters are.
func answerID(document, endpoint string) string {
	const timePart = len("01234567-89ab-")
	if len(document) < timePart {
		return document
	}
	sum := sha256.Sum256([]byte(document + " " + endpoint))
	h := hex.EncodeToString(sum[:])
	return document[:timePart] + "7" + h[:3] + "-8" + h[3:6] + "-" + h[6:18] // RFC 9562: version 7, variant 8
}

// DocumentFormat is what a media type says, or what the bytes begin with.
func DocumentFormat(contentType string, body []byte) string {
	switch contentType {
	case "application/json":
		return formatJSON
	case "application/xml", "text/xml":
		return formatDepotXML
	case typeEDIFACT, "application/edi-edifact":
		return formatEDIFACT
	}
	for _, b := range body {
		switch b {
		case ' ', '\t', '\r', '\n', 0xEF, 0xBB, 0xBF:
			continue
		case '{', '[':
			return formatJSON
		case '<':
			return formatDepotXML
		}
		return formatEDIFACT
	}
	return formatJSON
}

func codesOf(faults []declarations.Fault) string {
	var codes []string
	for i := range faults {
		if !slices.Contains(codes, faults[i].Code) {
			codes = append(codes, faults[i].Code)
		}
	}
	return strings.Join(codes, " ")
}

func rejects(faults []declarations.Fault) []declarations.Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f declarations.Fault) bool { return f.Severity != declarations.Reject })
}

// fileNameOf is a name of the other side as a column holds it.
func fileNameOf(name string) string {
	const most = 255
	runes := []rune(strings.ToValidUTF8(name, "\uFFFD"))
	return string(runes[:min(len(runes), most)])
}

// clip1000 is what a column of reasons holds.
func clip1000(s string) string {
	const most = 1000
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "")
	}
	return s
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// Codes of faults of acknowledgements by file that can be read.
const (
	CodeAckOther  = "NOT-1304" // the digest is that of other bytes than those of the letter; args: name
	CodeAckNobody = "NOT-1305" // no letter of that name went over this endpoint; args: name
)

// formatAck is an acknowledgement by file.
const formatAck = "ack"

// hearAck hears that a terminal took a file of ours (notices.md section 4,
// "File"): for a letter it is the transport acknowledgement. One that cannot
// be read, is about nothing of ours or about other bytes is kept as refused.
func (d *Desk) hearAck(ctx context.Context, p auth.Principal, file *terminalFile, f *DropFile) (FileOutcome, error) {
	refuse := func(notice string, faults ...declarations.Fault) (FileOutcome, error) {
		return d.refuseFile(ctx, p, file, f, formatAck, notice, codesOf(faults))
	}
	ack, faults := portadapters.ReadAck(f.Name, f.Body)
	if len(faults) > 0 {
		return refuse("", faults...)
	}
	it, letter, err := d.letterNamed(ctx, file.endpoint.ID, ack.File)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return refuse("", ackFault(CodeAckNobody, f.Name))
	case err != nil:
		return FileOutcome{}, err
	case !ack.Of(letter.Body):
		notice, about := strings.CutPrefix(it.Subject, noticePrefix)
		if !about {
			notice = ""
		}
		return refuse(notice, ackFault(CodeAckOther, f.Name))
	}
	err = d.retry(func() error { return d.acknowledged(ctx, p, file, &it, f.Modified) }) // its notice may move meanwhile
	if err != nil && !errors.Is(err, store.ErrUnknown) {
		return FileOutcome{}, err
	}
	return FileOutcome{State: messageMatched}, nil
}

// ackFault is a fault of an acknowledgement, by the name of its file.
func ackFault(code, name string) declarations.Fault {
	return declarations.Fault{Code: code, Severity: declarations.Reject, Args: map[string]string{"name": strings.TrimSuffix(name, path.Ext(name))}}
}

// acknowledged records the arrival of one of our messages.
func (d *Desk) acknowledged(ctx context.Context, p auth.Principal, file *terminalFile, it *store.OutboxItem, at time.Time) error {
	row := file.row
	row.State = messageMatched
	c := store.Change{Inbox: []store.InboxFile{row}, Audit: []store.AuditEntry{d.audit(inboxActor, "push.acknowledged", p.PartnerID, it.ID, row.SHA256)}}
	if strings.HasPrefix(it.Subject, noticePrefix) {
		now := d.Clock()
		if at.After(now) || at.UnixMilli() < it.CreatedAt {
			at = now // the folder's clock is not ours
		}
		if err := d.letterArrived(ctx, &c, it, at); err != nil {
			return err
		}
	}
	if err := d.write(ctx, c); err != nil {
		return err
	}
	d.afterwards(&c)
	return nil
}

// letterNamed finds the message that went out as a file: its id is the last
// part of every name of ours.
func (d *Desk) letterNamed(ctx context.Context, endpoint, name string) (store.OutboxItem, store.Message, error) {
	unknown := fmt.Errorf("no message went out as %.80q: %w", name, store.ErrNotFound)
	base := strings.TrimSuffix(name, path.Ext(name))
	h := strings.ToLower(base[strings.LastIndexByte(base, '_')+1:])
	if len(h) != 32 {
		return store.OutboxItem{}, store.Message{}, unknown
	}
	id := h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
	it, err := d.Store.OutboxItem(ctx, id)
	if err != nil {
		return it, store.Message{}, err
	}
	if it.Receiver != store.ReceiverOf(endpoint) {
		return it, store.Message{}, unknown
	}
	m, err := d.Store.PushBody(ctx, it.Receiver, it.MessageID)
	if err == nil && !strings.EqualFold(base, m.FileName) {
		err = unknown
	}
	return it, m, err
}

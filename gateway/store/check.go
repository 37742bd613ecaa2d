package store

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// check refuses what the database would refuse, before it can trouble a batch,
// and alike in both dialects: SQLite knows no lengths. Lengths are those of
// the MySQL migrations, in characters.
func (c *Change) check() error {
	v := &checker{}
	if c.Insert != nil {
		v.declaration(c.Insert)
	}
	if c.Update != nil {
		v.declaration(c.Update)
	}
	for i := range c.Versions {
		v.version(&c.Versions[i])
	}
	if c.Request != nil {
		v.request(c.Request)
	}
	if c.Settle != nil {
		v.settlement(c.Settle)
	}
	for i := range c.Messages {
		v.message(&c.Messages[i])
	}
	for i := range c.Events {
		v.event(&c.Events[i])
	}
	for i := range c.Receipts {
		v.receipt(&c.Receipts[i])
	}
	for _, n := range c.Sequences {
		v.ids("sequence_numbers", n.Tenant, n.DeclarationID)
		v.text("sequence_numbers.seq_no", n.SeqNo, 255)
	}
	for i := range c.Outbox {
		v.outbox(&c.Outbox[i])
	}
	for _, d := range c.Done {
		v.text("outbox.last_error", d.LastError, 1000)
		v.text("outbox.peer", d.Peer, 255)
		v.among("outbox.state", d.State, "waiting", "delivered", "dead", "cancelled")
	}
	for _, r := range c.Requeue {
		v.among("outbox.state", r.To, "waiting", "delivered", "cancelled")
		if n := len(r.From); n == 0 || n > 3 {
			v.fail("requeue of %s from %d states", r.ID, n)
		}
	}
	for _, m := range c.Matched {
		v.ids("receipts", m.Tenant, m.DeclarationID)
	}
	v.facts(c)
	v.notices(c)
	v.terminals(c)
	v.pushes(c)
	v.fees(c)
	v.feeBills(c)
	v.feeComplaint(c.Complaint)
	v.user(c.People)
	v.throttles(c)
	v.feeServices(c)
	v.rest(c)
	return v.err
}

func (v *checker) rest(c *Change) {
	for _, f := range c.Inbox {
		v.text("inbox_files.channel", f.Channel, 64)
		v.text("inbox_files.sha256", f.SHA256, 64)
		v.text("inbox_files.name", f.Name, 255)
		v.text("inbox_files.reason", f.Reason, 1000)
	}
	if u := c.Upload; u != nil {
		v.ids("uploads", u.Tenant, u.ID)
		v.text("uploads.format", u.Format, 16)
		v.text("uploads.sha256", u.SHA256, 64)
	}
	if p := c.Partner; p != nil {
		v.ids("partners", p.ID)
		v.text("partners.name", p.Name, 255)
		v.text("partners.role", p.Role, 32)
	}
	if k := c.Key; k != nil {
		v.ids("partner_keys", k.ID, k.PartnerID)
		v.text("partner_keys.key_hash", k.Hash, 64)
	}
	if c.Idempotency != nil {
		v.answer(c.Idempotency)
	}
	for i := range c.Answers {
		v.answer(&c.Answers[i])
	}
	for _, a := range c.Audit {
		v.text("audit.actor", a.Actor, 64)
		v.text("audit.action", a.Action, 64)
		v.text("audit.tenant", a.Tenant, 36)
		v.text("audit.subject", a.Subject, 255)
		v.text("audit.digest", a.Digest, 64)
	}
}

func (v *checker) answer(i *Idempotency) {
	v.ids("idempotency", i.Tenant)
	v.text("idempotency.idem_key", i.Key, 255)
	v.text("idempotency.request_sha", i.RequestSHA, 64)
	v.text("idempotency.content_type", i.ContentType, 255)
}

func (v *checker) declaration(d *Declaration) {
	v.ids("declarations", d.Tenant, d.ID)
	v.text("declarations.reference", d.Reference, 255)
	v.text("declarations.status", d.Status, 32)
	v.text("declarations.direction", d.Direction, 255)
	v.text("declarations.office", d.Office, 255)
	v.text("declarations.content_sha", d.ContentSHA, 64)
	v.text("declarations.sequence_number", d.SequenceNumber, 255)
	v.text("declarations.entry_number", d.EntryNumber, 255)
}

func (v *checker) message(m *Message) {
	v.ids("messages", m.Tenant, m.DeclarationID, m.ID)
	v.text("messages.kind", m.Kind, 32)
	v.text("messages.file_name", m.FileName, 255)
	v.text("messages.content_type", m.ContentType, 255)
	v.text("messages.sha256", m.SHA256, 64)
	v.text("messages.peer", m.Peer, 255)
}

func (v *checker) event(e *Event) {
	v.ids("events", e.Tenant, e.DeclarationID, e.ID)
	v.text("events.receipt", e.Receipt, 36)
	v.text("events.identity", e.Identity, 600)
	v.text("events.kind", e.Kind, 32)
	v.text("events.code", e.Code, 255)
	v.text("events.seq_no", e.SeqNo, 255)
	v.text("events.entry_number", e.EntryNumber, 255)
	v.text("events.text", e.Text, 4<<20)
	v.text("events.source", e.Source, 255)
	v.text("events.status", e.Status, 32)
}

func (v *checker) receipt(r *Receipt) {
	v.ids("receipts", r.ID)
	v.text("receipts.tenant", r.Tenant, 36)
	v.text("receipts.declaration_id", r.DeclarationID, 36)
	v.text("receipts.identity", r.Identity, 600)
	v.text("receipts.reason", r.Reason, 1000)
	v.text("receipts.source", r.Source, 255)
	v.text("receipts.file_name", r.FileName, 255)
	v.text("receipts.content_type", r.ContentType, 255)
	v.text("receipts.sha256", r.SHA256, 64)
	v.text("receipts.sequence_number", r.SequenceNumber, 255)
	v.text("receipts.client_reference", r.ClientReference, 255)
	v.text("receipts.message_id", r.MessageID, 255)
	v.text("receipts.entry_number", r.EntryNumber, 255)
	v.text("receipts.code", r.Code, 255)
}

func (v *checker) outbox(o *OutboxItem) {
	v.ids("outbox", o.ID, o.Tenant, o.DeclarationID, o.MessageID)
	v.text("outbox.receiver", o.Receiver, 64)
	v.text("outbox.subject", o.Subject, 255)
	v.text("outbox.last_error", o.LastError, 1000)
	v.text("outbox.peer", o.Peer, 255)
}

// checker keeps the first fault.
type checker struct{ err error }

func (v *checker) fail(format string, args ...any) {
	if v.err == nil {
		v.err = fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
	}
}

func (v *checker) text(column, s string, most int) {
	switch {
	case !utf8.ValidString(s):
		v.fail("%s is not UTF-8", column)
	case len(s) > most && utf8.RuneCountInString(s) > most:
		v.fail("%s is longer than %d characters", column, most)
	}
}

func (v *checker) ids(table string, ids ...string) {
	for _, id := range ids {
		if id == "" {
			v.fail("%s has an empty id", table)
		}
		if len(id) > 36 || !utf8.ValidString(id) { // only then the name of the column is wanted
			v.text(table+" id", id, 36)
		}
	}
}

func (v *checker) among(column, s string, words ...string) {
	if !slices.Contains(words, s) {
		v.fail("%s %q is none of %v", column, s, words)
	}
}

// size is what a change weighs in the queue: its bytes and something for each row.
func (c *Change) size() int64 {
	n := 1024 + c.factBytes() + c.noticeBytes() + c.pushBytes() + c.feeBytes() + c.feeBillBytes() + c.Complaint.bytes() + c.feeServiceBytes() + 512*(len(c.Messages)+len(c.Events)+len(c.Outbox)+len(c.Receipts)+len(c.Audit)+len(c.Done))
	for _, d := range []*Declaration{c.Insert, c.Update} {
		if d != nil {
			n += len(d.Document) + len(d.Faults)
		}
	}
	for i := range c.Messages {
		n += len(c.Messages[i].Body)
	}
	for i := range c.Receipts {
		n += len(c.Receipts[i].Body)
	}
	for i := range c.Events {
		n += len(c.Events[i].Text)
	}
	if c.Request != nil {
		n += len(c.Request.Document) + len(c.Request.Changes)
	}
	if c.Idempotency != nil {
		n += len(c.Idempotency.Body)
	}
	for i := range c.Answers {
		n += len(c.Answers[i].Body)
	}
	return int64(n)
}

package store

// Change is everything that one act writes. It is committed whole or not at
// all, together with its audit entry; several callers' changes share one
// durable commit. Nil and empty parts are left out.
type Change struct {
	Insert *Declaration // a new declaration
	Update *Declaration // an existing one; Version is the version that was read, the row gets Version+1
	Sent   *Sent        // the newest attempt was handed to the channel

	Messages []Message
	Events   []Event
	Outbox   []OutboxItem
	Done     []OutboxChange

	Receipts []Receipt // new receipts
	Matched  []Match   // earlier unmatched receipts that found their declaration

	Partner *Partner
	Key     *Key

	Idempotency *Idempotency
	Audit       []AuditEntry
}

// Sent marks an attempt as handed over. It needs no version: it moves
// own_state to sent, and status from queued to sent, of that attempt only.
type Sent struct {
	Tenant, DeclarationID string
	Attempt               int
	At                    int64
}

// Match attaches an unmatched receipt to a declaration.
type Match struct {
	ReceiptID, Tenant, DeclarationID string
	At                               int64
}

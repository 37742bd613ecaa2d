package store

// Instants are Unix milliseconds UTC. Ids are UUIDv7 text made by the caller.

// Partner is a party that signs in: a forwarder, terminal, agency or authority.
type Partner struct {
	ID        string `db:"id"`
	Name      string `db:"name"`
	Role      string `db:"role"`
	CreatedAt int64  `db:"created_at"`
}

// Key is one bearer key of a partner; the key itself is never stored.
type Key struct {
	ID        string `db:"id"`       // public name of the key, shown in lists and logs
	Hash      string `db:"key_hash"` // SHA-256 of the 256-bit key, hex
	PartnerID string `db:"partner_id"`
	CreatedAt int64  `db:"created_at"`
	RevokedAt int64  `db:"revoked_at"` // 0 while valid
}

// Declaration is one row: the canonical document and where it stands.
// OwnState is the gateway's own word about the newest attempt (draft, queued,
// sent, cancelled); Status is the fold over OwnState and all receipts.
type Declaration struct {
	Tenant         string `db:"tenant"`
	ID             string `db:"id"`
	Reference      string `db:"reference"` // partner's own number (ClientSeqNo)
	Attempt        int    `db:"attempt"`   // 0 while it was never submitted
	OwnState       string `db:"own_state"`
	Status         string `db:"status"`
	Version        int64  `db:"version"`
	Direction      string `db:"direction"`
	Office         string `db:"office"`
	Summary        bool   `db:"summary"` // first step of a two-step declaration
	Document       []byte `db:"document"`
	ContentSHA     string `db:"content_sha"`
	Faults         []byte `db:"faults"` // JSON array of faults and warnings
	SequenceNumber string `db:"sequence_number"`
	EntryNumber    string `db:"entry_number"`
	OutSequence    int64  `db:"out_sequence"` // messages sent so far to customs about it: the counter row of its order
	CreatedAt      int64  `db:"created_at"`
	UpdatedAt      int64  `db:"updated_at"`
}

// Message is the exact bytes of one document that came in or went out.
type Message struct {
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	ID            string `db:"id"` // message id on the wire for what goes out
	Attempt       int    `db:"attempt"`
	Direction     string `db:"direction"` // in, out
	Kind          string `db:"kind"`      // submission, decmessage, receipt
	FileName      string `db:"file_name"`
	ContentType   string `db:"content_type"`
	SHA256        string `db:"sha256"`
	Body          []byte `db:"body"`
	Size          int64  `db:"size"` // of Body; in lists, which leave the body out
	Peer          string `db:"peer"`
	At            int64  `db:"at"`
}

// Event is one entry of a declaration's timeline: our own acts and matched receipts.
type Event struct {
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	ID            string `db:"id"`
	Identity      string `db:"identity"` // unique per declaration; see declarations.Event.Identity; own acts: kind/attempt
	Kind          string `db:"kind"`     // submitted, sent, receipt, returned, draft_saved, cancelled, replayed …
	Code          string `db:"code"`     // CHANNEL code of a receipt
	Attempt       int    `db:"attempt"`  // 0 when a receipt does not tell
	At            int64  `db:"at"`       // when it happened (NOTICE_DATE); 0 unknown
	HeardAt       int64  `db:"heard_at"`
	SeqNo         string `db:"seq_no"`
	EntryNumber   string `db:"entry_number"`
	Text          string `db:"text"`
	Source        string `db:"source"`  // partner or channel it came from
	Receipt       string `db:"receipt"` // id of the receipts row, when it is one
	Status        string `db:"status"`  // status of the declaration after this entry was heard
}

// Receipt is one document heard from outside, kept whether it matches or not.
type Receipt struct {
	ID              string `db:"id"`
	Identity        string `db:"identity"` // unique: a second copy only counts
	State           string `db:"state"`    // matched, unmatched, quarantined
	Reason          string `db:"reason"`   // why unmatched or quarantined
	Source          string `db:"source"`
	FileName        string `db:"file_name"`
	ContentType     string `db:"content_type"`
	SHA256          string `db:"sha256"`
	Body            []byte `db:"body"`
	Size            int64  `db:"size"` // of Body; in lists, which leave the body out
	SequenceNumber  string `db:"sequence_number"`
	ClientReference string `db:"client_reference"`
	MessageID       string `db:"message_id"`
	EntryNumber     string `db:"entry_number"`
	Code            string `db:"code"`
	Tenant          string `db:"tenant"`         // of the declaration it matched, else empty
	DeclarationID   string `db:"declaration_id"` // likewise
	Copies          int64  `db:"copies"`
	HeardAt         int64  `db:"heard_at"`
	MatchedAt       int64  `db:"matched_at"`
}

// OutboxItem is one message waiting to leave, leaving or gone.
type OutboxItem struct {
	ID            string `db:"id"` // the message id
	Shard         int    `db:"shard"`
	Receiver      string `db:"receiver"`
	Subject       string `db:"subject"`
	Sequence      int64  `db:"sequence"`
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	MessageID     string `db:"message_id"` // row of messages that holds the bytes
	Attempt       int    `db:"attempt"`    // of the declaration
	State         string `db:"state"`      // waiting, sending, delivered, dead, cancelled
	Tries         int    `db:"tries"`
	NextAt        int64  `db:"next_at"`
	Epoch         int64  `db:"epoch"` // lease epoch under which it was last claimed
	LastError     string `db:"last_error"`
	Peer          string `db:"peer"`
	CreatedAt     int64  `db:"created_at"`
	DoneAt        int64  `db:"done_at"`

	Carried *Message `db:"-"` // the push itself, which a claim brings along when it is small; else nil
}

// OutboxChange moves one item; it applies only while the item is still
// sending under the same epoch.
type OutboxChange struct {
	ID        string
	Epoch     int64
	State     string // waiting, delivered, dead; cancelled when its receiver was deleted meanwhile
	NextAt    int64  // for waiting
	Unsent    bool   // the claim is given back, nothing was sent: it does not count as a try
	LastError string
	Peer      string
	At        int64
}

// Idempotency is the first answer to a key, replayed byte for byte.
type Idempotency struct {
	Tenant      string `db:"tenant"`
	Key         string `db:"idem_key"`
	RequestSHA  string `db:"request_sha"`
	Status      int    `db:"status"`
	ContentType string `db:"content_type"`
	Body        []byte `db:"body"`
	CreatedAt   int64  `db:"created_at"`
}

// AuditEntry says who did what to which thing; the store adds lane, sequence and hashes.
type AuditEntry struct {
	At      int64
	Actor   string // partner id, key id, or the process's own part (outbox, inbox, operator)
	Action  string // declaration.submit, receipt.hear, outbox.replay, partner.add …
	Tenant  string
	Subject string // id of what was changed
	Digest  string // SHA-256 (hex) of the content that the act brought in, when there is one
}

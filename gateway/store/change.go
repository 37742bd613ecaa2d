package store

// Change is everything that one act writes. It is committed whole or not at
// all, together with its audit entries; several callers' changes share one
// durable commit. Nil and empty parts are left out.
type Change struct {
	Insert *Declaration // a new declaration
	Update *Declaration // an existing one; Version is the version that was read, the row gets Version+1; a nil Document keeps document and faults
	Sent   *Sent        // the newest attempt was handed to the channel

	Clearance *Clearance  // of the attempt that goes out
	Reached   []Clearance // acceptance and release of attempts, as the receipts tell them by now

	Messages []Message
	Events   []Event
	Outbox   []OutboxItem
	Done     []OutboxChange // what became of claimed items
	Requeue  []Requeue      // replay or cancel of items by a person

	Receipts []Receipt // new receipts
	Matched  []Match   // earlier unmatched receipts that found their declaration
	Copies   []string  // identities of receipts of which another copy was heard
	Inbox    []InboxFile

	Versions []Version   // documents that the declaration has from now on
	Request  *Request    // a new one
	Settle   *Settlement // the end of an open one

	Sequences []SequenceNumber // numbers that customs gave; passed over when the declaration has it already

	FactDocuments  []FactDocument // passed over when the same bytes are there
	Facts          []Fact
	FactLinks      []FactLink
	FactSubjects   []FactSubject // passed over when they are there
	FactStates     []FactState
	FactsWithdrawn []FactWithdrawal
	Deadlines      []Deadline

	Upload *Upload // what became of a file

	Notices          []Notice        // Version 0: a new one; else the version that was read, a conflict on "notice" when it is not the newest
	NoticeVersions   []NoticeVersion // a taken number is a conflict on "notice"
	NoticeBoxes      []NoticeBox     // written over; an OpenKey of another notice is a conflict on "box"
	NoticeEvents     []NoticeEvent   // a known identity is a conflict on "notice_event"
	TerminalMessages []TerminalMessage
	TerminalStates   []TerminalState // of messages that are unmatched
	TerminalCopies   []string        // identities of messages of which another copy came
	Capabilities     []Capability    // written over, as the next
	PlaceAliases     []PlaceAlias
	BoxPlaces        []BoxPlace // written over by what is not older
	AnswerLinks      []AnswerLink
	UseLink          *LinkUse // only while it is unused and not expired, else a conflict on "link"

	Endpoints []Endpoint // Version 0: a new one, a taken name is a conflict on "endpoint"; else as Notices
	Pushes    []Push
	Supersede []Supersession // of what was pushed before this change
	Pulled    []Pulled       // likewise
	Attempts  []Attempt

	Complaint  *FeeComplaintChange
	People     *UserChange
	Throttles  []Throttle // of the act: counted with it, or refusing it
	Unthrottle []string   // names whose tries are forgotten

	ResetBreakers []string // receivers that count as well from now on

	Fees *FeeChange

	FeeBill          *FeeBill // a checked account, with its shares
	FeeBillShares    []FeeBillShare
	ResealFeeBill    *FeeBill         // Body, Document and StoredSHA under another key
	DeleteFeeBill    *FeeBillDeletion // ErrNotFound when it is gone
	FeeRatings       []FeeRating      // a second one of the same body is a conflict on "fee_rating"; ErrNotFound when the account is gone
	FeeRatingReplies []FeeRatingReply
	FeeServices      []FeeService // a taken version is a conflict on "fee_service"

	Partner *Partner
	Key     *Key
	Revoke  *Key // ID and RevokedAt

	Idempotency *Idempotency
	Answers     []Idempotency // the same, when an act is known by more than one key
	Audit       []AuditEntry
}

// Sent marks an attempt as handed over. It needs no version: it moves
// own_state to sent, and status from queued to sent, of that attempt only,
// and adds one to the version.
type Sent struct {
	Tenant, DeclarationID string
	Attempt               int
	At                    int64
	Message               string // id of the message: a request that it carried is sent, too
}

// Match attaches an unmatched receipt to a declaration.
type Match struct {
	ReceiptID, Tenant, DeclarationID string
	At                               int64
}

// Requeue moves an item that is in one of the states From; it applies only then.
type Requeue struct {
	ID   string
	From []string // dead, waiting, delivered
	To   string   // waiting, cancelled; delivered when the receiver fetched it
	At   int64
}

// SequenceNumber says whose number of the single window (统一编号) it is. The
// first attempt that got it keeps it; another declaration's is a conflict on "sequence".
type SequenceNumber struct {
	SeqNo         string `db:"seq_no"`
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	Attempt       int    `db:"attempt"`
}

// InboxFile is the reading side's ledger of a drop folder: one row per
// channel and SHA-256 of the content, written over when its state changes.
type InboxFile struct {
	Channel string `db:"channel"`
	SHA256  string `db:"sha256"`
	Name    string `db:"name"`
	State   string `db:"state"` // matched, unmatched, retry, rejected
	Reason  string `db:"reason"`
	Tries   int    `db:"tries"`
	NextAt  int64  `db:"next_at"`
	At      int64  `db:"at"`
}

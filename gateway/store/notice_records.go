package store

// Notice is one inspection notice (查验通知): where it stands and who has a
// part in it. Its content stands in its versions, what happened in its events;
// State and the rest are what their fold said when it was last written.
type Notice struct {
	ID            string `db:"id"`
	Number        string `db:"number"`         // unique; one for life
	IssuedBy      string `db:"issued_by"`      // partner that ordered it: customs
	Terminal      string `db:"terminal"`       // partner that holds the boxes; empty: nobody knows yet
	Tenant        string `db:"tenant"`         // of the declaration that it is about; empty while unknown
	DeclarationID string `db:"declaration_id"` // likewise
	EntryNumber   string `db:"entry_number"`   // customs' number of the declaration, as ordered
	Content       int    `db:"content"`        // number of the newest version
	State         string `db:"state"`          // inspection.State
	Over          bool   `db:"is_over"`        // nothing more is expected
	Person        string `db:"person"`         // why the human list has it; empty: it need not
	Overdue       bool   `db:"overdue"`
	Visible       bool   `db:"visible"` // the declarant may know
	Channel       int    `db:"channel"` // which of the terminal's channels is in use, from 0
	NextAt        int64  `db:"next_at"` // when the clock alone changes something; 0 never
	Version       int64  `db:"version"` // of the row; in a Change: 0 a new row, else the version that was read
	Stamp         int64  `db:"stamp"`   // number of the last change among those of all notices, given by the store: the cursor of who follows
	CreatedAt     int64  `db:"created_at"`
	UpdatedAt     int64  `db:"updated_at"`

	// Times of the figures, by event time; 0 not yet.
	DeliveredAt int64 `db:"delivered_at"`
	AcceptedAt  int64 `db:"accepted_at"`
	LockedAt    int64 `db:"locked_at"`
	ReadyAt     int64 `db:"ready_at"`
	StartedAt   int64 `db:"started_at"`
	FinishedAt  int64 `db:"finished_at"`
	ReleasedAt  int64 `db:"released_at"`
	BackAt      int64 `db:"back_at"`
	Moves       int   `db:"moves"`
	Boxes       int   `db:"boxes"`
}

// NoticeVersion is one version of a notice's content.
type NoticeVersion struct {
	NoticeID string `db:"notice_id"`
	Number   int    `db:"number"`
	Document []byte `db:"document"` // inspection.Notice as canonical JSON
	SHA256   string `db:"sha256"`
	SourceID string `db:"source_id"` // id of the message or receipt that brought it
	At       int64  `db:"at"`
}

// NoticeBox says in which notice a box is. OpenKey is unique: container and
// purpose while the box is open, else the notice and the box, so that a box
// is in at most one open notice per purpose.
type NoticeBox struct {
	NoticeID  string `db:"notice_id"`
	Box       string `db:"box"`       // its key in the notice
	Container string `db:"container"` // number, or mark of break-bulk
	State     string `db:"state"`
	OpenKey   string `db:"open_key"`
}

// NoticeEvent is one thing that was heard about a notice; a refused one is kept too.
type NoticeEvent struct {
	NoticeID   string `db:"notice_id"`
	ID         string `db:"id"`
	Identity   string `db:"identity"` // unique per notice: source and reference, or source and content
	Kind       string `db:"kind"`
	Box        string `db:"box"`
	Actor      string `db:"actor"`
	Source     string `db:"source"`
	SourceID   string `db:"source_id"` // of the terminal message, link or receipt that brought it
	Refused    string `db:"refused"`   // why it does not count; empty: it does
	ContentSHA string `db:"content_sha"`
	Content    []byte `db:"content"` // inspection.Event as canonical JSON
	OccurredAt int64  `db:"occurred_at"`
	HeardAt    int64  `db:"heard_at"`
}

// TerminalMessage is one document that a terminal or carrier sent, as it
// came: evidence, and kept to be matched when its notice comes later.
type TerminalMessage struct {
	ID          string `db:"id"`
	Identity    string `db:"identity"` // unique: source and interchange reference, or source and SHA-256
	Source      string `db:"source"`   // partner
	Format      string `db:"format"`   // json, edifact, depotxml
	State       string `db:"state"`    // matched, unmatched, refused
	Reason      string `db:"reason"`
	Notice      string `db:"notice"` // number that it names, by which it is found later; empty: none or many
	FileName    string `db:"file_name"`
	ContentType string `db:"content_type"`
	SHA256      string `db:"sha256"`
	Body        []byte `db:"body"`
	Answer      []byte `db:"answer"` // what was answered (CONTRL), to be answered again
	Copies      int64  `db:"copies"`
	At          int64  `db:"at"`
}

// Capability is one dated row of the capability table of terminals.
type Capability struct {
	Terminal  string `db:"terminal"`
	Class     string `db:"class"`
	ValidFrom string `db:"valid_from"`
	Document  []byte `db:"document"` // inspection.Capability
	UpdatedAt int64  `db:"updated_at"`
}

// PlaceAlias tells which terminal a free text of GoodsPlace means.
type PlaceAlias struct {
	Alias     string `db:"alias"` // after NFKC and trimming
	Terminal  string `db:"terminal"`
	UpdatedAt int64  `db:"updated_at"`
}

// BoxPlace is the last known place of a box; an older report changes nothing.
type BoxPlace struct {
	Container string `db:"container"`
	Terminal  string `db:"terminal"` // empty: it left
	YardPlace string `db:"yard_place"`
	Source    string `db:"source"`
	At        int64  `db:"at"` // when it was there
	HeardAt   int64  `db:"heard_at"`
}

// Endpoint is where a partner wants to be told (receiver = format x wire).
type Endpoint struct {
	ID        string `db:"id"`
	PartnerID string `db:"partner_id"`
	Name      string `db:"name"` // unique per partner; channel orders name it
	Wire      string `db:"wire"` // webhook, filedrop, sftp, mail, pull
	Format    string `db:"format"`
	Address   string `db:"address"`
	Types     string `db:"types"`    // event types, comma separated; notice.* allowed
	Settings  []byte `db:"settings"` // JSON: user, host keys, directory, recipients …
	Secrets   []byte `db:"secrets"`  // sealed with the key from outside the database
	State     string `db:"state"`    // active, disabled, deleted
	Reason    string `db:"reason"`   // why disabled: gone (410), owner, operator
	Version   int64  `db:"version"`  // in a Change: 0 a new row, else the version that was read
	CreatedAt int64  `db:"created_at"`
	UpdatedAt int64  `db:"updated_at"`
}

// Push is one message to an endpoint. The store gives it the next sequence of
// (Receiver, Subject) and makes of it a message and an outbox item in the same
// transaction. The body is Head, the sequence in decimal digits, Tail; with a
// nil Tail it is Head alone.
type Push struct {
	ID          string // of the message
	Tenant      string // partner that receives it
	About       string // id of the declaration or notice that it is about
	Receiver    string // ReceiverOf(endpoint id)
	Subject     string
	Kind        string // event type
	FileName    string
	ContentType string
	Head, Tail  []byte
	At          int64
}

// endpointPrefix tells receivers that are endpoints of partners from the
// channels of the operator.
const endpointPrefix = "endpoint:"

// ReceiverOf is the receiver in the outbox of an endpoint.
func ReceiverOf(endpointID string) string { return endpointPrefix + endpointID }

// EndpointOf is the endpoint behind a receiver; false for a channel of the operator.
func EndpointOf(receiver string) (string, bool) {
	if len(receiver) <= len(endpointPrefix) || receiver[:len(endpointPrefix)] != endpointPrefix {
		return "", false
	}
	return receiver[len(endpointPrefix):], true
}

// Attempt is one try of a delivery that did not simply succeed at first.
type Attempt struct {
	ItemID   string `db:"item_id"`
	Number   int64  `db:"number"` // of the try, over all replays
	Receiver string `db:"receiver"`
	Result   string `db:"result"` // delivered, temporary, permanent, unknown, replayed, cancelled …
	Detail   string `db:"detail"`
	Actor    string `db:"actor"`
	At       int64  `db:"at"`
}

// AnswerLink lets a person answer a notice once without signing in. Only the
// hash of its token is kept.
type AnswerLink struct {
	Hash      string `db:"hash"` // SHA-256 of the token, hex
	NoticeID  string `db:"notice_id"`
	Terminal  string `db:"terminal"`
	Content   int    `db:"content"` // version of the notice that it answers
	ExpiresAt int64  `db:"expires_at"`
	UsedAt    int64  `db:"used_at"`
	CreatedAt int64  `db:"created_at"`
}

// Package auth says who is calling and what that role may do.
//
// Contract: a bearer key becomes a Principal; Roles is the one table of acts
// and the roles that may do them. A key is 256 random bits, shown once and
// stored as its SHA-256. Ownership of a thing is not decided here: it is part
// of every query, so that what belongs to another partner does not exist.
//
// The package does not know HTTP, cookies or SQL.
package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"kouan/gateway/store"
)

// Role is what a partner is in the single window.
type Role string

// The roles of partners and of people.
const (
	Forwarder Role = "forwarder"
	Agent     Role = "agent"
	Carrier   Role = "carrier"
	Haulier   Role = "haulier"
	Terminal  Role = "terminal"
	Customs   Role = "customs"
	Border    Role = "border"
	MSA       Role = "msa"
	Authority Role = "authority"
	Operator  Role = "operator"
	Collector Role = "collector" // a charging body; its people sign in, it has no keys
)

// Partners lists the roles that a partner may be given.
var Partners = []Role{Forwarder, Agent, Carrier, Haulier, Terminal, Customs, Border, MSA, Authority}

// People lists the roles that a person who signs in by password may be given.
var People = []Role{Authority, Collector, Operator}

// Act is something that a caller may or may not do.
type Act string

// Acts on declarations, receipts and the event feed.
const (
	SubmitDeclaration   Act = "declaration.submit"
	ReadDeclaration     Act = "declaration.read"
	AmendDeclaration    Act = "declaration.amend"
	CancelDeclaration   Act = "declaration.cancel"
	CompleteDeclaration Act = "declaration.complete"
	HearDecision        Act = "decision.hear"
	HearReceipt         Act = "receipt.hear"
	ReadEvents          Act = "event.read"
	ReadStatistics      Act = "statistics.read"
	ReportFact          Act = "fact.report"
)

// Acts on endpoints and what was sent to them, each on his own.
const (
	ManageEndpoints  Act = "endpoint.manage"
	ReadDeliveries   Act = "delivery.read"
	ReplayDeliveries Act = "delivery.replay"
)

// Acts on inspection notices and on what terminals can do.
const (
	OrderInspection     Act = "inspection.order"
	ReadNotice          Act = "notice.read"
	ReportNotice        Act = "notice.report"
	ReadNoticeFigures   Act = "notice.figures"
	SendTerminalMessage Act = "terminal_message.send"
	ReadTerminals       Act = "terminal.read"
)

// Acts on charging bodies: to answer their ratings, and to see what accounts
// show of them. Checking an account and rating need no role, only the account.
const (
	ReplyRating      Act = "fee_rating.reply"
	ReadOvercharging Act = "fee_overcharging.read"
)

// Acts on complaints about charges. A collector sees and answers what was
// forwarded to it, and nothing else: that is part of the query.
const (
	ReadFeeComplaints   Act = "fee_complaint.read"
	HandleFeeComplaints Act = "fee_complaint.handle"
)

// Acts on the catalogue of port charges. Reading it is for everybody.
const (
	PublishFees Act = "fees.publish" // draft, check, publish, withdraw
)

// PublishFeeServices is publishing what third parties offer around port charges.
const PublishFeeServices Act = "fee_service.publish"

// Roles is the one table of who may do what.
var Roles = map[Act][]Role{
	SubmitDeclaration:   {Forwarder},
	ReadDeclaration:     {Forwarder},
	AmendDeclaration:    {Forwarder},
	CancelDeclaration:   {Forwarder},
	CompleteDeclaration: {Forwarder},
	HearDecision:        {Customs},
	HearReceipt:         {Customs},
	ReadEvents:          {Forwarder, Agent, Carrier, Haulier, Terminal, Customs, Border, MSA, Authority},
	ReadStatistics:      {Forwarder, Authority},
	ReportFact:          {Carrier, Terminal, Customs, Agent},
	ManageEndpoints:     Partners,
	ReadDeliveries:      Partners,
	ReplayDeliveries:    Partners,
	OrderInspection:     {Customs},
	ReadNotice:          {Terminal, Customs, Forwarder, Haulier},
	ReportNotice:        {Terminal, Customs, Forwarder, Haulier},
	ReadNoticeFigures:   {Authority, Customs, Terminal},
	SendTerminalMessage: {Terminal, Carrier},
	ReadFeeComplaints:   {Authority, Collector},
	HandleFeeComplaints: {Authority, Collector},
	PublishFees:         {Authority},
	ReadTerminals:       {Forwarder, Agent, Carrier, Haulier, Terminal, Customs, Border, MSA, Authority},
	PublishFeeServices:  {Authority},
	ReplyRating:         {Authority, Collector}, // the authority on behalf of a body, a collector for itself
	ReadOvercharging:    {Authority},
}

// Principal is an authenticated caller.
type Principal struct {
	PartnerID string
	KeyID     string
	Role      Role
	User      string // id of the person, when one signed in; then KeyID is that too
	Body      string // of a collector: the charging body
}

// May reports whether the caller's role allows the act.
func (p Principal) May(a Act) bool { return slices.Contains(Roles[a], p.Role) }

// ErrDenied says that no valid key came with the call.
var ErrDenied = errors.New("denied")

// ErrForbidden says that the caller is known and may not do this.
var ErrForbidden = errors.New("forbidden")

const keyPrefix = "kouan_"

// NewKey makes a key of 256 random bits and the hash that is stored of it.
func NewKey(random io.Reader) (key, hash string, err error) {
	var b [32]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	key = keyPrefix + base64.RawURLEncoding.EncodeToString(b[:])
	return key, HashKey(key), nil
}

// HashKey is the SHA-256 of a key, hex.
func HashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Keys looks a key up by its hash; revoked keys are found with RevokedAt set.
type Keys interface {
	PartnerByKey(ctx context.Context, hash string) (store.Partner, store.Key, error)
}

// Authenticator turns bearer keys into principals. It remembers an answer for
// Fresh (default one second), which bounds how long a revoked key still works.
type Authenticator struct {
	Keys  Keys
	Clock func() time.Time
	Fresh time.Duration

	mu   sync.Mutex
	seen map[string]remembered
}

type remembered struct {
	principal Principal
	until     time.Time
}

const (
	defaultFresh  = time.Second
	maxRemembered = 10_000
)

// Authenticate returns ErrDenied for a missing, malformed, unknown or revoked
// key, and store errors as they are. The hash is what is compared, so the
// comparison leaks nothing about the key.
func (a *Authenticator) Authenticate(ctx context.Context, header string) (Principal, error) {
	key, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || !strings.HasPrefix(key, keyPrefix) || len(key) > 128 {
		return Principal{}, ErrDenied
	}
	return a.ByHash(ctx, HashKey(key))
}

// ByHash is the same for one who showed the key before, as a session does.
func (a *Authenticator) ByHash(ctx context.Context, hash string) (Principal, error) {
	now := a.Clock()
	if p, ok := a.recall(hash, now); ok {
		return p, nil
	}
	partner, k, err := a.Keys.PartnerByKey(ctx, hash)
	if errors.Is(err, store.ErrNotFound) || err == nil && k.RevokedAt != 0 {
		return Principal{}, ErrDenied
	}
	if err != nil {
		return Principal{}, fmt.Errorf("look up key: %w", err)
	}
	p := Principal{PartnerID: partner.ID, KeyID: k.ID, Role: Role(partner.Role)}
	a.remember(hash, p, now)
	return p, nil
}

func (a *Authenticator) recall(hash string, now time.Time) (Principal, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r, ok := a.seen[hash]
	return r.principal, ok && now.Before(r.until)
}

func (a *Authenticator) remember(hash string, p Principal, now time.Time) {
	fresh := a.Fresh
	if fresh == 0 {
		fresh = defaultFresh
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seen == nil || len(a.seen) >= maxRemembered {
		a.seen = make(map[string]remembered)
	}
	a.seen[hash] = remembered{p, now.Add(fresh)}
}

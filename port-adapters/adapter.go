// Package portadapters is the edge to the outside: what a message is, what a
// wire must do with it, and which errors it may answer with. The wires
// (filedrop, dxp, …) stand in packages of their own below.
//
// Contract: Deliver hands exactly the bytes of a Message to the other side
// and returns what the other side said about the transport. It never says
// anything about the business. It may be called again with the same Message
// after a crash: a wire that can see an earlier delivery reports it instead
// of doubling it.
//
// The package does not know the database, the queue or any status.
package portadapters

import (
	"context"
	"errors"
	"time"
)

// Message is one document on its way out. ID is stable over all attempts and
// replays; Body is exact and never changes under one ID.
type Message struct {
	ID          string // UUIDv7; the receiver removes duplicates by it
	Receiver    string // name of the receiver, for example customs-dxp
	Subject     string // what it is about; order is kept per (Receiver, Subject)
	Sequence    int64  // 1.. per (Receiver, Subject), without gaps
	Kind        string // decmessage, …
	FileName    string // base name without extension, unique per ID
	ContentType string // media type of Body
	Body        []byte
	SHA256      string // hex, of Body
	Attachments []Attachment
	Attempt     int  // 1.. this delivery
	Redelivery  bool // an earlier attempt may have arrived
	Replay      bool // somebody asked for it once more
}

// Attachment is a file that travels with a message. Name has no path parts.
type Attachment struct {
	Name string
	Body []byte
}

// Receipt is the transport acknowledgement of one delivery.
type Receipt struct {
	At     time.Time
	Peer   string // host and port, or folder; never a credential
	Detail string // status line or final file name
	// Duplicate is true when the other side had this message already.
	Duplicate bool
}

// Adapter is one wire to one receiver.
type Adapter interface {
	// Deliver returns nil only when the bytes are safe on the other side. An
	// error is temporary unless it wraps ErrPermanent; an error that wraps
	// ErrUnknown may have arrived.
	Deliver(ctx context.Context, m Message) (Receipt, error)
}

// ErrPermanent marks a refusal that the same bytes will meet again.
var ErrPermanent = errors.New("permanent")

// ErrUnknown marks an outcome that this side cannot know (time-out after sending).
var ErrUnknown = errors.New("outcome unknown")

// ErrGone says that the receiver wants nothing more at this address, ever.
var ErrGone = errors.New("receiver is gone")

// ErrUnsent says that nothing was tried: the item is given back as it was.
var ErrUnsent = errors.New("not sent")

// RetryAfterError carries the other side's wish for the time of the next attempt.
type RetryAfterError struct {
	After time.Duration
	Err   error
}

func (e *RetryAfterError) Error() string { return e.Err.Error() }

// Unwrap returns the original error.
func (e *RetryAfterError) Unwrap() error { return e.Err }

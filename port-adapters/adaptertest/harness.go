// Package adaptertest is the conformance suite of portadapters.Adapter: what
// every wire must do, whatever it is made of.
//
// Contract: a wire's own test makes a Harness, a fresh pair of an adapter and
// the other side that it talks to, and calls Run. A hook that is nil says that
// the wire has no such case; everything else must hold.
//
// The package does not know any wire.
package adaptertest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	portadapters "kouan/port-adapters"
)

// Harness is one adapter and the other side of it.
type Harness struct {
	Adapter portadapters.Adapter
	// Arrived lists what stands on the other side, one entry per document
	// that it regards as separate.
	Arrived func(t *testing.T) []Arrival
	// Leftovers lists unfinished traces of deliveries; nil when there can be none.
	Leftovers func(t *testing.T) []string
	// Down makes the other side unreachable and returns what brings it back.
	Down func(t *testing.T) (up func())
	// Refuse makes the other side refuse m for good; nil when it cannot.
	Refuse func(t *testing.T, m portadapters.Message)
	// Slow makes the other side take the bytes and not answer; taken is closed
	// when it has them. Nil when it cannot.
	Slow func(t *testing.T) (taken <-chan struct{})
	// CarriesAttachments is false when the wire must refuse them.
	CarriesAttachments bool
	// Forgets is true when the wire has no way to ask or to tell the other
	// side about an earlier delivery: a mail server takes every letter as a new
	// one. A redelivery then arrives again, the same to the last byte, so that
	// whoever reads it can know it by its id; other bytes under the same id
	// cannot be noticed.
	Forgets bool
}

// Arrival is one document on the other side.
type Arrival struct {
	FileName    string // base name without extension
	Body        []byte
	Attachments []portadapters.Attachment
}

// Message makes a valid message number n; equal n make equal messages. Its id
// is a UUIDv7 of a fixed instant and its name ends in the id's 32 hex digits.
func Message(n int) portadapters.Message {
	const instant = 0x019b8a3f0000 // January 2026
	id := fmt.Sprintf("%08x-%04x-7000-8000-%012x", instant>>16, instant&0xffff, n)
	return Sealed(portadapters.Message{
		ID:          id,
		Receiver:    "customs",
		Subject:     fmt.Sprintf("declaration-%d", n),
		Sequence:    1,
		Kind:        "decmessage",
		FileName:    fmt.Sprintf("I_EX%016d_t-1_%s", n, strings.ReplaceAll(id, "-", "")),
		ContentType: "application/xml",
		Attempt:     1,
		Body: fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
			`<DecMessage xmlns="http://www.chinaport.gov.cn/dec" Version="4.8"><DecHead><IEFlag>I</IEFlag><CustomMaster>0900</CustomMaster>`+
			`<NoteS>大连示例 &lt;&amp;&gt;</NoteS></DecHead><DecSign><ClientSeqNo>EX%016d</ClientSeqNo></DecSign></DecMessage>`+"\r\n", n),
	})
}

// Sealed sets the hash of m's body.
func Sealed(m portadapters.Message) portadapters.Message {
	sum := sha256.Sum256(m.Body)
	m.SHA256 = hex.EncodeToString(sum[:])
	return m
}

// patience bounds a call that ought to return by itself. It only ends a test
// that has failed already.
const patience = 20 * time.Second

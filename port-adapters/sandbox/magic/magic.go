// Package magic names the container numbers by which a notice chooses how the
// sandbox terminal behaves.
//
// Contract: a magic number is SBXU, two digits of a Script, four digits that
// the caller counts, and the check digit of ISO 6346, so that it passes every
// check that a real number passes. A gateway that is no sandbox refuses them
// (Reserved), so that no real order can meet a scripted answer
// (push-and-errors REQ-28, REQ-30).
//
// SBX is our own choice, not a registered test code: that the Bureau
// International des Containers has given it to nobody is unverified. The
// package does not know terminals, notices or wires.
package magic

import (
	"fmt"
	"strconv"
	"strings"

	"kouan/declarations"
)

// Owner is the reserved owner code with the equipment category.
const Owner = "SBXU"

// Script is what the terminal does with a notice of a magic box.
type Script int

// Scripts of the terminal's desk: what it answers.
const (
	Works       Script = 0 // acknowledges, accepts, locks, moves, presents; unlocks and moves back on release
	SiteFull    Script = 1 // rejects: SITE_FULL, proposes a time
	BoxGone     Script = 2 // rejects: BOX_GONE
	OtherReason Script = 3 // rejects: OTHER, with a text
	Silent      Script = 4 // takes the notice and says nothing that its wire does not say by itself
	Forgets     Script = 5 // acknowledges the transport and forgets the notice
	Twice       Script = 6 // says everything twice
	Disorder    Script = 7 // says the last first
	Flips       Script = 8 // accepts, then rejects without a reason
	Missing     Script = 9 // accepts and locks, then does not find the box
)

// Scripts of the wire: what becomes of the delivery. The desk then works.
const (
	FailsFive Script = 20 // 500 for five calls, then 200
	Redirects Script = 21 // 302 to an internal address
	Late      Script = 22 // takes it, 200 after 20 s
	Gone      Script = 23 // 410
	Busy      Script = 24 // 429 with Retry-After, then 200
	Drips     Script = 25 // takes it, one octet of the answer at a time
	Huge      Script = 26 // takes it, an answer without end
	HalfClose Script = 27 // takes it, closes without an answer
	BreaksTLS Script = 28 // TLS alerts instead of answers, three times
	Down      Script = 29 // 503, always
	Refuses   Script = 30 // 404, always
)

// row is one script of the published table.
type row struct {
	script Script
	slug   string // its words: magic.SLUG
}

var rows = []row{
	{Works, "works"}, {SiteFull, "site_full"}, {BoxGone, "box_gone"}, {OtherReason, "other_reason"}, {Silent, "silent"},
	{Forgets, "forgets"}, {Twice, "twice"}, {Disorder, "disorder"}, {Flips, "flips"}, {Missing, "missing"},
	{FailsFive, "fails_five"}, {Redirects, "redirects"}, {Late, "late"}, {Gone, "gone"}, {Busy, "busy"}, {Drips, "drips"},
	{Huge, "huge"}, {HalfClose, "half_close"}, {BreaksTLS, "breaks_tls"}, {Down, "down"}, {Refuses, "refuses"},
}

// Scripts are all scripts, in the order of their numbers.
func Scripts() []Script {
	list := make([]Script, len(rows))
	for i, r := range rows {
		list[i] = r.script
	}
	return list
}

// Slug is the name of a script in lists and keys of texts.
func (s Script) Slug() string {
	for _, r := range rows {
		if r.script == s {
			return r.slug
		}
	}
	return ""
}

// Wire reports a script of the wire and not of the desk.
func (s Script) Wire() bool { return s >= FailsFive }

// Number is container n of a script, counted modulo 10,000.
func Number(s Script, n int) string {
	stem := fmt.Sprintf("%s%02d%04d", Owner, int(s), n%10000)
	for digit := '0'; digit <= '9'; digit++ {
		if number := stem + string(digit); declarations.CheckContainer(number) {
			return number
		}
	}
	return "" // one of ten digits always checks
}

// ScriptOf is the script of a container number, also with the /2 of a
// follow-up; false for a number that chooses nothing.
func ScriptOf(container string) (Script, bool) {
	number, _, _ := strings.Cut(container, "/")
	if !strings.HasPrefix(number, Owner) || !declarations.CheckContainer(number) {
		return Works, false
	}
	n, err := strconv.Atoi(number[len(Owner) : len(Owner)+2])
	if err != nil {
		return Works, false
	}
	s := Script(n)
	return s, s.Slug() != ""
}

// Reserved reports a number that only a sandbox takes: every one of the
// reserved owner, whether it chooses a script or not.
func Reserved(container string) bool {
	return strings.HasPrefix(strings.ToUpper(strings.TrimSpace(container)), Owner)
}

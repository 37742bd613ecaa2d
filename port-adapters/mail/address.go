package mail

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kouan/declarations"
	portadapters "kouan/port-adapters"
)

// Codes of faults of lists of addresses.
const (
	CodeAddress   = "NOT-1311" // not one address; args: got
	CodeNobody    = "NOT-1312" // no address in the list
	CodeManyBoxes = "NOT-1313" // more addresses than one letter goes to; args: limit
)

// MaxRecipients of one letter. Servers must take 100 (RFC 5321 section
// 4.5.3.1.8); a terminal's desk needs a few.
const MaxRecipients = 50

// maxFaults is how many faults of a list are told; the first ones tell enough.
const maxFaults = 20

// Mailbox is one address, with the name that people see.
type Mailbox struct {
	Name    string
	Address string // local@domain
}

// address is what we write between the brackets of SMTP commands: dot-atoms
// (RFC 5322 section 3.2.3) on both sides. The quoted forms and literals that
// the grammar also knows are refused: nobody's desk has them, and they could
// carry a bracket or a blank into a command. Domains in other scripts are
// written in their xn-- form.
var address = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~.` + "`" + `-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// ParseMailbox reads one address with or without a name.
func ParseMailbox(s string) (Mailbox, error) {
	if len(s) > 1000 || !utf8.ValidString(s) || strings.ContainsFunc(s, unprintable) {
		return Mailbox{}, errors.New("address is too long or has control characters")
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil {
		return Mailbox{}, fmt.Errorf("address %q: %w", portadapters.Words(s), portadapters.Shortened(err))
	}
	local, domain, _ := strings.Cut(parsed.Address, "@")
	if !address.MatchString(parsed.Address) || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") ||
		strings.Contains(parsed.Address, "..") || strings.ContainsFunc(parsed.Name, unprintable) {
		return Mailbox{}, fmt.Errorf("address %q: not of the form name@host.example", portadapters.Words(s))
	}
	return Mailbox{Name: parsed.Name, Address: local + "@" + strings.ToLower(domain)}, nil
}

// unprintable are characters that could end a line of a header, or that
// change how one reads.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
}

// ReadAddresses reads a list as an operator types it: addresses separated by
// commas, semicolons or line ends. An address that stands there twice counts
// once. Faults have line and column in the list.
func ReadAddresses(list string) ([]Mailbox, []declarations.Fault) {
	var boxes []Mailbox
	var faults []declarations.Fault
	known := map[string]bool{}
	for _, p := range split(list) {
		if len(faults) == maxFaults || len(boxes) > MaxRecipients {
			break
		}
		box, err := ParseMailbox(p.text)
		if err != nil {
			faults = append(faults, declarations.Fault{Code: CodeAddress, Severity: declarations.Reject, Line: p.line, Column: p.column,
				Args: map[string]string{"got": portadapters.Words(p.text)}})
			continue
		}
		if !known[box.Address] {
			known[box.Address] = true
			boxes = append(boxes, box)
		}
	}
	switch {
	case len(boxes) > MaxRecipients:
		faults = append(faults, declarations.Fault{Code: CodeManyBoxes, Severity: declarations.Reject,
			Args: map[string]string{"limit": strconv.Itoa(MaxRecipients)}})
	case len(boxes) == 0 && len(faults) == 0:
		faults = append(faults, declarations.Fault{Code: CodeNobody, Severity: declarations.Reject})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return boxes, nil
}

// String is the mailbox as it is typed and stored; ParseMailbox reads it back.
func (m Mailbox) String() string {
	if m.Name == "" {
		return m.Address
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(m.Name) + `" <` + m.Address + ">"
}

// piece is one part of a list, trimmed, with its place.
type piece struct {
	text         string
	line, column int
}

// split cuts a list at its separators, outside quotes and brackets.
func split(list string) []piece {
	var out []piece
	var text strings.Builder
	line, column := 1, 0
	at := piece{}
	quoted, escaped, bracketed := false, false, false
	flush := func() {
		if at.text = strings.TrimSpace(text.String()); at.text != "" {
			out = append(out, at)
		}
		text.Reset()
	}
	for _, r := range list {
		column++
		switch {
		case r == '\n':
			flush() // a name never goes over a line
			line, column = line+1, 0
			quoted, escaped, bracketed = false, false, false
			continue
		case (r == ',' || r == ';') && !quoted && !bracketed:
			flush()
			continue
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case !quoted && (r == '<' || r == '>'):
			bracketed = r == '<'
		}
		if strings.TrimSpace(text.String()) == "" {
			text.Reset()
			at = piece{line: line, column: column}
		}
		text.WriteRune(r)
	}
	flush()
	return out
}

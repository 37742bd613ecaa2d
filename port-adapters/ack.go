package portadapters

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"kouan/declarations"
)

// Codes of faults of acknowledgement files.
const (
	CodeAckDigest = "NOT-1301" // not one line with one SHA-256 in hex; args: name, got
	CodeAckName   = "NOT-1302" // the line names another file than the acknowledgement itself; args: name, got
	CodeAckSize   = "NOT-1303" // larger than an acknowledgement can be; args: name, limit
)

const (
	ackEnding = ".ack"
	// MaxAck is the size in bytes of the largest acknowledgement that is read.
	MaxAck = 4 << 10
	maxGot = 80 // bytes of a terminal's own words that are repeated in a fault
)

// Ack is the transport acknowledgement over files: a terminal that has taken
// a file writes another one beside its answers, of the same name with .ack
// behind it, that holds the SHA-256 of what it took (notices.md section 4,
// "File"). It says nothing about the order inside. The section names the hash
// and no layout; ours is one line as sha256sum(1) writes it, of which the
// name may be left out.
type Ack struct {
	File   string // that was taken, with its ending
	SHA256 string // lower-case hex
}

// AckName is the name of the acknowledgement of a file.
func AckName(file string) string { return file + ackEnding }

// IsAck tells an acknowledgement from other files, by its name.
func IsAck(name string) bool {
	return len(name) > len(ackEnding) && strings.EqualFold(name[len(name)-len(ackEnding):], ackEnding)
}

// WriteAck makes the content of the acknowledgement of a body.
func WriteAck(body []byte) []byte {
	sum := sha256.Sum256(body)
	return []byte(hex.EncodeToString(sum[:]) + "\n")
}

// Of tells whether the acknowledgement is for exactly these bytes.
func (a Ack) Of(body []byte) bool {
	sum := sha256.Sum256(body)
	return a.SHA256 == hex.EncodeToString(sum[:])
}

// Acknowledged judges an acknowledgement that stands beside the answers when
// body is to be delivered again as file. One that cannot be read proves
// nothing, and whoever hears the answers tells its fault; one for other
// content is a conflict for good (notices.md section 4, "Idempotence").
func Acknowledged(file string, content, body []byte) (bool, error) {
	ack, faults := ReadAck(AckName(file), content)
	switch {
	case len(faults) > 0:
		return false, nil
	case !ack.Of(body):
		return false, fmt.Errorf("%s acknowledges other content: %w", AckName(file), ErrPermanent)
	}
	return true, nil
}

// ReadAck reads an acknowledgement by its name and content. Faults have the
// place in the content.
func ReadAck(name string, content []byte) (Ack, []declarations.Fault) {
	fault := func(code string, column int, args map[string]string) (Ack, []declarations.Fault) {
		return Ack{}, []declarations.Fault{{Code: code, Severity: declarations.Reject, Line: 1, Column: column, Args: args}}
	}
	if len(content) > MaxAck {
		return fault(CodeAckSize, 0, map[string]string{"name": shown(name), "limit": strconv.Itoa(MaxAck)})
	}
	text := strings.TrimRight(string(bytes.TrimPrefix(content, []byte("\uFEFF"))), "\r\n\t ")
	digest, rest, named := strings.Cut(text, " ")
	raw, err := hex.DecodeString(digest)
	if !IsAck(name) || err != nil || len(raw) != sha256.Size || strings.ContainsAny(rest, "\r\n") {
		return fault(CodeAckDigest, 1, map[string]string{"name": shown(name), "got": shown(text)})
	}
	ack := Ack{File: name[:len(name)-len(ackEnding)], SHA256: strings.ToLower(digest)}
	if !named {
		return ack, nil
	}
	// "  name" of a text file, " *name" of a binary one; a folder in front is the terminal's own.
	base := strings.TrimLeft(rest, " *")
	if i := strings.LastIndexAny(base, `/\`); i >= 0 {
		base = base[i+1:]
	}
	if base != ack.File {
		return fault(CodeAckName, len(digest)+1+len(rest)-len(strings.TrimLeft(rest, " *"))+1, map[string]string{"name": shown(name), "got": shown(rest)})
	}
	return ack, nil
}

// shown cuts foreign words so that they fit into a fault.
func shown(s string) string {
	return cut(strings.ToValidUTF8(s, "\uFFFD"), maxGot)
}

package sftp

import (
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"kouan/declarations"
	portadapters "kouan/port-adapters"
)

// Codes of faults of host keys as an operator gives them.
const (
	CodeHostKey      = "NOT-1321" // not a host key that can be pinned; args: got
	CodeOtherHost    = "NOT-1322" // key of another host; args: host, want
	CodeNoHostKey    = "NOT-1323" // no key in the text
	maxHostKeyFaults = 20
)

// kinds of host keys that can be pinned. DSA is broken, and a certificate says
// who signed and not who it is.
var kinds = []string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSA,
	ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256,
}

// ReadHostKeys reads the keys to pin for a server: lines of public key files
// (ssh_host_*.pub), or of known_hosts as ssh-keyscan prints them, which must
// be for that server. Empty lines and lines that begin with # are passed
// over. Faults have their line.
func ReadHostKeys(text, address string) ([]ssh.PublicKey, []declarations.Fault) {
	var keys []ssh.PublicKey
	var faults []declarations.Fault
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if len(faults) == maxHostKeyFaults {
			break
		}
		key, fault := readHostKey(line, address)
		if fault != nil {
			fault.Severity, fault.Line = declarations.Reject, number
			faults = append(faults, *fault)
			continue
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 && len(faults) == 0 {
		faults = append(faults, declarations.Fault{Code: CodeNoHostKey, Severity: declarations.Reject})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return keys, nil
}

func readHostKey(line, address string) (ssh.PublicKey, *declarations.Fault) {
	unread := &declarations.Fault{Code: CodeHostKey, Args: map[string]string{"got": portadapters.Words(line)}}
	first, rest, _ := strings.Cut(line, " ")
	if !slices.Contains(kinds, first) {
		// Hosts in front: plain names, never patterns, hashes or markers (sshd(8)).
		want := knownhosts.Normalize(address)
		if strings.ContainsAny(first, `*?!|@="`) || !slices.Contains(kinds, strings.SplitN(strings.TrimSpace(rest), " ", 2)[0]) {
			return nil, unread
		}
		if !slices.Contains(strings.Split(first, ","), want) {
			return nil, &declarations.Fault{Code: CodeOtherHost, Args: map[string]string{"host": portadapters.Words(first), "want": want}}
		}
		line = strings.TrimSpace(rest)
	}
	key, _, options, left, err := ssh.ParseAuthorizedKey([]byte(line))
	if err != nil || len(options) > 0 || len(left) > 0 || !slices.Contains(kinds, key.Type()) {
		return nil, unread
	}
	return key, nil
}

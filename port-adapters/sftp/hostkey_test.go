package sftp

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"

	"kouan/declarations"
	"kouan/port-adapters/adaptertest/sshserver"
)

func TestReadHostKeys(t *testing.T) {
	t.Parallel()
	first, second := publicLine(sshserver.NewKey(t)), publicLine(rsaKey(t))
	cases := []struct {
		name, text string
		want       int      // keys
		codes      []string // code@line
	}{
		{"a public key file", first + " root@t04\n", 1, nil},
		{"two, with comments", "# T04\n\n" + first + "\r\n" + second, 2, nil},
		{"as ssh-keyscan prints it", "# t04.example:2222 SSH-2.0-OpenSSH_9.2\n[t04.example]:2222 " + first + "\n", 1, nil},
		{"with its address beside the name", "[t04.example]:2222,[192.0.2.7]:2222 " + first, 1, nil},
		{"of another host", "[t05.example]:2222 " + first, 0, []string{"NOT-1322@1"}},
		{"of another port", "t04.example " + first, 0, []string{"NOT-1322@1"}},
		{"a pattern of hosts", "*.example " + first, 0, []string{"NOT-1321@1"}},
		{"a hashed host", "|1|abc=|def= " + first, 0, []string{"NOT-1321@1"}},
		{"a revoked key", "@revoked t04.example " + first, 0, []string{"NOT-1321@1"}},
		{"nothing", "\n# none\n", 0, []string{"NOT-1323@0"}},
		{"a fingerprint", "\nSHA256:uNiVztksCsDhcc0u9e8BrwqFG8oy2VVxmhCQKaYxmQg", 0, []string{"NOT-1321@2"}},
		{"cut off", first[:len(first)-10], 0, []string{"NOT-1321@1"}},
		{"a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n", 0, []string{"NOT-1321@1", "NOT-1321@2"}},
		{"options of a login key", `command="sh" ` + first, 0, []string{"NOT-1321@1"}},
		{"a kind that is broken", "ssh-dss AAAAB3NzaC1kc3M=", 0, []string{"NOT-1321@1"}},
	}
	for _, c := range cases {
		keys, faults := ReadHostKeys(c.text, "t04.example:2222")
		var codes []string
		for _, f := range faults {
			codes = append(codes, f.Code+"@"+strconv.Itoa(f.Line))
		}
		if diff := cmp.Diff(c.codes, codes); diff != "" || len(keys) != c.want {
			t.Errorf("%s: %d keys, want %d; faults (-want +got):\n%s", c.name, len(keys), c.want, diff)
		}
	}
	if _, faults := ReadHostKeys(strings.Repeat("x\n", 1000), "t04.example:2222"); len(faults) != maxHostKeyFaults {
		t.Errorf("a thousand wrong lines: %d faults", len(faults))
	}
	keys, faults := ReadHostKeys(first, "t04.example:22")
	if len(faults) > 0 || publicKeyLine(keys[0]) != first {
		t.Errorf("read as %v, %v", keys, faults)
	}
}

func publicLine(s ssh.Signer) string { return publicKeyLine(s.PublicKey()) }

func publicKeyLine(key ssh.PublicKey) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
}

func FuzzReadHostKeys(f *testing.F) {
	f.Add("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGU9P2m0r0m9gk7o5C5vXh7m3Jm3m1C2m0h1m2m3m4m5 x")
	f.Add("[t04.example]:2222 ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ")
	f.Add("@cert-authority * ssh-ed25519 \x00")
	f.Fuzz(func(t *testing.T, text string) {
		keys, faults := ReadHostKeys(text, "t04.example:2222")
		if (len(keys) > 0) == (len(faults) > 0) {
			t.Fatalf("%d keys with %d faults", len(keys), len(faults))
		}
		for _, fault := range faults {
			if fault.Severity != declarations.Reject || fault.Line > strings.Count(text, "\n")+1 {
				t.Errorf("fault %+v", fault)
			}
		}
		for _, key := range keys {
			again, faults := ReadHostKeys(publicKeyLine(key), "x:22")
			if len(faults) > 0 || len(again) != 1 || string(again[0].Marshal()) != string(key.Marshal()) {
				t.Errorf("%s is read as %v, %v", publicKeyLine(key), again, faults)
			}
		}
	})
}

package outbox

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestANameIsTakenUpByTheNextProcessAndByOneOnly(t *testing.T) {
	t.Parallel()
	dir, made := t.TempDir(), 0
	newID := func() string { made++; return fmt.Sprint("id", made) }
	take := func(want string) *Identity {
		t.Helper()
		i, err := TakeIdentity(dir, newID)
		if err != nil || i.Name != want {
			t.Fatalf("name %v, %v, want %s", i, err, want)
		}
		return i
	}
	first := take("id1")
	second := take("id2") // while the first lives
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	third := take("id1")
	for _, i := range []*Identity{second, third} {
		if err := i.Release(); err != nil {
			t.Fatal(err)
		}
	}
	// A crash while the name was written leaves half of one.
	if err := os.WriteFile(filepath.Join(dir, "kouan-outbox-owner-0"), []byte("id"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := take("id3").Release(); err != nil {
		t.Fatal(err)
	}
	if err := take("id3").Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := TakeIdentity(filepath.Join(dir, "not there"), newID); err == nil {
		t.Error("a folder that is not there gave a name")
	}
}

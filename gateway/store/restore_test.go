package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"

	"github.com/go-json-experiment/json"
)

// A row of a backup is read back as it was written, or refused as no backup.
func FuzzRestoreRow(f *testing.F) {
	for _, seed := range []string{`[1,"口岸","aGk="]`, `[1,null,""]`, `[1.5,"x",""]`, `[1,"\ud800",""]`, `["1",2,3]`, `[1,"x"]`, `{}`, `[1,"x","!"]`, `[9223372036854775808,"",""]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r := &restore{from: bufio.NewReader(bytes.NewReader(append(line, '\n'))), sum: sha256.New()}
		row, _, err := r.row("isb")
		if err != nil {
			if !errors.Is(err, ErrBackup) {
				t.Fatalf("%q: %v, want ErrBackup", line, err)
			}
			return
		}
		written, err := json.Marshal(row)
		if err != nil {
			t.Fatalf("%q was read as %v, which cannot be written: %v", line, row, err)
		}
		again := &restore{from: bufio.NewReader(bytes.NewReader(append(written, '\n'))), sum: sha256.New()}
		second, _, err := again.row("isb")
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if rewritten, err := json.Marshal(second); err != nil || !bytes.Equal(written, rewritten) {
			t.Fatalf("%s became %s, %v", written, rewritten, err)
		}
	})
}

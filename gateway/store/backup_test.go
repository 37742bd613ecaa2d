package store

import (
	"path/filepath"
	"slices"
	"testing"
)

// ofTheMoment are tables that a backup leaves out: who holds what right now,
// and the schema itself, which the restoring program brings.
var ofTheMoment = []string{"heartbeats", "outbox_owners", "schema_lock", "schema_versions"}

// A table that somebody adds and forgets here would be lost in a restore.
func TestEveryTableIsInTheBackup(t *testing.T) {
	t.Parallel()
	s := openTest(t, "sqlite:"+filepath.Join(t.TempDir(), "k.db"), Options{})
	var tables []string
	if err := s.rd.Select(&tables, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`); err != nil || len(tables) < 15 {
		t.Fatal(tables, err)
	}
	for _, name := range tables {
		kept := slices.ContainsFunc(stocks, func(st stock) bool { return st.table == name })
		if kept == slices.Contains(ofTheMoment, name) {
			t.Errorf("table %s: in the backup %v", name, kept)
		}
	}
}

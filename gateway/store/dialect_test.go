package store

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/google/go-cmp/cmp"
)

func TestMySQLErrorsAreTranslatedByNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want fault
	}{
		{&mysql.MySQLError{Number: 1062, Message: "Duplicate entry 'a for key b' for key 'events_identity'"}, fault{kind: faultConflict, key: "events_identity"}},
		{&mysql.MySQLError{Number: 1062, Message: "Duplicate entry 'a' for key 'declarations.PRIMARY'"}, fault{kind: faultConflict, key: "PRIMARY"}},
		{fmt.Errorf("wrapped: %w", &mysql.MySQLError{Number: 1213}), fault{kind: faultRetry}},
		{&mysql.MySQLError{Number: 1114}, fault{kind: faultUnavailable}},
		{&mysql.MySQLError{Number: 4025}, fault{kind: faultInvalid}},
		{&mysql.MySQLError{Number: 1146}, fault{}},
		{mysql.ErrInvalidConn, fault{kind: faultRetry}},
		{driver.ErrBadConn, fault{kind: faultRetry}},
		{context.DeadlineExceeded, fault{kind: faultRetry}},
		{context.Canceled, fault{}},
	} {
		if got := mysqlFault(c.err); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.err, got, c.want)
		}
	}
}

func TestConflictNames(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"declarations", "declarations_reference", "reference"}, {"declarations", "declarations.reference, declarations.tenant", "reference"},
		{"declarations", "PRIMARY", "declaration"}, {"declarations", "declarations.tenant, declarations.id", "declaration"},
		{"idempotency", "PRIMARY", "idempotency"}, {"messages", "PRIMARY", "message"}, {"events", "events_identity", "event"},
		{"receipts", "receipts_identity", "receipt"}, {"outbox", "outbox_order", "outbox"}, {"partners", "PRIMARY", "partner"},
		{"partner_keys", "partner_keys_hash", "key"},
	} {
		if got := conflictOn(c[0], c[1]); got != c[2] {
			t.Errorf("%s %s: conflict on %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

func TestOldSQLiteIsRefused(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"3.51.2": true, "3.51.3": false, "3.52": false, "3.9.9": true, "4.0.0": false, "x": true, "3.51": true} {
		if got := older(version, sqliteOldest); got != want {
			t.Errorf("%s older than %s: %v, want %v", version, sqliteOldest, got, want)
		}
	}
}

func TestAddressesAreRefusedWithoutShowingAPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "k.db", "sqlite:", "sqlite::memory:", "mysql://u:secret@/x", "mysql://u:secret@h:1/", "mysql://u:secret@h:port/x", "postgres://u:secret@h/x"} {
		s, err := Open(t.Context(), url, Options{})
		if err == nil {
			t.Errorf("%q was opened: %v", url, s.Close())
			continue
		}
		if bytes.Contains([]byte(err.Error()), []byte("secret")) {
			t.Errorf("%q: error shows the password: %v", url, err)
		}
	}
}

// SQLite's session must be what the promises need.
func TestSQLiteSessionIsDurable(t *testing.T) {
	t.Parallel()
	s := openTest(t, "sqlite:"+filepath.Join(t.TempDir(), "odd ?#%.db"), Options{})
	db := s.d.pool(s.d.write, s.o.wrap, 1)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
		var got string
		if err := db.Get(&got, `PRAGMA `+pragma); err != nil || got != want {
			t.Errorf("%s = %q, %v, want %q", pragma, got, err, want)
		}
	}
	if _, err := s.rd.Exec(`DELETE FROM outbox`); err == nil {
		t.Error("a reader can write")
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestMySQLSessionSetsItselfUp(t *testing.T) {
	t.Parallel()
	s := openTest(t, MySQLForTests(t), Options{})
	for variable, want := range map[string]string{"tx_isolation": "READ-COMMITTED", "time_zone": "+00:00", "collation_connection": "utf8mb4_bin",
		"max_statement_time": "15.000000"} {
		var name, got string
		if err := s.wr.QueryRow(`SHOW SESSION VARIABLES LIKE '`+variable+`'`).Scan(&name, &got); err != nil || got != want {
			t.Errorf("%s = %q, %v, want %q", variable, got, err, want)
		}
	}
}

// lines is a backup without its header, which names the time and the dialect.
func lines(t *testing.T, s *Store) (backup []byte, rest string) {
	t.Helper()
	var file bytes.Buffer
	if err := s.Backup(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	in := bufio.NewReader(z)
	if _, err := in.ReadBytes('\n'); err != nil {
		t.Fatal(err)
	}
	if _, err := in.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	all := bytes.Split(bytes.TrimSpace(text.Bytes()), []byte("\n"))
	return file.Bytes(), string(bytes.Join(all[:len(all)-1], []byte("\n"))) // nor its digest
}

// P10: a backup moves between the databases and back without a change.
func TestBackupMovesBetweenDialects(t *testing.T) {
	t.Parallel()
	first := openTest(t, "sqlite:"+filepath.Join(t.TempDir(), "k.db"), Options{})
	for i := range 40 {
		c := draft(fmt.Sprint("d", i))
		c.Insert.Document = bytes.Repeat([]byte{byte(i), 0xff}, i*100)
		c.Messages = []Message{{Tenant: "t", DeclarationID: c.Insert.ID, ID: fmt.Sprint("m", i), Direction: "in", FileName: "口岸\t\u0000\"'\\", Body: c.Insert.Document}}
		c.Outbox = []OutboxItem{{ID: c.Messages[0].ID, Receiver: "r", Subject: "s", Sequence: int64(i + 1), Tenant: "t", DeclarationID: "d", MessageID: "m", CreatedAt: 5}}
		c.Idempotency = &Idempotency{Tenant: "t", Key: fmt.Sprint(i), Body: []byte("{}")}
		c.Inbox = []InboxFile{{Channel: "c", SHA256: fmt.Sprint(i), State: "matched"}}
		c.Receipts = []Receipt{{ID: fmt.Sprint("r", i), Identity: fmt.Sprint("i", i), State: "unmatched"}}
		c.Sequences = []SequenceNumber{{SeqNo: fmt.Sprint("s", i), Tenant: "t", DeclarationID: c.Insert.ID}}
		c.Events = []Event{{Tenant: "t", DeclarationID: c.Insert.ID, ID: fmt.Sprint("e", i), Identity: "x", Text: "文本"}}
		c.Partner, c.Key = &Partner{ID: fmt.Sprint("p", i)}, &Key{ID: fmt.Sprint("k", i), Hash: fmt.Sprint("h", i), PartnerID: fmt.Sprint("p", i)}
		if i == 7 {
			c.Insert.Reference = "" // NULL in the table
		}
		if err := first.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	file, want := lines(t, first)
	for _, url := range []string{MySQLForTests(t), "sqlite:" + filepath.Join(t.TempDir(), "k2.db")} {
		s := openTest(t, url, Options{})
		if err := s.Restore(t.Context(), bytes.NewReader(file), nil); err != nil {
			t.Fatal(err)
		}
		var got string
		file, got = lines(t, s)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %s (-want +got):\n%.2000s", s.Dialect(), diff)
		}
		sound(t, s, 40)
	}
}

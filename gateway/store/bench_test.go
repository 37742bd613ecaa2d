package store_test

import (
	"bytes"
	"database/sql"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite"

	"kouan/gateway/store"
	"kouan/gateway/store/storetest"
)

// The sizes of a declaration of 20 lines: its JSON as document and as
// received, its XML as sent.
var (
	document = bytes.Repeat([]byte("口岸 port of entry "), 6<<10/21)
	sentXML  = bytes.Repeat([]byte("<DecList><CodeTS>8471309000</CodeTS></DecList>\n"), 20<<10/47)
)

const callers = 64

// BenchmarkCommit measures whole acceptances of 64 callers at once, and in
// the same run the floor: the same bytes as one bare row each, 64 to a
// transaction, on the same settings.
func BenchmarkCommit(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkCommit(b, freshSQLite) })
	b.Run("mysql", func(b *testing.B) { benchmarkCommit(b, freshMySQL) })
}

func benchmarkCommit(b *testing.B, fresh func(testing.TB) string) {
	floor := measureFloor(b, fresh(b))
	s, err := store.Open(b.Context(), fresh(b), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetParallelism(callers / runtime.GOMAXPROCS(0))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id := storetest.ID()
			if err := s.Commit(b.Context(), storetest.Acceptance("bench", id, id, document, document, sentXML)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	rate := float64(b.N) / b.Elapsed().Seconds()
	st := s.Stats()
	b.ReportMetric(rate, "accepted/s")
	b.ReportMetric(floor, "floor/s")
	b.ReportMetric(rate/floor, "of-floor")
	b.ReportMetric(float64(st.Changes)/float64(max(st.Commits, 1)), "changes/commit")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// measureFloor returns rows a second.
func measureFloor(b *testing.B, url string) float64 {
	b.Helper()
	db := floorDB(b, url)
	db.SetMaxOpenConns(1)
	defer func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	}()
	body := bytes.Join([][]byte{document, document, sentXML, bytes.Repeat([]byte("x"), 1500)}, nil)
	blob := "BLOB"
	if strings.HasPrefix(url, "mysql") {
		blob = "LONGBLOB"
	}
	if _, err := db.Exec(`CREATE TABLE floor (id BIGINT PRIMARY KEY, body ` + blob + ` NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	var id atomic.Int64
	group := func() {
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		st, err := tx.Prepare(`INSERT INTO floor (id, body) VALUES (?, ?)`)
		if err != nil {
			b.Fatal(err)
		}
		for range callers {
			if _, err := st.Exec(id.Add(1), body); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	start := time.Now()
	for time.Since(start) < 2*time.Second {
		group()
	}
	return float64(id.Load()) / time.Since(start).Seconds()
}

func floorDB(b *testing.B, url string) *sql.DB {
	b.Helper()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db, err := sql.Open("sqlite", path+"?_txlock=immediate&_journal_mode=WAL&_synchronous=FULL&_pragma=cache_size(-16384)&_pragma=wal_autocheckpoint(4000)")
		if err != nil {
			b.Fatal(err)
		}
		return db
	}
	rest := strings.TrimPrefix(url, "mysql://")
	login, place, _ := strings.Cut(rest, "@")
	addr, name, _ := strings.Cut(place, "/")
	c := mysql.NewConfig()
	c.User, c.Passwd, _ = strings.Cut(login, ":")
	c.Net, c.Addr, c.DBName = "tcp", addr, name
	connector, err := mysql.NewConnector(c)
	if err != nil {
		b.Fatal(err)
	}
	return sql.OpenDB(connector)
}

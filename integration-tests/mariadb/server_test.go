package mariadb

import (
	"database/sql"
	"os"
	"strings"
	"testing"
)

var server Lazy

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

func needServer(t *testing.T) {
	t.Helper()
	err := Available()
	switch {
	case err == nil:
	case os.Getenv("KOUAN_STRICT") == "1":
		t.Fatal(err)
	default:
		t.Skip("SKIPPED, no database was tested: ", err)
	}
}

func open(t *testing.T, s *Server, database string) *sql.DB {
	t.Helper()
	db, err := s.open("tcp", s.Addr(), user, s.password, database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestServerHasItsOwnDirectoryAndFlushesEveryCommit(t *testing.T) {
	needServer(t)
	s, err := server.Server(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var name, value string
	db := open(t, s, "")
	for variable, want := range map[string]string{"innodb_flush_log_at_trx_commit": "1", "datadir": s.data() + "/", "bind_address": "127.0.0.1"} {
		if err := db.QueryRow(`SHOW VARIABLES LIKE '`+variable+`'`).Scan(&name, &value); err != nil {
			t.Fatal(err)
		}
		if value != want {
			t.Errorf("%s = %q, want %q", variable, value, want)
		}
	}
}

func TestEveryTestGetsAnEmptyDatabase(t *testing.T) {
	needServer(t)
	a, err := server.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := server.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a == b || !strings.HasPrefix(a, "mysql://kouan:") {
		t.Errorf("databases %q and %q", a, b)
	}
	s, err := server.Server(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CreateDatabase(t.Context(), "a`; DROP DATABASE mysql; --"); err == nil {
		t.Error("a name with punctuation was accepted")
	}
}

func TestKilledServerComesBackWithWhatWasCommitted(t *testing.T) {
	needServer(t)
	s, err := Start(t.Context(), Options{Dir: ""})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CreateDatabase(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	db := open(t, s, "k")
	if _, err := db.Exec(`CREATE TABLE t (id INT PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO t VALUES (1)`); err != nil {
		t.Fatal(err)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(); err == nil {
		t.Error("a killed server answers")
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRow(`SELECT COUNT(*) FROM t`).Scan(&n); err != nil || n != 1 {
		t.Errorf("rows after restart = %d, %v, want 1", n, err)
	}
	dir := s.dir
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("directory %s is still there: %v", dir, err)
	}
}

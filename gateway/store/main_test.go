package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"kouan/gateway/store"
	"kouan/integration-tests/mariadb"
)

var server mariadb.Lazy

func TestMain(m *testing.M) {
	store.MySQLForTests = func(t testing.TB) string { return freshMySQL(t) }
	os.Exit(server.Main(m))
}

func freshSQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "k.db") }

// freshMySQL returns a new database of a private MariaDB, or skips loudly.
func freshMySQL(t testing.TB) string {
	t.Helper()
	if err := mariadb.Available(); err != nil {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, nothing was tested on the MySQL protocol: ", err)
	}
	url, err := server.Database(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return url
}

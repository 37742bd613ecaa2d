package program

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite" // the embedded database
)

// Open opens a database beside the gateway, with the durability that the
// gateway itself uses: tests look at rows, and the load generator measures
// what the database alone can take.
func Open(ctx context.Context, address string) (*sql.DB, error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_txlock=immediate")
		if err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		return db, db.PingContext(ctx)
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("parse database address: %w", err)
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, strings.TrimPrefix(u.Path, "/")
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := sql.OpenDB(connector)
	return db, db.PingContext(ctx)
}

// Rows counts the rows of every table.
func Rows(ctx context.Context, address string) (counts map[string]int, err error) {
	db, err := Open(ctx, address)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if strings.HasPrefix(address, "mysql:") {
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()`
	}
	names, err := db.QueryContext(ctx, list)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	defer names.Close()
	counts = map[string]int{}
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		counts[name] = 0
	}
	if err := names.Err(); err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	for name := range counts {
		var n int
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+name).Scan(&n); err != nil {
			return nil, fmt.Errorf("count %s: %w", name, err)
		}
		counts[name] = n
	}
	return counts, nil
}

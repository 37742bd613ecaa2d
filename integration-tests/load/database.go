package main

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

// open opens the database for the floor with the durability that the gateway
// uses, and tells the type of a large blob.
func open(ctx context.Context, address string) (db *sql.DB, blob string, err error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		db, err = sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_txlock=immediate")
		if err != nil {
			return nil, "", fmt.Errorf("open floor database: %w", err)
		}
		return db, "BLOB", db.PingContext(ctx)
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, "", fmt.Errorf("parse database address: %w", err)
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, strings.TrimPrefix(u.Path, "/")
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, "", fmt.Errorf("open floor database: %w", err)
	}
	db = sql.OpenDB(connector)
	return db, "LONGBLOB", db.PingContext(ctx)
}

// storedBytes is what one acceptance stored on the average: all columns of
// all rows that carry declarations, their messages, events, queue and audit
// entries and repeated answers, divided by the declarations.
func storedBytes(ctx context.Context, db *sql.DB) (int, error) {
	var declarations, total int64
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM declarations").Scan(&declarations); err != nil {
		return 0, fmt.Errorf("count declarations: %w", err)
	}
	if declarations == 0 {
		return 0, errors.New("nothing was accepted")
	}
	for _, table := range []string{"declarations", "documents", "messages", "events", "outbox", "audit", "idempotency"} {
		columns, err := columnsOf(ctx, db, table)
		if err != nil {
			return 0, err
		}
		var n int64
		q := "SELECT SUM(LENGTH(" + strings.Join(columns, ")) + SUM(LENGTH(") + ")) FROM " + table
		if err := db.QueryRowContext(ctx, q).Scan(&n); err != nil {
			return 0, fmt.Errorf("measure %s: %w", table, err)
		}
		total += n
	}
	return int(total / declarations), nil
}

func columnsOf(ctx context.Context, db *sql.DB, table string) ([]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	return columns, rows.Err()
}

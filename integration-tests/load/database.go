package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

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

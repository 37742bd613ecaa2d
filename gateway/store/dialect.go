package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"io/fs"
	"net"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3/database"
)

// dialect is what differs between the two databases; everything else is the
// common subset.
type dialect struct {
	name    string
	goose   database.Dialect
	steps   fs.FS // migrations
	begin   string
	writers int
	readers int

	read, write, maintain driver.Connector // maintain: long statements (migrate, backup, verify)

	// clock is the statement that asks the database for its time in
	// milliseconds; empty when the process clock is the only one.
	clock string
	// tableExists counts the tables of a name.
	tableExists    string
	insertSequence *insert // passes over a row that is there
	insertInbox    *insert // writes over it, as the two below
	insertOwner    *insert
	insertBeat     *insert
	// insertClearance writes over what the submission says, insertReached over
	// what the receipts say, of an attempt that is there.
	insertClearance *insert
	insertReached   *insert

	insertFactDocument *insert // passes over a row that is there, as the next
	insertFactSubject  *insert

	insertCapability *insert // writes over a row that is there, as the next
	insertPlaceAlias *insert
	insertBoxPlace   *insert // unless the row is newer
	insertLine       *insert // adds to the counter that is there, as the next
	insertStamp      *insert
	insertFeeLimit   *insert // writes over a row that is there
	insertThrottle   *insert // begins a new window when that of the row is over, else counts
	insertBreaker    *insert // writes over a row that is there, but for its beginning

	classify func(error) fault
	// undone says of a failed COMMIT that the server has certainly rolled it back.
	undone func(error) bool
}

// faultKind is what a failed statement means for the change it belonged to.
type faultKind int

const (
	faultOther       faultKind = iota
	faultRetry                 // nothing was written; the same transaction may pass next time
	faultUnavailable           // nothing was written; trying again now is useless (disk full, read-only)
	faultConflict              // a unique key is taken
	faultInvalid               // a CHECK, a length or a type refuses the row
)

type fault struct {
	kind faultKind
	key  string // of a conflict: index name (MySQL) or columns (SQLite)
}

func dialectOf(ctx context.Context, url string, o Options) (*dialect, error) {
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		return sqliteDialect(ctx, strings.TrimPrefix(url, "sqlite:"), o)
	case strings.HasPrefix(url, "mysql://"):
		return mysqlDialect(ctx, url, o)
	}
	return nil, errors.New("database is neither sqlite:PATH nor mysql://user:password@host:port/name")
}

func (d *dialect) pool(c driver.Connector, wrap func(driver.Connector) driver.Connector, size int) *sqlx.DB {
	db := sqlx.NewDb(sql.OpenDB(wrap(c)), d.name)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	if d.name == "mysql" {
		db.SetConnMaxLifetime(10 * time.Minute) // below any wait_timeout, and follows a failover
	}
	return db
}

// connectionFault tells errors of the connection itself, which are alike in both dialects.
func connectionFault(err error) (fault, bool) {
	var ne net.Error
	switch {
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, io.EOF),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.DeadlineExceeded), errors.As(err, &ne):
		return fault{kind: faultRetry}, true
	}
	return fault{}, false
}

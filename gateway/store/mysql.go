package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/pressly/goose/v3/database"
)

//go:embed migrations/mysql/*.sql
var mysqlSteps embed.FS

const mysqlMode = `'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`

// mysqlDialect asks the server what it is once, and then lets every session
// set itself up: nothing depends on the server's configuration.
func mysqlDialect(ctx context.Context, address string, o Options) (*dialect, error) {
	base, err := mysqlConfig(address, o.Logger)
	if err != nil {
		return nil, err
	}
	server, err := askServer(ctx, base, o)
	if err != nil {
		return nil, err
	}
	steps, err := fs.Sub(mysqlSteps, "migrations/mysql")
	if err != nil {
		return nil, fmt.Errorf("embedded migrations: %w", err)
	}
	d := &dialect{name: "mysql", goose: database.DialectMySQL, steps: steps,
		begin: `START TRANSACTION`, writers: 2, readers: 8,
		clock:          `SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)`,
		insertSequence: newUpsert("sequence_numbers", sequenceColumns, ` ON DUPLICATE KEY UPDATE seq_no = seq_no`),
		insertInbox: newUpsert("inbox_files", inboxColumns, `
ON DUPLICATE KEY UPDATE name = VALUES(name), state = VALUES(state), reason = VALUES(reason),
  tries = VALUES(tries), next_at = VALUES(next_at), at = VALUES(at)`),
		insertClearance: newUpsert("clearances", clearanceColumns, `
ON DUPLICATE KEY UPDATE mode = VALUES(mode), office = VALUES(office), direction = VALUES(direction), submitted_at = VALUES(submitted_at)`),
		insertReached: newUpsert("clearances", clearanceColumns, `
ON DUPLICATE KEY UPDATE accepted_at = VALUES(accepted_at), released_at = VALUES(released_at)`),
		insertOwner:        newUpsert("outbox_owners", ownerColumns, ` ON DUPLICATE KEY UPDATE until = VALUES(until)`),
		insertBeat:         newUpsert("heartbeats", beatColumns, ` ON DUPLICATE KEY UPDATE at = VALUES(at)`),
		insertFactDocument: newUpsert("fact_documents", factDocumentColumns, ` ON DUPLICATE KEY UPDATE sha256 = sha256`),
		insertFactSubject:  newUpsert("fact_subjects", factSubjectColumns, ` ON DUPLICATE KEY UPDATE subject = subject`),
		insertCapability: newUpsert("capabilities", capabilityColumns, `
ON DUPLICATE KEY UPDATE document = VALUES(document), updated_at = VALUES(updated_at)`),
		insertPlaceAlias: newUpsert("place_aliases", placeAliasColumns, `
ON DUPLICATE KEY UPDATE terminal = VALUES(terminal), updated_at = VALUES(updated_at)`),
		// at comes last: what stands before it still compares with the old one
		insertBoxPlace: newUpsert("box_places", boxPlaceColumns, `
ON DUPLICATE KEY UPDATE terminal = IF(VALUES(at) >= at, VALUES(terminal), terminal), yard_place = IF(VALUES(at) >= at, VALUES(yard_place), yard_place),
  source = IF(VALUES(at) >= at, VALUES(source), source), heard_at = IF(VALUES(at) >= at, VALUES(heard_at), heard_at), at = GREATEST(at, VALUES(at))`),
		insertBreaker: newUpsert("receiver_breakers", breakerColumns, `
ON DUPLICATE KEY UPDATE openings = VALUES(openings), probe_at = VALUES(probe_at), last_error = VALUES(last_error)`),
		insertLine: newUpsert("receiver_sequences", lineColumns, ` ON DUPLICATE KEY UPDATE sequence = sequence + VALUES(sequence)`),
		insertFeeLimit: newUpsert("fee_limits", feeLimitColumns, `
ON DUPLICATE KEY UPDATE days = VALUES(days), unit = VALUES(unit), source = VALUES(source), set_by = VALUES(set_by), updated_at = VALUES(updated_at)`),
		// assignments are made from left to right: until comes last
		insertThrottle: newUpsert("throttles", throttleColumns, `
ON DUPLICATE KEY UPDATE tries = CASE WHEN until <= VALUES(since) THEN 1 ELSE tries + 1 END,
  since = CASE WHEN until <= VALUES(since) THEN VALUES(since) ELSE since END,
  until = CASE WHEN until <= VALUES(since) THEN VALUES(until) ELSE until END`),
		insertStamp: newUpsert("stamps", stampColumns, ` ON DUPLICATE KEY UPDATE value = value + VALUES(value)`),
		tableExists: `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?`,
		classify:    mysqlFault,
		undone:      mysqlUndone,
	}
	for _, c := range []struct {
		to    *driver.Connector
		limit time.Duration
		read  bool
	}{{&d.write, o.Timeout, false}, {&d.read, o.Timeout, true}, {&d.maintain, time.Hour, true}} {
		if *c.to, err = mysql.NewConnector(sessionConfig(base, server, c.limit, c.read)); err != nil {
			return nil, fmt.Errorf("mysql connector: %w", err)
		}
	}
	return d, nil
}

func mysqlConfig(address string, log *slog.Logger) (*mysql.Config, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || len(strings.Trim(u.Path, "/")) == 0 {
		return nil, errors.New("database is not mysql://user:password@host:port/name") // the error of url.Parse would show the password
	}
	c := mysql.NewConfig()
	c.Net, c.Addr, c.DBName = "tcp", u.Host, strings.Trim(u.Path, "/")
	if u.Port() == "" {
		c.Addr = u.Hostname() + ":3306"
	}
	c.User = u.User.Username()
	c.Passwd, _ = u.User.Password()
	c.TLSConfig = u.Query().Get("tls") // empty, true, skip-verify, preferred
	c.ParseTime, c.Loc, c.ClientFoundRows, c.MultiStatements, c.RejectReadOnly = true, time.UTC, true, false, true
	c.Timeout, c.MaxAllowedPacket = 5*time.Second, 0 // 0: ask the server
	c.Logger = driverLog{log}
	return c, c.Apply(mysql.Charset("utf8mb4", "utf8mb4_bin"))
}

// driverLog takes what the driver says about broken connections.
type driverLog struct{ *slog.Logger }

func (l driverLog) Print(v ...any) { l.Debug("mysql driver", "says", fmt.Sprint(v...)) }

type mysqlServer struct {
	mariadb, galera bool
}

func askServer(ctx context.Context, base *mysql.Config, o Options) (mysqlServer, error) {
	c, err := mysql.NewConnector(base.Clone())
	if err != nil {
		return mysqlServer{}, fmt.Errorf("mysql connector: %w", err)
	}
	db := sql.OpenDB(o.wrap(c))
	var version, name, wsrep string
	err = db.QueryRowContext(ctx, `SELECT VERSION()`).Scan(&version)
	if err == nil {
		err = db.QueryRowContext(ctx, `SHOW SESSION VARIABLES LIKE 'wsrep_on'`).Scan(&name, &wsrep)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return mysqlServer{}, fmt.Errorf("ask %s for its version: %w: %w", base.Addr, ErrUnavailable, err)
	}
	return mysqlServer{mariadb: strings.Contains(version, "MariaDB"), galera: wsrep == "ON"}, nil
}

// sessionConfig is the configuration of one kind of connection. A cancelled context
// leaves the statement running on the server, so the server gets the limit too.
func sessionConfig(base *mysql.Config, server mysqlServer, limit time.Duration, read bool) *mysql.Config {
	c := base.Clone()
	c.ReadTimeout, c.WriteTimeout = limit+5*time.Second, limit+5*time.Second
	seconds := strconv.Itoa(max(1, int(limit/time.Second)))
	c.Params = map[string]string{"sql_mode": mysqlMode, "time_zone": "'+00:00'"}
	if server.mariadb {
		c.Params["tx_isolation"] = "'READ-COMMITTED'"
		c.Params["max_statement_time"] = seconds
	} else {
		c.Params["transaction_isolation"] = "'READ-COMMITTED'"
		c.Params["max_execution_time"] = seconds + "000"
	}
	c.Params["innodb_lock_wait_timeout"] = "5"
	if server.galera && read {
		c.Params["wsrep_sync_wait"] = "1" // a caller sees its own write on any node
	}
	return c
}

// mysqlFault reads error numbers; 1062 ends in the key's name, with or
// without the table before it: "… for key 'events.events_identity'".
func mysqlFault(err error) fault {
	if errors.Is(err, mysql.ErrInvalidConn) {
		return fault{kind: faultRetry}
	}
	if errors.Is(err, mysql.ErrPktTooLarge) {
		return fault{kind: faultInvalid}
	}
	var e *mysql.MySQLError
	if !errors.As(err, &e) {
		f, _ := connectionFault(err)
		return f
	}
	switch e.Number {
	case 1062: // duplicate entry
		parts := strings.Split(e.Message, "for key ")
		key := strings.Trim(parts[len(parts)-1], "'`")
		return fault{kind: faultConflict, key: key[strings.LastIndexByte(key, '.')+1:]}
	case 1205, 1213, 1047, 1290, // lock wait, deadlock or lost certification, wsrep not ready, read-only
		1792, 1836, 1040, 1053, 1317, 1927, 1969, 3024, 1180: // read-only, connections, shutdown, interrupted, killed, time limit
		return fault{kind: faultRetry}
	case 1021, 1041, 1114, 1030: // disk, memory, table full, storage engine
		return fault{kind: faultUnavailable}
	case 3819, 4025, 1406, 1366, 1048, 1264, 1265, 1153: // check (MySQL, MariaDB), length, bytes, null, range, enum, packet
		return fault{kind: faultInvalid}
	}
	return fault{}
}

// mysqlUndone: a Galera node whose COMMIT lost the certification, and TiDB on
// a write conflict, answer 1213; the transaction is gone.
func mysqlUndone(err error) bool {
	var e *mysql.MySQLError
	return errors.As(err, &e) && e.Number == 1213
}

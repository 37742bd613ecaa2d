package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// insertFloor is what the database alone can take: the bytes that one
// acceptance stores, in one blob a row, sent by as many callers as there are
// clients, written by one writer in grouped transactions and multi-row
// statements. Nothing is parsed, checked, hashed or answered.
func insertFloor(ctx context.Context, db *sql.DB, blob string, size, callers int, d time.Duration) (float64, error) {
	if _, err := db.ExecContext(ctx, "CREATE TABLE load_floor (id BIGINT PRIMARY KEY, body "+blob+" NOT NULL)"); err != nil {
		return 0, fmt.Errorf("create floor table: %w", err)
	}
	defer db.ExecContext(context.WithoutCancel(ctx), "DROP TABLE load_floor") //nolint:errcheck // the database is thrown away
	body := make([]byte, size)
	if _, err := rand.Read(body); err != nil {
		return 0, fmt.Errorf("fill floor body: %w", err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, fmt.Errorf("open floor connection: %w", err)
	}
	defer conn.Close() //nolint:errcheck // the database is thrown away
	w := &floorWriter{conn: conn, body: body, jobs: make(chan chan error, 4096)}
	if err := w.prepare(ctx); err != nil {
		return 0, err
	}
	var wg sync.WaitGroup
	writerDone := make(chan struct{})
	go func() { defer close(writerDone); w.run(ctx) }()
	var done atomic.Int64
	deadline := time.Now().Add(d)
	errs := make(chan error, callers)
	for range callers {
		wg.Go(func() {
			answer := make(chan error, 1)
			for time.Now().Before(deadline) {
				w.jobs <- answer
				if err := <-answer; err != nil {
					errs <- err
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	close(w.jobs)
	<-writerDone
	select {
	case err := <-errs:
		return 0, fmt.Errorf("floor insert: %w", err)
	default:
		return float64(done.Load()) / d.Seconds(), nil
	}
}

// chunk is how many rows one prepared statement inserts.
const chunk = 16

type floorWriter struct {
	conn      *sql.Conn
	body      []byte
	jobs      chan chan error
	one, many *sql.Stmt
	id        int64
}

func (w *floorWriter) prepare(ctx context.Context) (err error) {
	row := "INSERT INTO load_floor (id, body) VALUES (?, ?)"
	if w.one, err = w.conn.PrepareContext(ctx, row); err != nil {
		return fmt.Errorf("prepare floor insert: %w", err)
	}
	if w.many, err = w.conn.PrepareContext(ctx, row+strings.Repeat(", (?, ?)", chunk-1)); err != nil {
		return fmt.Errorf("prepare floor insert: %w", err)
	}
	return nil
}

func (w *floorWriter) run(ctx context.Context) {
	for first := range w.jobs {
		batch := []chan error{first}
	fill:
		for len(batch) < 128 {
			select {
			case j, ok := <-w.jobs:
				if !ok {
					break fill
				}
				batch = append(batch, j)
			default:
				break fill
			}
		}
		err := w.write(ctx, len(batch))
		for _, answer := range batch {
			answer <- err
		}
	}
}

func (w *floorWriter) write(ctx context.Context, n int) error {
	tx, err := w.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	for n > 0 {
		stmt, rows := w.one, 1
		if n >= chunk {
			stmt, rows = w.many, chunk
		}
		args := make([]any, 0, 2*rows)
		for range rows {
			w.id++
			args = append(args, w.id, w.body)
		}
		if _, err := tx.StmtContext(ctx, stmt).ExecContext(ctx, args...); err != nil { //nolint:sqlclosecheck // the transaction closes it
			return err
		}
		n -= rows
	}
	return tx.Commit()
}

// httpFloor is what net/http alone can take on this machine with these
// clients: a handler in this process that reads the body and answers.
func httpFloor(ctx context.Context, body []byte, clients int, d time.Duration) (float64, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("listen for the http floor: %w", err)
	}
	srv := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			http.Error(w, "read", http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"id":"0"}`)) //nolint:errcheck // the client counts what it got
	})}
	go srv.Serve(l)   //nolint:errcheck // returns ErrServerClosed
	defer srv.Close() //nolint:errcheck // the measurement is done by then
	res := drive(ctx, driver{url: "http://" + l.Addr().String(), clients: clients, duration: d, contentType: "application/json",
		document: func(string) []byte { return bytes.Clone(body) }})
	if res.failed > 0 {
		return 0, fmt.Errorf("http floor: %d requests failed: %s", res.failed, res.firstError)
	}
	return res.perSecond, nil
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"kouan/integration-tests/mariadb"
	"kouan/integration-tests/program"
)

// The second half of the command: pushes to endpoints of partners.
//
//	go run ./integration-tests/load push [--db sqlite|mysql|both] [--events 20000] [--endpoints 20] [--rate 100] [--kill]
//
// A worker process commits one push per event, each in a transaction of its
// own that shares durable commits with the others, and delivers them through
// the engine, the desk and the webhook wire to servers of this process, which
// answer 200 at once. Order is kept per receiver and subject. Once as fast as
// it goes, once at a fixed rate; --kill ends the worker by SIGKILL in the
// middle and looks at what the next one makes of it.

type pushOptions struct {
	db        string
	events    int
	endpoints int
	subjects  int
	rate      int
	seconds   int
	kill      bool
	rounds    int
	profile   string
}

// pushRow is one line of the table.
type pushRow struct {
	db, mode          string
	events            int
	perSecond         float64
	p50, p99, longest time.Duration
	worker, server    time.Duration // CPU time
	rss               int64
	post, floor       float64
	disorder, doubles int
}

func pushMain(ctx context.Context, args []string) error {
	var o pushOptions
	f := flag.NewFlagSet("load push", flag.ContinueOnError)
	f.StringVar(&o.db, "db", "both", "sqlite, mysql or both")
	f.IntVar(&o.events, "events", 20_000, "events of the run that goes as fast as it can")
	f.IntVar(&o.endpoints, "endpoints", 20, "endpoints")
	f.IntVar(&o.subjects, "subjects", 50, "subjects of each endpoint")
	f.IntVar(&o.rate, "rate", 100, "events a second of the run at a fixed rate; 0: none")
	f.IntVar(&o.seconds, "seconds", 20, "time of the run at a fixed rate and of the floors")
	f.BoolVar(&o.kill, "kill", false, "kill the worker in the middle instead")
	f.IntVar(&o.rounds, "rounds", 3, "times that --kill does so")
	f.StringVar(&o.profile, "profile", "", "where the worker writes its CPU profile")
	if err := f.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kouan-push-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	var rows []pushRow
	for _, db := range pick(o.db, "sqlite", "mysql") {
		got, err := o.onDatabase(ctx, filepath.Join(dir, db), db)
		if err != nil {
			return fmt.Errorf("%s: %w", db, err)
		}
		rows = append(rows, got...)
	}
	if o.kill {
		return nil
	}
	return printPushes(o, rows)
}

// bench is one database with the receivers beside it.
type bench struct {
	pushOptions
	db, dir, url string
	server       *mariadb.Server // nil on SQLite
	to           *receivers
}

func (o pushOptions) onDatabase(ctx context.Context, dir, db string) (rows []pushRow, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	b := &bench{pushOptions: o, db: db, dir: dir, url: "sqlite:" + filepath.Join(dir, "kouan.db")}
	if db == "mysql" {
		if b.server, err = mariadb.Start(ctx, mariadb.Options{}); err != nil {
			return nil, err
		}
		defer b.server.Stop() //nolint:errcheck // the measurement is done by then
		if err := b.server.CreateDatabase(ctx, "kouan"); err != nil {
			return nil, err
		}
		b.url = b.server.URL("kouan")
	}
	if b.to, err = receive(ctx, o.endpoints); err != nil {
		return nil, err
	}
	defer b.to.close()
	if o.kill {
		return nil, b.kills(ctx)
	}
	fast, err := b.run(ctx, "fast", o.events, 0)
	if err != nil {
		return nil, err
	}
	rows = append(rows, fast)
	if o.rate > 0 {
		steady, err := b.run(ctx, fmt.Sprintf("%d/s", o.rate), o.rate*o.seconds, o.rate)
		if err != nil {
			return nil, err
		}
		rows = append(rows, steady)
	}
	return rows, b.floors(ctx, rows)
}

// floors measures in the same run what the parts can do alone.
func (b *bench) floors(ctx context.Context, rows []pushRow) error {
	post, err := postFloor(ctx, b.to.urls, time.Duration(b.seconds)*time.Second/4)
	if err != nil {
		return err
	}
	handle, err := program.Open(ctx, b.url)
	if err != nil {
		return err
	}
	defer handle.Close() //nolint:errcheck // only read from
	blob := "BLOB"
	if b.server != nil {
		blob = "LONGBLOB"
	}
	floor, err := insertFloor(ctx, handle, blob, eventBytes+400, 64, time.Duration(b.seconds)*time.Second/4)
	for i := range rows {
		rows[i].post, rows[i].floor = post, floor
	}
	return err
}

// worker is the process that commits and delivers.
type worker struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	events chan said
	errors bytes.Buffer
}

// said is one line of the worker.
type said struct {
	Ready     bool
	ID        string        // of a push that is committed
	At        int64         // when the commit came back, Unix nanoseconds
	Committed bool          // all are
	CPU       time.Duration // used since it was ready
	RSS       int64         // peak, bytes
}

func (b *bench) start(events, rate int) (*worker, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	w := &worker{events: make(chan said, 1<<16)}
	w.cmd = exec.Command(path, workerWord, "--db", b.url, "--dir", b.dir, "--to", strings.Join(b.to.urls, ","), //nolint:noctx // it is stopped by its id
		"--events", fmt.Sprint(events), "--rate", fmt.Sprint(rate), "--subjects", fmt.Sprint(b.subjects), "--profile", b.profile)
	w.cmd.Stderr, w.cmd.SysProcAttr = &w.errors, diesWithParent()
	out, err := w.cmd.StdoutPipe()
	if err == nil {
		w.stdin, err = w.cmd.StdinPipe()
	}
	if err == nil {
		err = w.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	go func() {
		defer close(w.events)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var s said
			if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
				return // the last line of a killed one may be half a line
			}
			w.events <- s
		}
	}()
	return w, nil
}

// stop asks the worker to end and returns what it used.
func (w *worker) stop() (said, error) {
	var last said
	if err := w.stdin.Close(); err != nil {
		return last, err
	}
	for s := range w.events {
		last = s
	}
	if err := w.cmd.Wait(); err != nil {
		return last, fmt.Errorf("worker: %w: %s", err, w.errors.String())
	}
	return last, nil
}

func (b *bench) run(ctx context.Context, mode string, events, rate int) (pushRow, error) {
	r := pushRow{db: b.db, mode: mode, events: events}
	fmt.Fprintf(os.Stderr, "measuring %d pushes %s on %s …\n", events, mode, b.db)
	b.to.reset()
	w, err := b.start(events, rate)
	if err != nil {
		return r, err
	}
	committed := make(map[string]int64, events)
	var began time.Time
	var database time.Duration
	for len(committed) < events {
		select {
		case s, ok := <-w.events:
			switch {
			case !ok:
				return r, errors.Join(errors.New("worker ended: "+w.errors.String()), w.cmd.Wait())
			case s.Ready:
				began = time.Now()
				if database, err = b.databaseCPU(); err != nil {
					return r, err
				}
			case s.ID != "":
				committed[s.ID] = s.At
			}
		case <-ctx.Done():
			return r, errors.Join(ctx.Err(), w.cmd.Process.Kill())
		}
	}
	if err := b.to.wait(ctx, events, 5*time.Minute); err != nil {
		return r, errors.Join(err, w.cmd.Process.Kill())
	}
	after, err := b.databaseCPU()
	if err != nil {
		return r, err
	}
	used, err := w.stop()
	if err != nil {
		return r, err
	}
	r.worker, r.server, r.rss = used.CPU, after-database, used.RSS
	got := b.to.result(committed)
	r.p50, r.p99, r.longest, r.disorder, r.doubles = got.p50, got.p99, got.longest, got.disorder, got.doubles
	r.perSecond = float64(events) / got.last.Sub(began).Seconds()
	return r, nil
}

func (b *bench) databaseCPU() (time.Duration, error) {
	if b.server == nil {
		return 0, nil // it runs in the worker
	}
	return cpuOf(b.server.PID())
}

func printPushes(o pushOptions, rows []pushRow) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%d endpoints, %d subjects each, %d byte events; worker, database and receivers share this machine's cores\n", o.endpoints, o.subjects, eventBytes)
	fmt.Fprintln(w, "db\tmode\tevents\tdelivered/s\tp50 commit->200\tp99\tmax\tgateway ms/event\tdatabase ms/event\tpeak RSS MB\tPOST loop/s\tratio\tinsert floor/s\tratio\tdisorder\tdoubles\t")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%d\t%.0f\t%s\t%s\t%s\t%.3f\t%.3f\t%d\t%.0f\t%.2f\t%.0f\t%.2f\t%d\t%d\t\n", r.db, r.mode, r.events, r.perSecond,
			tenths(r.p50), tenths(r.p99), tenths(r.longest), perEvent(r.worker, r.events), perEvent(r.server, r.events), r.rss>>20,
			r.post, r.perSecond/r.post, r.floor, r.perSecond/r.floor, r.disorder, r.doubles)
	}
	return w.Flush()
}

func perEvent(d time.Duration, n int) float64 { return d.Seconds() * 1000 / float64(n) }

func tenths(d time.Duration) string { return fmt.Sprintf("%.1fms", float64(d.Microseconds())/1000) }

// isWorker tells the child from the command.
func isWorker(args []string) bool { return len(args) > 1 && strings.HasPrefix(args[1], workerWord) }

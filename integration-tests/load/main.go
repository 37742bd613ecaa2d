// Command load measures the accept path of the gateway against two floors
// taken in the same run on the same machine: what the database alone can
// insert of the same bytes, and what net/http alone can answer.
//
//	go run ./integration-tests/load [--db sqlite|mysql|both] [--format json|xml|both] [--clients 64] [--seconds 10]
//
// The server is a process of its own; clients, floors and the sandbox customs
// run in this one, on the same cores. Nothing here is a pass or fail: it
// prints ratios. The second half, load push, is described in push.go.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"text/tabwriter"
	"time"

	"kouan/integration-tests/mariadb"
	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

type options struct {
	db, format string
	clients    int
	seconds    time.Duration
	replies    bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	var err error
	switch {
	case isWorker(os.Args):
		err = workerMain(os.Args[2:])
	case len(os.Args) > 1 && os.Args[1] == "push":
		err = pushMain(ctx, os.Args[2:])
	default:
		err = acceptMain(ctx)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// acceptMain is the first half of the command: the accept path.
func acceptMain(ctx context.Context) error {
	var o options
	flag.StringVar(&o.db, "db", "both", "sqlite, mysql or both")
	flag.StringVar(&o.format, "format", "both", "json, xml or both")
	flag.IntVar(&o.clients, "clients", 64, "concurrent clients")
	flag.DurationVar(&o.seconds, "time", 10*time.Second, "time of each measurement")
	flag.BoolVar(&o.replies, "replies", false, "let the sandbox answer with receipts")
	flag.Parse()
	return run(ctx, o)
}

// row is one line of the table.
type row struct {
	db, format             string
	bytesIn, bytesStored   int
	driven                 driven
	delivered              float64
	rss                    int64
	insertFloor, httpFloor float64
	waitingAfter           int
	drained                time.Duration
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "kouan-load-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	g, err := program.Build(ctx, dir)
	if err != nil {
		return err
	}
	var rows []row
	for _, db := range pick(o.db, "sqlite", "mysql") {
		for _, format := range pick(o.format, "json", "xml") {
			fmt.Fprintf(os.Stderr, "measuring %s %s …\n", db, format)
			r, err := measure(ctx, g, filepath.Join(dir, db+"-"+format), db, format, o)
			if err != nil {
				return fmt.Errorf("%s %s: %w", db, format, err)
			}
			rows = append(rows, r)
		}
	}
	return print(o, rows)
}

func pick(s string, all ...string) []string {
	if s == "both" {
		return all
	}
	return []string{s}
}

func measure(ctx context.Context, g *program.Gateway, dir, db, format string, o options) (row, error) {
	r := row{db: db, format: format}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return r, err
	}
	url := "sqlite:" + filepath.Join(dir, "kouan.db")
	if db == "mysql" {
		server, err := mariadb.Start(ctx, mariadb.Options{})
		if err != nil {
			return r, err
		}
		defer server.Stop() //nolint:errcheck // the measurement is done by then
		if err := server.CreateDatabase(ctx, "kouan"); err != nil {
			return r, err
		}
		url = server.URL("kouan")
	}
	customs, err := sandbox.Run(ctx, sandbox.Config{Customs: &sandbox.Customs{Silent: !o.replies}})
	if err != nil {
		return r, err
	}
	d, err := program.Deploy(ctx, g, dir, url, customs.URL)
	if err != nil {
		return r, err
	}
	if err := customs.Callback.To("http://"+d.Addr+"/api/v1/receipts", d.Customs); err != nil {
		return r, err
	}
	if err := r.accept(ctx, d, customs.Customs, o); err != nil {
		return r, err
	}
	blob := "BLOB"
	if db == "mysql" {
		blob = "LONGBLOB"
	}
	handle, err := program.Open(ctx, url)
	if err != nil {
		return r, err
	}
	defer handle.Close() //nolint:errcheck // only read from
	if r.bytesStored, err = storedBytes(ctx, handle); err != nil {
		return r, err
	}
	if r.insertFloor, err = insertFloor(ctx, handle, blob, r.bytesStored, o.clients, o.seconds); err != nil {
		return r, err
	}
	r.httpFloor, err = httpFloor(ctx, document(format)("FLOOR"), o.clients, o.seconds)
	return r, err
}

func document(format string) func(string) []byte {
	if format == "xml" {
		return program.XMLDocument
	}
	return program.JSONDocument
}

// accept runs the server under load and reads what it did.
func (r *row) accept(ctx context.Context, d *program.Deployment, customs *sandbox.Customs, o options) error {
	p, err := d.Serve(ctx, "gateway", "")
	if err != nil {
		return err
	}
	r.bytesIn = len(document(r.format)("LD000000000"))
	began := time.Now()
	r.driven = drive(ctx, driver{url: p.URL + "/api/v1/declarations", key: d.Forwarder, clients: o.clients, duration: o.seconds,
		contentType: "application/" + r.format, document: document(r.format), prefix: "LD"})
	r.delivered = float64(len(customs.Deliveries())) / time.Since(began).Seconds()
	r.waitingAfter = r.driven.accepted - len(customs.Deliveries())
	if r.rss, err = p.PeakRSS(); err != nil {
		return err
	}
	began = time.Now()
	for len(customs.Deliveries()) < r.driven.accepted && time.Since(began) < 5*time.Minute {
		time.Sleep(50 * time.Millisecond)
	}
	r.drained = time.Since(began)
	if err := p.Stop(time.Minute); err != nil {
		return err
	}
	return d.Verify(ctx)
}

func print(o options, rows []row) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%d clients, %s each; server, clients, floors and sandbox share this machine's cores\n", o.clients, o.seconds)
	fmt.Fprintln(w, "db\tformat\tin B\tstored B\taccepted/s\tdelivered/s\tp50\tp99\tmax\trefused\tfailed\tpeak RSS MB\tinsert floor/s\tratio\thttp floor/s\tratio\twaiting\tdrained in\t")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%.0f\t%.0f\t%s\t%s\t%s\t%d\t%d\t%d\t%.0f\t%.2f\t%.0f\t%.2f\t%d\t%s\t\n", r.db, r.format, r.bytesIn, r.bytesStored,
			r.driven.perSecond, r.delivered, ms(r.driven.p50), ms(r.driven.p99), ms(r.driven.longest), r.driven.refused, r.driven.failed, r.rss>>20,
			r.insertFloor, r.driven.perSecond/r.insertFloor, r.httpFloor, r.driven.perSecond/r.httpFloor, r.waitingAfter, r.drained.Round(10*time.Millisecond))
		if r.driven.firstError != "" {
			fmt.Fprintf(w, "first error: %s\n", r.driven.firstError)
		}
	}
	return w.Flush()
}

func ms(d time.Duration) string { return fmt.Sprintf("%dms", d.Milliseconds()) }

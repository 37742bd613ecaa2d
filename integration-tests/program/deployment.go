package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Deployment is a database with partners, and a channel to a customs that
// outlives the gateway.
type Deployment struct {
	Gateway   *Gateway
	Dir       string   // logs and configuration
	Database  string   // URL
	Addr      string   // host:port that every start listens on
	Forwarder string   // bearer key
	Customs   string   // bearer key
	Flags     []string // of serve, beside those that every deployment has
}

// Deploy migrates the database, makes a forwarder and customs with keys, and
// writes the channel file: everything goes over dxp to channelURL.
func Deploy(ctx context.Context, g *Gateway, dir, database, channelURL string) (*Deployment, error) {
	d := &Deployment{Gateway: g, Dir: dir, Database: database}
	if err := d.freeAddress(ctx); err != nil {
		return nil, err
	}
	if _, err := d.Do(ctx, "migrate"); err != nil {
		return nil, err
	}
	for role, key := range map[string]*string{"forwarder": &d.Forwarder, "customs": &d.Customs} {
		if _, err := d.Do(ctx, "partner", "add", "--id", role, "--name", role, "--role", role); err != nil {
			return nil, err
		}
		out, err := d.Do(ctx, "partner", "key", role)
		if err != nil {
			return nil, err
		}
		*key = keyIn(out)
		if *key == "" {
			return nil, fmt.Errorf("no key in %q", out)
		}
	}
	return d, d.WriteChannel(channelURL)
}

// WriteChannel points the one channel to url.
func (d *Deployment) WriteChannel(url string) error {
	host := strings.TrimPrefix(url, "http://")
	host, _, _ = strings.Cut(host, "/")
	body, err := json.Marshal([]map[string]any{{"name": "customs", "wire": "dxp", "url": url,
		"sender_id": "DXPENT0000000001", "receiver_id": "DXPEDCDEC0000001", "allow": []string{host}}})
	if err != nil {
		return fmt.Errorf("write channels: %w", err)
	}
	if err := os.WriteFile(d.channels(), body, 0o600); err != nil {
		return fmt.Errorf("write channels: %w", err)
	}
	return nil
}

func (d *Deployment) channels() string { return filepath.Join(d.Dir, "channels.json") }

// freeAddress picks a port that a restart can use again.
func (d *Deployment) freeAddress(ctx context.Context) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	d.Addr = l.Addr().String()
	return l.Close()
}

// Do runs one command on the database; an exit code other than 0 is an error.
func (d *Deployment) Do(ctx context.Context, args ...string) (string, error) {
	out, errs, code, err := d.Gateway.Run(ctx, append(args, "--db", d.Database, "--lang", "en")...)
	if err != nil {
		return "", err
	}
	if code != 0 {
		return out, fmt.Errorf("gateway %s: exit code %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out, nil
}

// Serve starts the gateway on addr (empty: the deployment's own).
func (d *Deployment) Serve(ctx context.Context, name, addr string) (*Process, error) {
	if addr == "" {
		addr = d.Addr
	}
	return d.Gateway.Start(ctx, filepath.Join(d.Dir, name+".log"), time.Minute,
		append([]string{"serve", "--db", d.Database, "--addr", addr, "--channels", d.channels()}, d.Flags...)...)
}

// Verify runs what must hold of every database that is at rest: the doctor's
// invariants, the ledger among them, and the audit chain.
func (d *Deployment) Verify(ctx context.Context) error {
	_, doctor := d.Do(ctx, "doctor")
	_, audit := d.Do(ctx, "audit", "verify")
	return errors.Join(doctor, audit)
}

// Settled waits until nothing is waiting or in flight.
func (d *Deployment) Settled(ctx context.Context, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		waiting, err := d.Do(ctx, "outbox", "list", "--state", "waiting")
		if err != nil {
			return err
		}
		sending, err := d.Do(ctx, "outbox", "list", "--state", "sending")
		if err != nil {
			return err
		}
		if rows(waiting)+rows(sending) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("messages still on their way after %s:\n%s%s", within, waiting, sending)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func keyIn(out string) string {
	for word := range strings.FieldsSeq(out) {
		if strings.HasPrefix(word, "kouan_") {
			return word
		}
	}
	return ""
}

// rows counts the lines below the heading of a list.
func rows(list string) int { return max(0, strings.Count(strings.TrimSpace(list), "\n")) }

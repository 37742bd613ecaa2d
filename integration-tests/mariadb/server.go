// Package mariadb gives tests a MariaDB of their own.
//
// Contract: Start makes a fresh data directory, a unix socket in it and a
// free port on 127.0.0.1, starts mariadbd as a child and returns when it
// answers. The child dies with its parent, is stopped by its own pid, and its
// directory is removed. A commit is on disk when it is acknowledged. No
// server of the system is ever touched, no port is fixed.
//
// The package does not know Kouan's schema or any test framework.
package mariadb

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/go-sql-driver/mysql"
)

// Options of a server. The zero value works.
type Options struct {
	Dir  string    // parent of the data directory; default: the system's temporary folder
	Args []string  // further arguments of mariadbd
	Log  io.Writer // the server's own log; default: kept in memory for error texts
}

const (
	user      = "kouan"
	startWait = 60 * time.Second
	stopWait  = 20 * time.Second
)

// Server is a running mariadbd.
type Server struct {
	o        Options
	dir      string
	port     int
	password string
	log      *tail
	child    *child
}

// Available says whether the programs of Debian's mariadb-server are installed.
func Available() error {
	for _, name := range []string{"mariadbd", "mariadb-install-db"} {
		if _, err := program(name); err != nil {
			return fmt.Errorf("mariadb is not installed: %w", err)
		}
	}
	return nil
}

// program finds a server program also where an ordinary PATH does not look.
func program(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	if path, sbin := exec.LookPath("/usr/sbin/" + name); sbin == nil {
		return path, nil
	}
	return "", err
}

// Start makes and starts a server; ctx bounds the start only.
func Start(ctx context.Context, o Options) (*Server, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	dir, err := os.MkdirTemp(o.Dir, "kmdb") // short: a socket's path has 107 bytes
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	s := &Server{o: o, dir: dir, password: rand.Text(), log: &tail{also: o.Log}}
	for try := 1; ; try++ { // on a loaded machine the bootstrap of 10.11 was seen to die of a signal
		if err = s.install(ctx); err == nil {
			break
		}
		if try == 3 || ctx.Err() != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
		if gone := os.RemoveAll(s.data()); gone != nil {
			return nil, errors.Join(err, gone)
		}
	}
	for try := 1; ; try++ {
		if s.port, err = freePort(); err == nil {
			err = s.run(ctx)
		}
		if err == nil {
			break
		}
		if try == 3 || ctx.Err() != nil { // somebody may have taken the port in between
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
	if err := s.createUser(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) install(ctx context.Context) error {
	path, err := program("mariadb-install-db")
	if err != nil {
		return err
	}
	args := append([]string{"--no-defaults", "--datadir=" + s.data(), "--auth-root-authentication-method=normal",
		"--skip-test-db", "--innodb-log-file-size=128M"}, asRoot()...)
	out, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mariadb-install-db: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

func asRoot() []string {
	if os.Geteuid() == 0 {
		return []string{"--user=root"}
	}
	return nil
}

func (s *Server) data() string   { return filepath.Join(s.dir, "data") }
func (s *Server) socket() string { return filepath.Join(s.dir, "s") }

// run starts mariadbd on the data directory and waits until it answers.
func (s *Server) run(ctx context.Context) error {
	path, err := program("mariadbd")
	if err != nil {
		return err
	}
	args := append([]string{"--no-defaults", "--datadir=" + s.data(), "--socket=" + s.socket(),
		"--pid-file=" + filepath.Join(s.dir, "pid"), "--bind-address=127.0.0.1", "--port=" + strconv.Itoa(s.port),
		"--skip-name-resolve", "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=256M",
		"--innodb-log-file-size=128M", "--max-connections=300", "--performance-schema=OFF"}, asRoot()...)
	s.child, err = startChild(path, append(args, s.o.Args...), s.log)
	if err != nil {
		return fmt.Errorf("start mariadbd: %w", err)
	}
	db, err := s.open("unix", s.socket(), "root", "", "")
	if err != nil {
		return errors.Join(err, s.child.kill())
	}
	err = s.answers(ctx, db)
	if err != nil {
		err = errors.Join(err, s.child.kill())
	}
	return errors.Join(err, db.Close())
}

func (s *Server) answers(ctx context.Context, db *sql.DB) error {
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.child.exited:
			return fmt.Errorf("mariadbd ended at its start: %s", s.log)
		case <-ctx.Done():
			return fmt.Errorf("mariadbd does not answer: %w: %s", err, s.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) createUser(ctx context.Context) (err error) {
	db, err := s.open("unix", s.socket(), "root", "", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, q := range []string{
		`CREATE USER '` + user + `'@'127.0.0.1' IDENTIFIED BY '` + s.password + `'`,
		`GRANT ALL ON *.* TO '` + user + `'@'127.0.0.1'`,
	} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("create user: %w", err)
		}
	}
	return nil
}

func (s *Server) open(network, addr, name, password, database string) (*sql.DB, error) {
	c := mysql.NewConfig()
	c.Net, c.Addr, c.User, c.Passwd, c.DBName = network, addr, name, password, database
	c.Logger = &mysql.NopLogger{}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return sql.OpenDB(connector), nil
}

func freePort() (int, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// Addr is host and port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// PID is the process of the server, for measurements.
func (s *Server) PID() int { return s.child.cmd.Process.Pid }

// URL is the address of a database as store.Open takes it.
func (s *Server) URL(database string) string {
	return "mysql://" + user + ":" + s.password + "@" + s.Addr() + "/" + database
}

var plainName = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// CreateDatabase makes an empty database of a name of [a-z0-9_].
func (s *Server) CreateDatabase(ctx context.Context, name string) (err error) {
	if !plainName.MatchString(name) {
		return fmt.Errorf("database name %q", name)
	}
	db, err := s.open("tcp", s.Addr(), user, s.password, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, `CREATE DATABASE `+name+` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
	return err
}

// Kill ends the server as a power cut would. Restart brings it back.
func (s *Server) Kill() error { return s.child.kill() }

// Restart starts a killed server again on the same directory and port.
func (s *Server) Restart(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	return s.run(ctx)
}

// Stop ends the server in bounded time and removes its directory.
func (s *Server) Stop() error {
	err := s.child.signal(syscall.SIGTERM)
	select {
	case <-s.child.exited:
	case <-time.After(stopWait):
		err = errors.Join(err, s.child.kill())
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// child is a process whose parent thread stays, because on Linux the signal
// at the parent's death goes by thread.
type child struct {
	cmd    *exec.Cmd
	exited chan struct{}
}

func startChild(path string, args []string, log io.Writer) (*child, error) {
	c := &child{cmd: exec.Command(path, args...), exited: make(chan struct{})} //nolint:noctx // it outlives the call and is stopped by its pid
	c.cmd.Stdout, c.cmd.Stderr, c.cmd.SysProcAttr = log, log, diesWithParent()
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		defer close(c.exited)
		var ended *exec.ExitError
		if err := c.cmd.Wait(); err != nil && !errors.As(err, &ended) {
			fmt.Fprintln(log, "wait for mariadbd:", err)
		}
	}()
	return c, <-started
}

func (c *child) signal(sig os.Signal) error {
	if err := c.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func (c *child) kill() error {
	err := c.signal(os.Kill)
	<-c.exited
	return err
}

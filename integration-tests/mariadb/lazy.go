package mariadb

import (
	"context"
	"fmt"
	"os"
	"sync"
)

// Lazy is one server for all tests of a binary, started when the first of
// them asks; each test gets a database of its own:
//
//	var server mariadb.Lazy
//
//	func TestMain(m *testing.M) { os.Exit(server.Main(m)) }
type Lazy struct {
	Options Options

	mu     sync.Mutex
	server *Server
	err    error
	count  int
}

// Server starts the server or returns the one that runs. A start that failed
// is not tried again.
func (l *Lazy) Server(ctx context.Context) (*Server, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.server == nil && l.err == nil {
		l.server, l.err = Start(ctx, l.Options)
	}
	return l.server, l.err
}

// Database returns the URL of a new, empty database.
func (l *Lazy) Database(ctx context.Context) (string, error) {
	s, err := l.Server(ctx)
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	l.count++
	name := fmt.Sprintf("t%d", l.count)
	l.mu.Unlock()
	return s.URL(name), s.CreateDatabase(ctx, name)
}

// Main runs the tests, stops the server if one was started, and returns the
// exit code.
func (l *Lazy) Main(m interface{ Run() int }) int {
	code := m.Run()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.server == nil {
		return code
	}
	if err := l.server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop mariadb:", err)
		return max(code, 1)
	}
	return code
}

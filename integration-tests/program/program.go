// Package program starts the real gateway as a process of its own, for tests
// that must kill it.
//
// Contract: Build compiles the program once per test binary; Start waits for
// the ready file that the program writes; Kill is SIGKILL, Stop is SIGTERM
// with a bound. Every process listens on 127.0.0.1, dies with its parent, and
// is stopped by its own id.
package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Root is the folder of go.mod above the working directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("find the module: no go.mod above the working directory")
		}
		dir = parent
	}
}

// Gateway is the built program.
type Gateway struct{ Path string }

var build struct {
	sync.Mutex
	path string
}

// Build compiles the program into dir unless this process has done so before.
func Build(ctx context.Context, dir string) (*Gateway, error) {
	build.Lock()
	defer build.Unlock()
	if build.path != "" {
		return &Gateway{build.path}, nil
	}
	root, err := Root()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "gateway")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./gateway")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the gateway: %w\n%s", err, out)
	}
	build.path = path
	return &Gateway{path}, nil
}

// Run runs one command to its end and returns its output and exit code.
func (g *Gateway) Run(ctx context.Context, args ...string) (stdout, stderr string, code int, err error) {
	cmd := exec.CommandContext(ctx, g.Path, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out.String(), errs.String(), exit.ExitCode(), nil
	}
	if err != nil {
		return "", "", -1, fmt.Errorf("run gateway %v: %w", args, err)
	}
	return out.String(), errs.String(), 0, nil
}

// Process is a running gateway.
type Process struct {
	URL    string
	PID    int
	cmd    *exec.Cmd
	log    *os.File
	exited chan struct{}
	err    error // of Wait, valid once exited is closed
}

// Start runs a serving command until it has written its ready file. What it
// logs goes to logFile, appended.
func (g *Gateway) Start(ctx context.Context, logFile string, within time.Duration, args ...string) (*Process, error) {
	ready := logFile + ".ready"
	if err := os.Remove(ready); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove old ready file: %w", err)
	}
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	p := &Process{log: log, exited: make(chan struct{})}
	p.cmd = exec.Command(g.Path, append(args, "--ready-file", ready)...) //nolint:noctx // it outlives the call and is stopped by its id
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start gateway: %w", err), log.Close())
	}
	go func() { p.err = p.cmd.Wait(); close(p.exited) }()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if body, err := os.ReadFile(ready); err == nil {
			var r struct {
				URL string `json:"url"`
				PID int    `json:"pid"`
			}
			if err := json.Unmarshal(body, &r); err == nil {
				p.URL, p.PID = r.URL, p.cmd.Process.Pid
				return p, nil
			}
		}
		select {
		case <-p.exited:
			return nil, fmt.Errorf("gateway ended before it was ready: %w, see %s", p.err, logFile)
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), p.Kill())
		case <-deadline.C:
			return nil, errors.Join(fmt.Errorf("gateway not ready within %s, see %s", within, logFile), p.Kill())
		case <-tick.C:
		}
	}
}

// Kill ends the process as kill -9 does and waits for it.
func (p *Process) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill gateway: %w", err)
	}
	<-p.exited
	return p.log.Close()
}

// Stop asks the process to end and reports how it did; it is killed after the bound.
func (p *Process) Stop(within time.Duration) error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop gateway: %w", err)
	}
	select {
	case <-p.exited:
		return errors.Join(p.err, p.log.Close())
	case <-time.After(within):
		return errors.Join(fmt.Errorf("gateway did not stop within %s", within), p.Kill())
	}
}

// PeakRSS is the largest resident size so far, in bytes (Linux).
func (p *Process) PeakRSS() (int64, error) {
	body, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read peak memory: %w", err)
	}
	for line := range bytes.Lines(body) {
		var kb int64
		if _, err := fmt.Sscanf(string(line), "VmHWM: %d kB", &kb); err == nil {
			return kb << 10, nil
		}
	}
	return 0, errors.New("read peak memory: no VmHWM")
}

package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/go-json-experiment/json"
)

// submitRecord is one line of the state file: a content that the gateway at
// URL has accepted, with its answer.
type submitRecord struct {
	URL       string `json:"url"`
	SHA256    string `json:"sha256"`
	Row       string `json:"row"`
	ID        string `json:"id"`
	Reference string `json:"reference"`
}

// submitState remembers over restarts what was accepted. A line counts once
// it is on disk; half a line, which a crash may leave, is cut off.
type submitState struct {
	url  string
	mu   sync.Mutex
	file *os.File
	done map[string]submitRecord // by SHA-256
}

func openSubmitState(path, url string) (*submitState, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	s := &submitState{url: url, file: f, done: map[string]submitRecord{}}
	if err := s.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("read state %s: %w", path, err), f.Close())
	}
	return s, nil
}

func (s *submitState) load() error {
	body, err := io.ReadAll(s.file)
	if err != nil {
		return err
	}
	whole := bytes.LastIndexByte(body, '\n') + 1
	for line := range bytes.Lines(body[:whole]) {
		var r submitRecord
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		if r.URL == s.url {
			s.done[r.SHA256] = r
		}
	}
	if err := s.file.Truncate(int64(whole)); err != nil {
		return err
	}
	_, err = s.file.Seek(int64(whole), io.SeekStart)
	return err
}

// accepted finds a content that was accepted before.
func (s *submitState) accepted(sha string) (submitRecord, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.done[sha]
	return r, ok
}

// keep puts one accepted row on disk.
func (s *submitState) keep(r submitRecord) error {
	r.URL = s.url
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done[r.SHA256] = r
	if _, err := s.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
}

func (s *submitState) close() error { return s.file.Close() }

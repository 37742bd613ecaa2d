package codes

import (
	"fmt"
	"io/fs"
	"maps"
	"sync"
	"sync/atomic"
)

// Source holds the set that is in force for many readers; reading costs one
// atomic load. A nil Source is the built-in set.
type Source struct {
	dir     fs.FS // nil: built in, never changes
	current atomic.Pointer[Set]

	mu     sync.Mutex
	loaded stamps // of the files that were looked at last, good or bad
	seen   stamps // at the scan before
}

// stamps are size and time of every file of tables.
type stamps map[string]stamp

type stamp struct {
	size int64
	at   int64 // Unix nanoseconds
}

// NewSource opens a folder as Open does; nil is no folder.
func NewSource(dir fs.FS) (*Source, error) {
	s := &Source{dir: dir}
	if dir == nil {
		s.current.Store(Default())
		return s, nil
	}
	before, err := scan(dir)
	if err != nil {
		return nil, err
	}
	set, err := Open(dir)
	if err != nil {
		return nil, err
	}
	s.current.Store(set)
	s.loaded, s.seen = before, before
	return s, nil
}

// Set is the set in force. What one answer needs it takes from one Set.
func (s *Source) Set() *Set {
	if s == nil {
		return Default()
	}
	return s.current.Load()
}

// Reload looks whether the folder changed and, when it did, puts its tables in
// force. Files are read only when two calls found them alike: somebody may be
// writing them at the first. A folder with faults (*FaultsError) or that
// cannot be read leaves the set as it is; the faults are told once, until the
// files change again.
func (s *Source) Reload() (changed bool, err error) {
	if s == nil || s.dir == nil {
		return false, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now, err := scan(s.dir)
	if err != nil {
		return false, err
	}
	settled := maps.Equal(now, s.seen)
	s.seen = now
	if !settled || maps.Equal(now, s.loaded) {
		return false, nil
	}
	set, err := Open(s.dir)
	if after, scanErr := scan(s.dir); scanErr != nil || !maps.Equal(now, after) {
		return false, scanErr // changed while it was read: next time
	}
	s.loaded = now
	if err != nil {
		return false, err
	}
	changed = set.Edition() != s.current.Load().Edition()
	s.current.Store(set)
	return changed, nil
}

func scan(dir fs.FS) (stamps, error) {
	files, err := tableFiles(dir)
	if err != nil {
		return nil, err
	}
	out := make(stamps, len(files))
	for _, f := range files {
		info, err := fs.Stat(dir, f.file)
		if err != nil {
			return nil, fmt.Errorf("look at code table: %w", err)
		}
		out[f.file] = stamp{info.Size(), info.ModTime().UnixNano()}
	}
	return out, nil
}

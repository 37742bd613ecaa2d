package filedrop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Limits of one scan.
const (
	MaxReceipt = 3 << 20  // bytes of one file (envelopes.md section 2.4)
	maxBatch   = 64 << 20 // bytes of all files of one scan; the rest comes with the next
)

// File is one finished file of InBox.
type File struct {
	Name     string
	Path     string
	Size     int64
	Modified time.Time
	SHA256   string // hex, of the whole content
	Body     []byte // nil when Rejected
	Rejected string // why the file is not to be read; "" for an ordinary file
}

// Scanner reads the InBox of one business folder, or the in folder of a
// terminal. It never moves, deletes or writes anything there: the client and
// other programs of the enterprise use the same folder. One goroutine at a
// time may call Scan.
type Scanner struct {
	Root     string
	Business string // "": DefaultBusiness
	Terminal bool   // Root is a terminal's, without business folders
	MaxSize  int64  // 0: MaxReceipt

	seen map[string]sighting
}

// sighting is how a file looked in the last scan, and whether it was returned so.
type sighting struct {
	info     os.FileInfo
	returned bool
}

func (s sighting) same(now os.FileInfo) bool {
	return s.info != nil && s.info.Size() == now.Size() && s.info.ModTime().Equal(now.ModTime()) && os.SameFile(s.info, now)
}

// Scan returns the files that looked the same, in size and time, in this scan
// and the one before, each once; a file that changed later is returned again
// as a new one. Unfinished files (*.tmp, *.temp), folders, links and devices
// are left out. Files that could be read are returned even when err tells of
// others that could not; those are tried again by the next scan.
func (s *Scanner) Scan(ctx context.Context) ([]File, error) {
	dir, err := s.folder()
	if err != nil {
		return nil, fmt.Errorf("scan inbox: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("scan inbox: %w", err)
	}
	var files []File
	var faults []error
	var batch int64
	seen := make(map[string]sighting, len(entries))
	for _, entry := range entries {
		if !entry.Type().IsRegular() || unfinished(entry.Name()) {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue // gone since the listing
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("scan inbox: %w", err))
			continue
		}
		now := s.seen[entry.Name()]
		if !now.same(info) {
			now = sighting{info: info}
		} else if !now.returned && batch <= maxBatch && ctx.Err() == nil {
			file, err := s.read(ctx, dir, info)
			if err != nil {
				faults = append(faults, fmt.Errorf("scan inbox: %w", err))
			} else {
				files = append(files, file)
				now.returned = true
				batch += int64(len(file.Body))
			}
		}
		seen[entry.Name()] = now
	}
	s.seen = seen
	return files, errors.Join(append(faults, ctx.Err())...)
}

func (s *Scanner) folder() (string, error) {
	if !s.Terminal {
		return Folder(s.Root, s.Business, InBox)
	}
	name, err := spelled(s.Root, In)
	return filepath.Join(s.Root, name), err
}

func unfinished(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasSuffix(lower, ".tmp") || strings.HasSuffix(lower, ".temp")
}

// read takes the content of a stable file, and checks on the open file that
// it is still the one that was stable.
func (s *Scanner) read(ctx context.Context, dir string, info os.FileInfo) (File, error) {
	file := File{Name: info.Name(), Path: filepath.Join(dir, info.Name()), Size: info.Size(), Modified: info.ModTime()}
	limit := s.MaxSize
	if limit == 0 {
		limit = MaxReceipt
	}
	hash := sha256.New()
	err := reading(file.Path, func(f *os.File) error {
		if err := unchanged(f, info); err != nil {
			return err
		}
		var err error
		if file.Size > limit {
			file.Rejected = fmt.Sprintf("larger than %d bytes", limit)
			_, err = io.Copy(hash, &readUnder{ctx, f})
		} else {
			file.Body = make([]byte, file.Size)
			_, err = io.ReadFull(f, file.Body)
			hash.Write(file.Body)
		}
		return errors.Join(err, unchanged(f, info))
	})
	if err != nil {
		return File{}, fmt.Errorf("read %s: %w", file.Name, err)
	}
	file.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return file, nil
}

func unchanged(f *os.File, info os.FileInfo) error {
	now, err := f.Stat()
	if err != nil {
		return err
	}
	if !(sighting{info: info}).same(now) {
		return fmt.Errorf("%s changed while it was read", info.Name())
	}
	return nil
}

// readUnder stops reading a huge file when its context ends.
type readUnder struct {
	ctx context.Context
	r   io.Reader
}

func (r *readUnder) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

package sftp

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/filedrop"
)

// Limits of one scan.
const (
	maxBatch   = 16 << 20 // bytes of all files of one scan; the rest comes with the next
	maxListing = 32 << 20 // bytes of the list of the directory
	maxName    = 255      // characters of a name that are told
)

// DefaultSettle is how long a file must look the same. Times of the protocol
// are whole seconds: a second file of the same size under the same name and
// time must have been written before the second was over.
const DefaultSettle = 2 * time.Second

// Scanner reads one directory of the other side. It never moves, deletes or
// writes anything there. One goroutine at a time may call Scan.
type Scanner struct {
	Host      *Host
	Directory string           // as in Adapter
	MaxSize   int64            // of a file that is read; 0: filedrop.MaxReceipt
	Settle    time.Duration    // 0: DefaultSettle
	Clock     func() time.Time // nil: the system's

	seen map[string]sighting
}

// sighting is since when a file looks as it does, and whether it was returned so.
type sighting struct {
	size     int64
	modified time.Time
	since    time.Time
	returned bool
}

func (s sighting) same(now os.FileInfo) bool {
	return !s.since.IsZero() && s.size == now.Size() && s.modified.Equal(now.ModTime())
}

// Scan returns the files that looked the same, in size and time, in two scans
// that lie Settle or more apart, each once; a file that changed later is
// returned again as a new one. Unfinished files (*.tmp, *.temp), directories,
// links and devices are left out. A file above MaxSize is returned as rejected
// without being fetched: its SHA256 is that of its name, size and time. Files
// that could be read are returned even when err tells of others that could
// not; those are tried again by the next scan.
func (s *Scanner) Scan(ctx context.Context) ([]filedrop.File, error) {
	var files []filedrop.File
	err := s.Host.with(ctx, maxListing, func(ctx context.Context, l *link) error {
		entries, err := l.ReadDirContext(ctx, cmp.Or(s.Directory, "."))
		if err != nil {
			return fmt.Errorf("list %s: %w", s.Directory, err)
		}
		files, err = s.look(ctx, l, entries)
		return err
	})
	if err != nil {
		return files, fmt.Errorf("scan inbox: %w", err)
	}
	return files, nil
}

// look compares the listing with the one before and reads what is finished.
func (s *Scanner) look(ctx context.Context, l *link, entries []os.FileInfo) (files []filedrop.File, err error) {
	var faults []error
	var batch int64
	lost := false // the connection; what it would say of the other files is no news
	now := portadapters.Now(s.Clock)
	seen := make(map[string]sighting, len(entries))
	for _, entry := range entries {
		if !entry.Mode().IsRegular() || unfinished(entry.Name()) {
			continue
		}
		sight := s.seen[entry.Name()]
		settled := now.Sub(sight.since) >= cmp.Or(s.Settle, DefaultSettle)
		if !sight.same(entry) {
			sight = sighting{size: entry.Size(), modified: entry.ModTime(), since: now}
		} else if settled && !sight.returned && batch < maxBatch && !lost && ctx.Err() == nil {
			file, err := s.read(l, entry)
			switch {
			case errors.Is(err, os.ErrNotExist): // taken away since the listing
			case err != nil:
				lost = broken(err)
				faults = append(faults, fmt.Errorf("read %s: %w", clipped(entry.Name()), err))
			default:
				files = append(files, file)
				sight.returned = true
				batch += int64(len(file.Body))
			}
		}
		seen[entry.Name()] = sight
	}
	s.seen = seen
	return files, errors.Join(append(faults, ctx.Err())...)
}

func unfinished(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasSuffix(lower, ".tmp") || strings.HasSuffix(lower, ".temp")
}

// clipped is a name of the other side as it can be kept and shown.
func clipped(name string) string {
	runes := []rune(strings.ToValidUTF8(name, "\uFFFD"))
	return string(runes[:min(len(runes), maxName)])
}

// read takes the content of a file that is still the one that was listed,
// before and after.
func (s *Scanner) read(l *link, entry os.FileInfo) (filedrop.File, error) {
	where := path.Join(s.Directory, entry.Name())
	file := filedrop.File{Name: clipped(entry.Name()), Path: where, Size: entry.Size(), Modified: entry.ModTime()}
	if limit := cmp.Or(s.MaxSize, filedrop.MaxReceipt); file.Size > limit || file.Size < 0 { // the protocol has 64 bits without a sign
		file.Rejected = fmt.Sprintf("larger than %d bytes", limit)
		file.SHA256 = digest(fmt.Appendf(nil, "%q %d %d", where, file.Size, file.Modified.Unix()))
		return file, nil
	}
	l.conn.Allow(2*file.Size + answerLimit)
	body, err := l.read(where, file.Size+1)
	if err != nil {
		return filedrop.File{}, err
	}
	after, err := l.Lstat(where)
	if err != nil {
		return filedrop.File{}, err
	}
	if int64(len(body)) != file.Size || after.Size() != file.Size || !after.ModTime().Equal(file.Modified) || !after.Mode().IsRegular() {
		return filedrop.File{}, fmt.Errorf("changed while it was read: %w", errKept)
	}
	file.Body, file.SHA256 = body, digest(body)
	return file, nil
}

// Fetch reads a file again that Scan returned, and one byte more if it grew. A
// file that is gone is os.ErrNotExist. It may be called at any time.
func (s *Scanner) Fetch(ctx context.Context, f filedrop.File) ([]byte, error) {
	var body []byte
	err := s.Host.with(ctx, 2*f.Size+answerLimit, func(_ context.Context, l *link) (err error) {
		body, err = l.read(f.Path, f.Size+1)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", f.Name, err)
	}
	return body, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

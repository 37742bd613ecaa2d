// Package archive opens zip files that strangers hand in: workbooks and
// packages of a declaration with its attachments.
//
// Contract: the directory is read within bounds before anything is unpacked,
// and a part is unpacked within bounds whatever its header claims. Names are
// kept as written; nothing is ever written to a disk.
//
// The package does not know what the parts mean.
package archive

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of an archive.
type Limits struct {
	Entries int
	Ratio   int64 // unpacked to packed bytes of one part, when it is larger than freeRatio
}

const (
	// maxDirectory is what the directory may take to read: an entry has 46
	// bytes and its name, so this is far above any honest file.
	maxDirectory = 4 << 20
	// freeRatio is how large a part may be before its ratio counts: small
	// tables of one repeated value pack very well.
	freeRatio = 1 << 20
)

// Error says why an archive is refused: as an argument of a fault and its
// slug, and the part at which it was found.
type Error struct {
	Why  []string
	Name string
}

func (e *Error) Error() string { return "archive: " + strings.Join(e.Why, " ") + " " + e.Name }

func notZip() *Error            { return &Error{Why: []string{"reason", "not_zip"}} }
func tooMany() *Error           { return &Error{Why: []string{"reason", "too_many_parts"}} }
func encrypted(n string) *Error { return &Error{[]string{"reason", "encrypted_part"}, n} }
func broken(n string) *Error    { return &Error{[]string{"reason", "broken"}, n} }

// Bomb refuses what grows too large.
func Bomb(name string) *Error { return &Error{[]string{"reason", "bomb"}, name} }

// Open reads the directory.
func Open(r io.ReaderAt, size int64, lim Limits) (*zip.Reader, error) {
	z, err := zip.NewReader(&meter{r: r, left: maxDirectory + 2*(64<<10)}, size)
	switch {
	case errors.Is(err, errMeter):
		return nil, tooMany()
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, notZip()
	case len(z.File) > lim.Entries:
		return nil, tooMany()
	}
	seen := make(map[string]bool, len(z.File))
	for _, f := range z.File {
		switch {
		case f.Flags&1 != 0:
			return nil, encrypted(f.Name)
		case seen[f.Name]: // two parts of one name: readers disagree about which counts
			return nil, broken(f.Name)
		case f.UncompressedSize64 > freeRatio && f.CompressedSize64 > 0 && f.UncompressedSize64/f.CompressedSize64 > uint64(lim.Ratio):
			return nil, Bomb(f.Name)
		}
		seen[f.Name] = true
	}
	return reopen(r, size)
}

// reopen opens the directory, which is now known to be small, over the reader itself.
func reopen(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, notZip()
	}
	return z, nil
}

// Part opens a part that gives at most limit bytes and then an *Error of reason bomb.
func Part(f *zip.File, limit int64) (io.ReadCloser, error) {
	if f.UncompressedSize64 > uint64(limit) {
		return nil, Bomb(f.Name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(f.Name)
	}
	return &part{r: r, name: f.Name, left: limit}, nil
}

// Bytes is a whole part in memory.
func Bytes(f *zip.File, limit int64) (data []byte, err error) {
	r, err := Part(f, limit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(r)
}

// Find is the part of a name, compared without case as Windows programs do; nil when there is none.
func Find(z *zip.Reader, name string) *zip.File {
	for _, f := range z.File {
		if strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

type part struct {
	r    io.ReadCloser
	name string
	left int64
}

func (p *part) Read(b []byte) (int, error) {
	if p.left < 0 {
		return 0, Bomb(p.name)
	}
	if int64(len(b)) > p.left+1 {
		b = b[:p.left+1]
	}
	n, err := p.r.Read(b)
	if p.left -= int64(n); p.left < 0 {
		return 0, Bomb(p.name)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, fmt.Errorf("%w: %w", broken(p.name), err)
	}
	return n, err
}

func (p *part) Close() error { return p.r.Close() }

var errMeter = errors.New("too much read")

// meter bounds what is read of an archive to find its directory: the count in
// its tail is a claim, and the reader goes on as long as entries follow.
type meter struct {
	r    io.ReaderAt
	left int64
}

func (m *meter) ReadAt(b []byte, at int64) (int, error) {
	if m.left -= int64(len(b)); m.left < 0 {
		return 0, errMeter
	}
	return m.r.ReadAt(b, at)
}

package sandbox

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kouan/declarations/receipts"
	"kouan/port-adapters/filedrop"
)

// DefaultPoll is how often the folders are looked at.
const DefaultPoll = 100 * time.Millisecond

// maxImport bounds a file of OutBox and each document inside it.
const maxImport = 32 << 20

// FileClient plays the import client (报文导入客户端) on its folders: it takes
// files from OutBox, moves them to SentBox or FailBox, and writes the answers
// of Customs into InBox. A message that customs refuses for now stays in
// OutBox until the next look.
type FileClient struct {
	Customs  *Customs
	Root     string
	Business string        // "": filedrop.DefaultBusiness
	Poll     time.Duration // 0: DefaultPoll
}

// Run makes the folders and works until ctx ends; its error then is nil.
func (f *FileClient) Run(ctx context.Context) error {
	if err := f.MakeFolders(); err != nil {
		return err
	}
	watch(ctx, f.Poll, f.Look, func(fault string) { f.Customs.log().Warn("sandbox: import client", "error", fault) })
	return nil
}

// watch looks again and again until ctx ends. A fault is told when it is
// another than the last, not with every look.
func watch(ctx context.Context, poll time.Duration, look func() error, tell func(fault string)) {
	ticker := time.NewTicker(or(poll, DefaultPoll))
	defer ticker.Stop()
	last := ""
	for {
		now := ""
		if err := look(); err != nil {
			now = err.Error()
		}
		if now != last && now != "" {
			tell(now)
		}
		last = now
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// MakeFolders makes the four folders where they are missing.
func (f *FileClient) MakeFolders() error {
	business := f.Business
	if business == "" {
		business = filedrop.DefaultBusiness
	}
	for _, box := range []string{filedrop.OutBox, filedrop.SentBox, filedrop.FailBox, filedrop.InBox} {
		_, err := filedrop.Folder(f.Root, business, box)
		if errors.Is(err, os.ErrNotExist) {
			err = os.MkdirAll(filepath.Join(f.Root, business, box), 0o755)
		}
		if err != nil {
			return fmt.Errorf("import client folder %s: %w", box, err)
		}
	}
	return nil
}

// Look takes what stands in OutBox now. One bad file does not stop the others.
func (f *FileClient) Look() error {
	out, err := filedrop.Folder(f.Root, f.Business, filedrop.OutBox)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	var faults []error
	for _, entry := range entries {
		name := entry.Name()
		if !entry.Type().IsRegular() || !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".zip") {
			continue
		}
		if err := f.importFile(out, name); err != nil {
			faults = append(faults, fmt.Errorf("import %s: %w", name, err))
		}
	}
	return errors.Join(faults...)
}

// importFile takes one file and moves it to where the verdict puts it.
func (f *FileClient) importFile(out, name string) error {
	data, err := readBounded(filepath.Join(out, name))
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(strings.TrimSuffix(name, ".xml"), ".zip")
	document := data
	if strings.HasSuffix(name, ".zip") {
		if document, err = unpack(data, base+".xml"); err != nil {
			f.Customs.report("not a message file", name, err.Error())
			return f.move(out, name, filedrop.FailBox)
		}
	}
	v := f.Customs.take(arrival{id: idOf(base), name: base, document: document, reply: f.reply})
	switch {
	case v.outcome == refused:
		return nil
	case v.outcome == conflict, v.failed:
		return f.move(out, name, filedrop.FailBox)
	}
	return f.move(out, name, filedrop.SentBox)
}

// idOf is the message id at the end of a file name, or the whole name.
func idOf(base string) string {
	if id := receipts.MessageIDFromName(base); id != "" {
		return id
	}
	return base
}

func (f *FileClient) move(out, name, box string) error {
	dir, err := filedrop.Folder(f.Root, f.Business, box)
	if err != nil {
		return err
	}
	return os.Rename(filepath.Join(out, name), filepath.Join(dir, name))
}

// reply is the Reply of the folders. It does not force the file to disk: a
// reader has to cope with what this client leaves after a crash.
func (f *FileClient) reply(_ context.Context, a Answer) error {
	dir, err := filedrop.Folder(f.Root, f.Business, filedrop.InBox)
	if err != nil {
		return err
	}
	final := filepath.Join(dir, a.Name+".xml")
	if err := os.WriteFile(final+".tmp", a.Body, 0o644); err != nil {
		return err
	}
	return os.Rename(final+".tmp", final)
}

func readBounded(path string) (data []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return limited(file, filepath.Base(path))
}

func limited(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxImport+1))
	if err == nil && len(data) > maxImport {
		err = fmt.Errorf("%s: larger than %d bytes", name, maxImport)
	}
	return data, err
}

// unpack is the document of that name at the top level of a zip.
func unpack(data []byte, name string) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	for _, entry := range archive.File {
		if entry.Name != name {
			continue
		}
		r, err := entry.Open()
		if err != nil {
			return nil, err
		}
		document, err := limited(r, name)
		return document, errors.Join(err, r.Close())
	}
	return nil, fmt.Errorf("no %s in the zip", name)
}

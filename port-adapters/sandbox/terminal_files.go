package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/filedrop"
	"kouan/port-adapters/sandbox/magic"
)

// Folders of a terminal below its root, as the gateway names them.
const (
	folderOut     = filedrop.Out
	folderIn      = filedrop.In
	folderTaken   = "taken"   // notices that the terminal took away
	folderRefused = "refused" // files that it could not take
)

// TerminalFiles is the terminal on its folders: it takes files out of out/ and
// writes an .ack and its answers into in/. A message that it turns away for
// now stays in out/ until the next look.
type TerminalFiles struct {
	Terminal *Terminal
	Root     string
	Wire     string        // filedrop or sftp, for the ledger
	Poll     time.Duration // 0: DefaultPoll

	mu sync.Mutex // one file is taken by the look or by the wire, never by both
}

// types are the content types of files by their endings.
var types = map[string]string{
	".json": "application/json",
	".edi":  "application/EDIFACT",
	".xml":  "application/xml",
}

// Run makes the folders and works until ctx ends; its error then is nil.
func (f *TerminalFiles) Run(ctx context.Context) error {
	if err := f.MakeFolders(); err != nil {
		return err
	}
	watch(ctx, f.Poll, f.Look, func(fault string) { f.Terminal.log().Warn("sandbox terminal: folders", "error", fault) })
	return nil
}

// MakeFolders makes the folders where they are missing.
func (f *TerminalFiles) MakeFolders() error {
	for _, name := range []string{folderOut, folderIn, folderTaken, folderRefused} {
		if err := os.MkdirAll(filepath.Join(f.Root, name), 0o755); err != nil {
			return fmt.Errorf("terminal folder %s: %w", name, err)
		}
	}
	return nil
}

// Look takes what stands in out/ now. One bad file does not stop the others.
func (f *TerminalFiles) Look() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	entries, err := os.ReadDir(filepath.Join(f.Root, folderOut))
	if err != nil {
		return err
	}
	var faults []error
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !finished(entry.Name()) {
			continue
		}
		body, err := readBounded(filepath.Join(f.Root, folderOut, entry.Name()))
		if err == nil {
			_, err = f.settle(entry.Name(), f.judge(entry.Name(), body), body)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("take %s: %w", entry.Name(), err))
		}
	}
	return errors.Join(faults...)
}

// finished reports a name that is no half-written file.
func finished(name string) bool {
	lower := strings.ToLower(name)
	return !strings.HasPrefix(name, ".") && !strings.HasSuffix(lower, ".tmp") && !strings.HasSuffix(lower, ".temp") && !strings.HasSuffix(lower, ".part")
}

// judge decides about a file, wherever it stands.
func (f *TerminalFiles) judge(name string, body []byte) handling {
	ending := filepath.Ext(name)
	base := strings.TrimSuffix(name, ending)
	opened, err := Open(TerminalLetter{ContentType: types[strings.ToLower(ending)], FileName: name, Body: body})
	if err != nil {
		f.Terminal.report("a file that cannot be read", base, err.Error())
		return handling{outcome: conflict}
	}
	in := &incoming{wire: f.Wire, id: or(opened.ID, idOf(base)), body: body, reply: f.answer}
	return f.Terminal.take(in.of(&opened))
}

// settle puts a file of out/ where its verdict says, acknowledged when it was
// taken. It reports whether the file is still waiting.
func (f *TerminalFiles) settle(name string, v handling, body []byte) (waits bool, err error) {
	switch v.outcome {
	case refused:
		if v.script == magic.Gone || v.script == magic.Refuses {
			return false, f.move(name, folderRefused)
		}
		return true, nil
	case conflict:
		return false, f.move(name, folderRefused)
	}
	if err := f.move(name, folderTaken); err != nil {
		return false, err
	}
	if !v.acks {
		return false, nil
	}
	return false, f.put(portadapters.AckName(name), portadapters.WriteAck(body))
}

func (f *TerminalFiles) move(name, folder string) error {
	return os.Rename(filepath.Join(f.Root, folderOut, name), filepath.Join(f.Root, folder, name))
}

// put writes a file into in/, whole: beside its place, then renamed.
func (f *TerminalFiles) put(name string, body []byte) error {
	final := filepath.Join(f.Root, folderIn, name)
	if err := os.WriteFile(final+".tmp", body, 0o644); err != nil {
		return err
	}
	return os.Rename(final+".tmp", final)
}

// answer is the TerminalReply of the folders. A second copy is a file of its
// own with the same bytes.
func (f *TerminalFiles) answer(_ context.Context, a TerminalAnswer) error {
	d, err := encode(&a)
	if err != nil {
		return err
	}
	name := a.Reference
	if a.Copy > 0 {
		name += "-" + itoa(int64(a.Copy))
	}
	for ending, kind := range types {
		if kind == d.ContentType {
			return f.put(name+ending, d.Body)
		}
	}
	return fmt.Errorf("answer %s: %s has no ending", a.Reference, d.ContentType)
}

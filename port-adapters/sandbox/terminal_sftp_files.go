package sandbox

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path"
	"strings"

	"github.com/pkg/sftp"

	"kouan/port-adapters/sandbox/magic"
)

// sftpHandler is what one session may do below the root: read, write, rename,
// list, remove, make a folder. No link of any kind.
type sftpHandler struct {
	s   *TerminalSFTP
	ctx context.Context
	raw net.Conn
}

// below is a path as os.Root takes it.
func below(p string) string {
	if p = strings.TrimPrefix(path.Clean("/"+p), "/"); p == "" {
		return "."
	}
	return p
}

// Fileread opens a file.
func (h *sftpHandler) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	return h.s.root.Open(below(r.Filepath))
}

// Filewrite opens a file; one that is written under its final name arrives
// when it is closed.
func (h *sftpHandler) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	flags := os.O_WRONLY
	asked := r.Pflags()
	for _, f := range []struct {
		on   bool
		flag int
	}{{asked.Creat, os.O_CREATE}, {asked.Trunc, os.O_TRUNC}, {asked.Excl, os.O_EXCL}} {
		if f.on {
			flags |= f.flag
		}
	}
	f, err := h.s.root.OpenFile(below(r.Filepath), flags, 0o644)
	if err != nil {
		return nil, err
	}
	return &sftpFile{File: f, h: h, path: r.Filepath}, nil
}

// sftpFile is a file that is being written.
type sftpFile struct {
	*os.File
	h    *sftpHandler
	path string
}

// Close ends the writing.
func (f *sftpFile) Close() error {
	if err := f.File.Close(); err != nil {
		return err
	}
	name, final := inOut(f.path)
	if !final {
		return nil
	}
	script, err := f.h.land(name, func() ([]byte, error) {
		body, err := f.h.s.root.ReadFile(below(f.path))
		if errors.Is(err, os.ErrNotExist) {
			return nil, errTaken
		}
		return body, err
	}, func() error { return f.h.s.root.Remove(below(f.path)) })
	switch {
	case errors.Is(err, errTaken):
		return nil
	case err != nil:
		return err
	}
	return f.h.misbehave(script)
}

// errTaken says that the look at the folders was faster.
var errTaken = errors.New("taken already")

// land gives a file its final place and hears the terminal about it; undo
// takes it away again when the terminal does not want it.
func (h *sftpHandler) land(name string, place func() ([]byte, error), undo func() error) (magic.Script, error) {
	h.s.Files.mu.Lock()
	defer h.s.Files.mu.Unlock()
	body, err := place()
	if err != nil {
		return magic.Works, err
	}
	script, err := h.arrived(name, body)
	if err != nil {
		if back := undo(); back != nil && !errors.Is(back, os.ErrNotExist) {
			err = errors.Join(err, back)
		}
	}
	return script, err
}

// Filecmd changes names, sizes and folders.
func (h *sftpHandler) Filecmd(r *sftp.Request) error {
	root := h.s.root
	switch r.Method {
	case "Setstat":
		return nil // owner, mode and times mean nothing here
	case "Rename":
		if _, err := root.Lstat(below(r.Target)); err == nil { // protocol version 3 does not overwrite
			return sftp.ErrSSHFxFailure
		}
		return h.rename(r)
	case "Remove", "Rmdir":
		return root.Remove(below(r.Filepath))
	case "Mkdir":
		return root.Mkdir(below(r.Filepath), 0o755)
	}
	return sftp.ErrSSHFxOpUnsupported
}

// PosixRename overwrites.
func (h *sftpHandler) PosixRename(r *sftp.Request) error { return h.rename(r) }

// rename is the moment at which a file arrives: before it the terminal decides.
func (h *sftpHandler) rename(r *sftp.Request) error {
	root := h.s.root
	name, final := inOut(r.Target)
	if !final {
		return root.Rename(below(r.Filepath), below(r.Target))
	}
	script, err := h.land(name, func() ([]byte, error) {
		body, err := root.ReadFile(below(r.Filepath))
		return body, errors.Join(err, root.Rename(below(r.Filepath), below(r.Target)))
	}, func() error { return root.Rename(below(r.Target), below(r.Filepath)) })
	if err != nil {
		return err
	}
	return h.misbehave(script)
}

// Filelist lists a folder or describes a file.
func (h *sftpHandler) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	switch r.Method {
	case "List":
		dir, err := h.s.root.Open(below(r.Filepath))
		if err != nil {
			return nil, err
		}
		infos, err := dir.Readdir(-1)
		return listed(infos), errors.Join(err, dir.Close())
	case "Stat":
		info, err := h.s.root.Stat(below(r.Filepath))
		if err != nil {
			return nil, err
		}
		return listed{info}, nil
	}
	return nil, sftp.ErrSSHFxOpUnsupported
}

// listed is a list that is given in pieces.
type listed []os.FileInfo

// ListAt fills a piece.
func (l listed) ListAt(into []os.FileInfo, from int64) (int, error) {
	if from >= int64(len(l)) {
		return 0, io.EOF
	}
	n := copy(into, l[from:])
	if n < len(into) {
		return n, io.EOF
	}
	return n, nil
}

var (
	_ sftp.FileReader           = (*sftpHandler)(nil)
	_ sftp.FileWriter           = (*sftpHandler)(nil)
	_ sftp.PosixRenameFileCmder = (*sftpHandler)(nil)
	_ sftp.FileLister           = (*sftpHandler)(nil)
)

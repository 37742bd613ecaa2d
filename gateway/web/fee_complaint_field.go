package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/tariffs/complaint"
)

// formField is one input of a form, with what is wrong with it.
type formField struct {
	Name     string // also of its words: page.complaint.field and .hint
	Label    string // key of other words than those of the name
	Type     string // text, date, email, tel, area, select, files
	Value    string
	Why      string // what is wrong; empty: nothing
	Hint     bool
	Optional bool
	Options  []feeChoice
	Auto     string // autocomplete
}

// inputOf is the input that a fault's path means: files[2] is one of files.
func inputOf(path string) string {
	name, _, _ := strings.Cut(path, "[")
	return name
}

// whyOf is what is wrong with a field.
func whyOf(faults []Fault, name string) string {
	for i := range faults {
		if inputOf(faults[i].Path) == name {
			return faults[i].Message
		}
	}
	return ""
}

// anchors makes the paths of faults the names of inputs that are on the page.
func anchors(faults []Fault, names ...string) []Fault {
	for i := range faults {
		at := inputOf(faults[i].Path)
		faults[i].Path = ""
		for _, name := range names {
			if name == at {
				faults[i].Path = name
			}
		}
	}
	return faults
}

// posted is a form with its files.
type posted struct {
	url.Values
	files []complaint.File
	held  int64
}

func (p *posted) get(name string) string { return strings.TrimSpace(p.Get(name)) }

const (
	// maxUpload is what a form with evidence may weigh.
	maxUpload = complaint.MostFiles*complaint.MostFile + maxForm
	// maxHeld bounds the files of all forms that are being read: many large
	// ones at once are refused instead of filling the machine. A slow sender
	// holds no more than he has sent.
	maxHeld   = 96 << 20
	readPiece = 256 << 10
)

// uploads counts the bytes of files that are held.
type uploads struct{ held atomic.Int64 }

func (u *uploads) take(p *posted, n int64) error {
	if u.held.Add(n) > maxHeld {
		u.held.Add(-n)
		return errors.Join(errors.New("too many files at once"), store.ErrUnavailable)
	}
	p.held += n
	return nil
}

// release gives back what a form held; it is called when the request ends.
func (u *uploads) release(p *posted) { u.held.Add(-p.held) }

var errUpload = errors.New("the form is too large")

// filePage registers a page whose form may carry files.
func (s *server) filePage(pattern string, act auth.Act, h func(w http.ResponseWriter, v *visit, p *posted) error) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		body := r.Body // the guard bounds it for forms without files
		s.answer(w, r, act, func(w http.ResponseWriter, v *visit) error {
			v.Body = http.MaxBytesReader(w, body, maxUpload)
			p := &posted{}
			defer s.uploads.release(p)
			if err := s.readPosted(v, p); err != nil {
				return err
			}
			return h(w, v, p)
		})
	})
}

// readPosted reads a form in either of its encodings. Of files one more than
// may come is kept, so that there is something to complain about.
func (s *server) readPosted(v *visit, p *posted) error {
	kind, _, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if err != nil {
		return errForm
	}
	if kind != "multipart/form-data" {
		v.Body = http.MaxBytesReader(nil, v.Body, maxForm)
		if err := v.ParseForm(); err != nil {
			return errForm
		}
		p.Values = v.PostForm
		return nil
	}
	p.Values = url.Values{}
	parts, err := v.MultipartReader()
	if err != nil {
		return errForm
	}
	fields := 0
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			v.PostForm = p.Values
			return nil
		}
		if err != nil {
			return formError(err)
		}
		if part.FileName() == "" && part.FormName() == "files" { // no file was chosen
			continue
		}
		if part.FormName() == "files" {
			if err := s.readFile(p, part); err != nil {
				return err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, maxForm+1))
		if err != nil {
			return formError(err)
		}
		if fields += len(value) + len(part.FormName()); fields > maxForm {
			return errUpload
		}
		p.Add(part.FormName(), strings.ReplaceAll(string(value), "\r\n", "\n"))
	}
}

func (s *server) readFile(p *posted, part *multipart.Part) error {
	if len(p.files) > complaint.MostFiles {
		return nil
	}
	var data []byte
	for {
		if err := s.uploads.take(p, readPiece); err != nil {
			return err
		}
		piece := make([]byte, readPiece)
		n, err := io.ReadFull(part, piece)
		data = append(data, piece[:n]...)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return formError(err)
		}
		if len(data) > complaint.MostFile { // enough to know that it is too large
			break
		}
	}
	p.files = append(p.files, complaint.File{Name: part.FileName(), Data: data})
	return nil
}

func formError(err error) error {
	if errors.As(err, new(*http.MaxBytesError)) {
		return errUpload
	}
	return errForm
}

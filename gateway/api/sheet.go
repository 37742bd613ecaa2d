package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"kouan/declarations/intake"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// Media types of files that hold many declarations.
const (
	typeCSV  = "text/csv"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeXLSM = "application/vnd.ms-excel.sheet.macroenabled.12" // refused by name
	typeXLS  = "application/vnd.ms-excel"                       // likewise
	typeZIP  = "application/zip"
)

var sheetTypes = []string{typeCSV, typeXLSX, typeXLSM, typeXLS, typeZIP}

// Upload is the answer to a file of many declarations.
type Upload struct {
	ID          string         `json:"id" doc:"Under which the answer can be read again for 30 days"`
	Accepted    int            `json:"accepted"`
	Refused     int            `json:"refused"`
	Results     []UploadResult `json:"results" doc:"One for each declaration, in the order of the file"`
	RefusedFile string         `json:"refused_file,omitzero" doc:"Path of the refused rows as a file, to be corrected and sent again"`
}

// UploadResult is what became of one declaration of a file.
type UploadResult struct {
	Line      int     `json:"line" doc:"Row where it begins; of JSON its line"`
	Status    string  `json:"status" enum:"accepted,refused"`
	ID        string  `json:"id,omitzero"`
	Reference string  `json:"reference,omitzero"`
	Faults    []Fault `json:"faults" doc:"Why it was refused, and warnings"`
	More      int     `json:"more,omitzero" doc:"Further faults that are not listed"`
}

// An answer must stay an answer: of one row and of all rows so many faults
// are listed, and a file holds so many declarations.
const (
	maxRowFaults  = 25
	maxFileFaults = 5_000
	maxRows       = 20_000
)

// maxUploads tables are at work at once, half of them of one partner.
const maxUploads = 8

// sheetDeadline is for a file: it is taken in row by row, so a cut leaves no
// half declaration, and the same file again goes on where it was.
const sheetDeadline = 10 * time.Minute

// spooled is a body on the disk.
type spooled struct {
	*os.File
	size    int64
	sha     string // of the bytes
	request string // of everything that an Idempotency-Key stands for
}

// submitMany is POST /api/v1/declarations with a table or a package.
func (s *server) submitMany(w http.ResponseWriter, r *http.Request, draft bool, contentType string) (err error) {
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	c := callOf(r.Context())
	if !s.uploads.enter() {
		return errOverload
	}
	defer s.uploads.leave()
	if !s.uploads.claim(c.principal.PartnerID) {
		return errTooMany
	}
	defer s.uploads.release(c.principal.PartnerID)
	s.patience(w, r)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), sheetDeadline)
	defer cancel()
	body, err := s.spool(r, draft, contentType)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.close()) }()
	return s.rows(ctx, w, r, upload{body: body, size: body.size, sha: body.sha, request: body.request, key: key, draft: draft, contentType: contentType})
}

// submitSeveral is the same for a body that is in memory: an array of JSON,
// or a table whose sender did not name its type.
func (s *server) submitSeveral(w http.ResponseWriter, r *http.Request, in desk.Submission) error {
	sum := sha256.Sum256(in.Body)
	return s.rows(r.Context(), w, r, upload{body: bytes.NewReader(in.Body), size: int64(len(in.Body)), whole: in.Body, sha: hex.EncodeToString(sum[:]),
		request: in.RequestSHA, key: in.IdempotencyKey, draft: in.Draft, contentType: in.ContentType, format: in.Format})
}

// patience gives a large body more time than a request has.
func (s *server) patience(w http.ResponseWriter, r *http.Request) {
	rc := http.NewResponseController(w)
	end := s.Clock().Add(sheetDeadline)
	for _, err := range []error{rc.SetReadDeadline(end), rc.SetWriteDeadline(end.Add(time.Minute))} {
		if err != nil {
			s.Logger.DebugContext(r.Context(), "no deadline of its own for an upload", "error", err)
		}
	}
}

// spool writes the body to a file without a name that anybody else can use.
func (s *server) spool(r *http.Request, draft bool, contentType string) (*spooled, error) {
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return nil, errMediaType
	}
	f, err := os.CreateTemp("", "kouan-upload-*")
	if err != nil {
		return nil, fmt.Errorf("spool upload: %w: %w", store.ErrUnavailable, err)
	}
	b := &spooled{File: f}
	sha := sha256.New()
	request := requestHash(r.Method, r.URL.Path, draft, contentType)
	disk := &noted{w: f}
	b.size, err = io.Copy(io.MultiWriter(sha, request, disk), r.Body)
	if err != nil {
		if disk.err != nil {
			err = fmt.Errorf("spool upload: %w: %w", store.ErrUnavailable, err)
		} else {
			err = readError(err)
		}
		if closing := b.close(); closing != nil {
			s.Logger.WarnContext(r.Context(), "spooled upload was not removed", "error", closing)
		}
		return nil, err
	}
	b.sha, b.request = hex.EncodeToString(sha.Sum(nil)), hex.EncodeToString(request.Sum(nil))
	return b, nil
}

// noted tells an error of writing from one of reading.
type noted struct {
	w   io.Writer
	err error
}

func (n *noted) Write(b []byte) (int, error) {
	k, err := n.w.Write(b)
	n.err = err
	return k, err
}

func (b *spooled) close() error { return errors.Join(b.Close(), os.Remove(b.Name())) }

// upload is a file of many declarations at work.
type upload struct {
	body              io.ReaderAt
	size              int64
	whole             []byte // the body, when it is in memory
	sha, request, key string
	draft             bool
	contentType       string
	format            intake.Format
}

// rows takes the declarations in and answers what became of each.
func (s *server) rows(ctx context.Context, w http.ResponseWriter, r *http.Request, u upload) error {
	p := callOf(ctx).principal
	first, err := s.Desk.ReplayUpload(ctx, p, u.key, u.request)
	if err != nil {
		return err
	}
	if first != nil {
		s.uploaded(w, r, *first, true)
		return nil
	}
	if u.format == "" {
		u.format = intake.Sniff(u.body, u.size, u.contentType)
	}
	t := &tally{words: i18n.For(language(r)), answer: Upload{ID: s.Desk.NewID(), Results: []UploadResult{}}}
	if err := t.begin(u.format); err != nil {
		return fmt.Errorf("spool refused rows: %w: %w", store.ErrUnavailable, err)
	}
	defer t.discard(ctx, s)
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		params = nil // no type, so no charset
	}
	err = s.Desk.SubmitRows(ctx, p, desk.Bulk{Rows: limited(intake.Stream(u.body, u.size, u.format, intake.Options{Charset: params["charset"]})),
		Body: u.whole, ContentType: u.contentType, Draft: u.draft, Peer: r.RemoteAddr}, t.add)
	if err != nil {
		return err
	}
	if len(t.answer.Results) == 1 && t.document != nil {
		return &desk.FaultsError{Faults: t.document} // not one row could be told apart: the file itself is refused
	}
	return s.keep(ctx, w, r, p, &u, t)
}

// keep commits the answer and writes it.
func (s *server) keep(ctx context.Context, w http.ResponseWriter, r *http.Request, p auth.Principal, u *upload, t *tally) error {
	parts, err := t.parts()
	if err != nil {
		return fmt.Errorf("spool refused rows: %w: %w", store.ErrUnavailable, err)
	}
	if len(parts) > 0 {
		t.answer.RefusedFile = "/api/v1/uploads/" + t.answer.ID + "/refused"
	}
	answer := desk.Replayed{Status: http.StatusOK, ContentType: typeJSON, Body: marshal(&t.answer)}
	first, err := s.Desk.KeepUpload(ctx, p, desk.UploadRecord{ID: t.answer.ID, Format: string(t.format), SHA256: u.sha, Key: u.key, RequestSHA: u.request,
		Accepted: t.answer.Accepted, Refused: t.answer.Refused, Answer: answer, Parts: parts})
	if err != nil {
		return err
	}
	if first != nil {
		s.uploaded(w, r, *first, true)
		return nil
	}
	s.uploaded(w, r, answer, false)
	return nil
}

func (s *server) uploaded(w http.ResponseWriter, r *http.Request, a desk.Replayed, repeated bool) {
	h := w.Header()
	if repeated {
		h.Set("Idempotency-Replayed", "true")
	} else {
		h.Set("Content-Language", string(language(r)))
	}
	h.Set("Vary", "Accept-Language")
	s.write(w, r, a.Status, a.ContentType, a.Body)
}

// isSheet reports a request whose body may be as large as a table.
func isSheet(r *http.Request) bool {
	t, err := mediaType(r, sheetTypes...)
	return err == nil && t != ""
}

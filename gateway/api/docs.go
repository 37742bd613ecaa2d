package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/auth"
)

// page is a text that is made once, at its first request.
type page struct {
	once sync.Once
	body []byte
	err  error
}

func (p *page) get(build func() ([]byte, error)) ([]byte, error) {
	p.once.Do(func() { p.body, p.err = build() })
	return p.body, p.err
}

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS string

var docsTemplate = template.Must(template.New("docs").Parse(docsHTML))

// docsPage lists the operations of the description: one page, no script,
// nothing from elsewhere.
func (s *server) docsPage(w http.ResponseWriter, r *http.Request) error {
	body, err := s.docs.get(s.buildDocs)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(docsCSS))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	s.write(w, r, http.StatusOK, "text/html; charset=utf-8", body)
	return nil
}

type docsOperation struct {
	*huma.Operation
	Body  []string
	Codes []docsAnswer
}

type docsAnswer struct{ Status, Text, Types string }

func (s *server) buildDocs() ([]byte, error) {
	var ops []docsOperation
	for i := range s.table {
		if op := s.operationOf(&s.table[i]); op != nil {
			ops = append(ops, docsOf(op))
		}
	}
	var out bytes.Buffer
	err := docsTemplate.Execute(&out, map[string]any{"API": s.api.OpenAPI(), "Operations": ops, "CSS": template.CSS(docsCSS)})
	if err != nil {
		return nil, fmt.Errorf("docs page: %w", err)
	}
	return out.Bytes(), nil
}

// operationOf is the operation of a route in the description; nil when it is hidden.
func (s *server) operationOf(rt *route) *huma.Operation {
	item := s.api.OpenAPI().Paths[rt.path]
	if item == nil {
		return nil
	}
	switch rt.method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodDelete:
		return item.Delete
	}
	return nil
}

func docsOf(op *huma.Operation) docsOperation {
	out := docsOperation{Operation: op}
	if op.RequestBody != nil {
		out.Body = types(op.RequestBody.Content)
	}
	for status, answer := range op.Responses {
		out.Codes = append(out.Codes, docsAnswer{status, answer.Description, strings.Join(types(answer.Content), ", ")})
	}
	slices.SortFunc(out.Codes, func(a, b docsAnswer) int { return strings.Compare(a.Status, b.Status) })
	return out
}

func types(content map[string]*huma.MediaType) []string {
	out := make([]string, 0, len(content))
	for t := range content {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}

// roles names who may do an act.
func roles(a auth.Act) string {
	names := make([]string, 0, len(auth.Roles[a]))
	for _, r := range auth.Roles[a] {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

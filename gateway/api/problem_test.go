package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// refusals is every kind of error with its answer.
var refusals = []struct {
	name   string
	err    error
	status int
	code   string
	retry  bool
}{
	{"faults", &desk.FaultsError{Faults: []declarations.Fault{{Code: "DEC-0002", Severity: declarations.Reject}}}, 422, "invalid", false},
	{"faults of size", &desk.FaultsError{Faults: []declarations.Fault{{Code: declarations.CodeTooLarge, Args: map[string]string{"limit": "4194304", "unit": "bytes"}}}}, 413, "too_large", false},
	{"reference held", &desk.ReferenceError{ID: "D1", Status: "sent"}, 409, "conflict_reference", false},
	{"key used", desk.ErrIdempotency, 409, "conflict_idempotency", false},
	{"state", &desk.StateError{Status: "sent", Allowed: "draft, returned"}, 409, "conflict_state", false},
	{"version", desk.ErrVersion, 412, "conflict_version", false},
	{"no If-Match", errPrecondition, 428, "precondition", false},
	{"no key", auth.ErrDenied, 401, "denied", false},
	{"other role", fmt.Errorf("read as msa: %w", auth.ErrForbidden), 403, "forbidden_role", false},
	{"not yours", fmt.Errorf("read: %w", store.ErrNotFound), 404, "not_found", false},
	{"database away", fmt.Errorf("commit: %w", store.ErrUnavailable), 503, "unavailable", true},
	{"outcome unknown", fmt.Errorf("commit: %w", store.ErrUnknown), 503, "unavailable", true},
	{"too late", fmt.Errorf("read: %w", context.DeadlineExceeded), 503, "unavailable", true},
	{"caller gone", context.Canceled, 503, "unavailable", true},
	{"too much at once", errOverload, 503, "overload", true},
	{"too much of one partner", errTooMany, 429, "overload", true},
	{"other media type", errMediaType, 415, "media_type", false},
	{"bad key", errIdempotencyKey, 422, "idempotency_key", false},
	{"no route", errNoRoute, 404, "not_found", false},
	{"other method", errMethod, 405, "method", false},
	{"too slow", errSlow, 408, "unavailable", false},
	{"cut off", errCut, 400, "unavailable", false},
	{"too large", tooLarge(8 << 20), 413, "too_large", false},
	{"panic", errPanic, 500, "internal", false},
	{"anything else", errors.New("secret: dial tcp 10.0.0.7"), 500, "internal", false},
}

func TestEveryErrorHasItsAnswerInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, row := range refusals {
		for _, lang := range i18n.Languages() {
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, all, nil)
			r.Header.Set("Accept-Language", string(lang))
			b.problem(w, r, row.err)
			a := answer{w.Code, w.Header(), w.Body.Bytes()}
			p := refused(t, a, row.status, row.code)
			if got := a.header.Get("Content-Language"); got != string(lang) {
				t.Errorf("%s: Content-Language %s, want %s", row.name, got, lang)
			}
			if (a.header.Get("Retry-After") != "") != row.retry {
				t.Errorf("%s: Retry-After %q, want one: %v", row.name, a.header.Get("Retry-After"), row.retry)
			}
			if strings.Contains(string(a.body), "secret") {
				t.Errorf("%s shows %s", row.name, a.body)
			}
			for _, f := range p.Faults {
				if f.Message == "" || strings.HasPrefix(f.Message, "fault.") {
					t.Errorf("%s in %s: message %q", row.name, lang, f.Message)
				}
			}
		}
	}
	if !strings.Contains(b.logs.String(), "10.0.0.7") {
		t.Error("an internal error is not in the log")
	}
}

// A size is told in its own unit, in the reader's language; args stay data.
func TestSizesAreToldInTheirUnit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, row := range []struct{ limit, unit, lang, detail, message string }{
		{"4194304", "bytes", "en", "The request is larger than the limit of 4 MiB and was not accepted.",
			"The document is above the limit of 4,194,304 bytes. Split it or make it smaller, and submit again."},
		{"10000", "rows", "zh-Hans", "文件超过上限：10,000 行。拆分或缩小后重新提交。", "文件超过上限：10,000 行。拆分或缩小后重新提交。"},
	} {
		args := map[string]string{"limit": row.limit, "unit": row.unit}
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, all, nil)
		r.Header.Set("Accept-Language", row.lang)
		b.problem(w, r, &desk.FaultsError{Faults: []declarations.Fault{{Code: declarations.CodeTooLarge, Severity: declarations.Reject, Args: args}}})
		p := refused(t, answer{w.Code, w.Header(), w.Body.Bytes()}, http.StatusRequestEntityTooLarge, "too_large")
		want := []Fault{{Code: declarations.CodeTooLarge, Severity: "reject", Message: row.message, Args: args}}
		if diff := cmp.Diff(want, p.Faults); diff != "" || p.Detail != row.detail {
			t.Errorf("detail %q, want %q; faults (-want +got)\n%s", p.Detail, row.detail, diff)
		}
	}
}

func TestErrorsOfHumaPassTheOneFunction(t *testing.T) {
	t.Parallel()
	internal := &huma.ErrorModel{Status: http.StatusInternalServerError, Detail: "secret"}
	if got := parameters(internal); got != errPanic {
		t.Errorf("500 of huma: %v", got)
	}
	many := parameters(&huma.ErrorModel{Status: 422, Errors: []*huma.ErrorDetail{{Location: "query.limit", Message: "expected", Value: "hostile"}, {Location: "path." + strings.Repeat("x", 500)}}})
	if len(many.faults) != 2 || many.faults[0].Path != "query.limit" || many.faults[0].Args["name"] != "limit" || len(many.faults[1].Path) > 100 {
		t.Errorf("faults %+v", many.faults)
	}
}

var codeLiteral = regexp.MustCompile(`"((?:[A-Z]{3}|I18N)-\d{4})"`)

// codesInSource are the fault codes that the program can emit: those written
// in it, and those of its rules.
func codesInSource(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for i := range declarations.Rules {
		found[declarations.Rules[i].Code()] = true
	}
	for _, root := range []string{"../../declarations", "../../gateway", "../../port-adapters", "../../tariffs", "../../i18n"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			src, err := os.ReadFile(path)
			for _, m := range codeLiteral.FindAllSubmatch(src, -1) {
				found[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatalf("read source: %v", err)
		}
	}
	var codes []string
	for c := range found {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	return codes
}

// TestFaultCodesAreThePublishedOnes: codes are public. A new one is added to
// the golden with -update; one that disappears is a broken promise.
func TestFaultCodesAreThePublishedOnes(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, code := range codesInSource(t) {
		args, ok := i18n.Placeholders("fault." + code)
		if !ok {
			t.Errorf("%s has no words", code)
		}
		out.WriteString(strings.TrimSpace(code+" "+strings.Join(args, " ")) + "\n")
	}
	golden(t, "testdata/fault_codes.txt", []byte(out.String()))
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), -update writes it anew:\n%s", file, diff)
	}
}

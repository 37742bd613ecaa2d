package api

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

// hostile are bodies that must get a clear answer. place: whether a line can be told.
type hostile struct {
	name   string
	body   []byte
	status int
	code   string // of the first fault; empty: the problem says it all
	place  bool
}

func hostileXML(t *testing.T) []hostile {
	good := string(xmlOf("EX1"))
	edit := func(old, new string) []byte { return []byte(strings.Replace(good, old, new, 1)) }
	var deep strings.Builder
	deep.WriteString(`<DecMessage xmlns="http://www.chinaport.gov.cn/dec">`)
	deep.WriteString(strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000) + "</DecMessage>")
	var wide strings.Builder
	wide.WriteString(`<DecMessage xmlns="http://www.chinaport.gov.cn/dec"`)
	for i := range 1000 {
		wide.WriteString(" a" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + `=""`)
	}
	wide.WriteString("/>")
	return []hostile{
		{"DOCTYPE", edit("<DecMessage", "<!DOCTYPE x [<!ENTITY e \"x\">]><DecMessage"), 422, "DEC-0002", true},
		{"external entity", edit("<DecMessage", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><DecMessage"), 422, "DEC-0002", true},
		{"two roots", []byte(good + "<x/>"), 422, declarations.CodeXMLRoots, true},
		{"text after the root", []byte(good + "x"), 422, declarations.CodeXMLRoots, true},
		{"attribute twice", edit(`Version="4.8"`, `Version="4.8" Version="4.8"`), 422, declarations.CodeXMLAttribute, true},
		{"undeclared prefix", edit("<DecSign>", "<q:DecSign>"), 422, declarations.CodeXMLPrefix, true},
		{"100,000 deep", []byte(deep.String()), 422, declarations.CodeXMLDepth, true},
		{"1,000 attributes", []byte(wide.String()), 422, declarations.CodeXMLAttributes, true},
		{"processing instruction", edit("<DecMessage", "<?php x?><DecMessage"), 422, declarations.CodeXMLProcessing, true},
		{"bad bytes", edit("<IEFlag>I", "<IEFlag>\xff"), 422, "DEC-0001", true},
		{"GB18030", edit(`encoding="UTF-8"`, `encoding="GB18030"`), 422, declarations.CodeXMLEncoding, true},
		{"encoding nobody reads", edit(`encoding="UTF-8"`, `encoding="EBCDIC"`), 422, declarations.CodeXMLEncoding, true},
		{"cut off", []byte(good[:len(good)/2]), 422, "DEC-0001", true},
		{"other root", []byte("<html/>"), 422, "DEC-0003", true},
		{"empty", []byte{}, 422, declarations.CodeEmpty, false},
		{"blank", []byte(" \n\t "), 422, declarations.CodeEmpty, false},
		{"JSON instead", []byte(`{"declaration":{}}`), 422, "", false},
		{"nul bytes", bytes.Repeat([]byte{0}, 1000), 422, "", false},
	}
}

func hostileJSON(t *testing.T) []hostile {
	good := string(jsonOf(t, "EX1"))
	member := func(m string) []byte {
		return []byte(strings.Replace(good, `{"declaration":{`, `{"declaration":{`+m+`,`, 1))
	}
	return []hostile{
		{"10,000 arrays", []byte(strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)), 422, "", false},
		{"10,000 objects", []byte(`{"items":` + strings.Repeat(`[{"carried":`, 5_000) + "1" + strings.Repeat("}]", 5_000) + "}"), 422, "", true},
		{"100,000 open", []byte(strings.Repeat(`{"declaration":`, 100_000)), 422, "", false},
		{"member twice", member(`"trade_direction":"export"`), 422, declarations.CodeDuplicateKey, true},
		{"unknown member", member(`"colour":"red"`), 422, declarations.CodeUnknownMember, true},
		{"member in other case", member(`"Contract_Number":"x"`), 422, declarations.CodeUnknownMember, true},
		{"object for text", []byte(`{"declaration":{"client_reference":{}}}`), 422, declarations.CodeWrongType, true},
		{"list for object", []byte(`{"declaration":[]}`), 422, declarations.CodeWrongType, true},
		{"number for list", []byte(`{"items":7}`), 422, declarations.CodeWrongType, true},
		{"bare number", []byte(`7`), 422, "", true},
		{"null", []byte(`null`), 422, "", false},
		{"not JSON", []byte(`{"declaration":`), 422, declarations.CodeJSONSyntax, true},
		{"after the end", []byte(good + `{}`), 422, declarations.CodeTrailing, true},
		{"bad bytes", member("\"remarks\":\"\xff\""), 422, declarations.CodeNotUTF8, true},
		{"lone surrogate", member(`"remarks":"\ud800"`), 422, "", true},
		{"empty", []byte{}, 422, declarations.CodeEmpty, false},
		{"XML instead", xmlOf("EX1"), 422, declarations.CodeJSONSyntax, true},
		{"huge number", []byte(`{"declaration":{"total_packages":` + strings.Repeat("9", 100_000) + `}}`), 422, "", false},
		{"no reference", []byte(`{"declaration":{"trade_direction":"import"}}`), 422, "", false},
	}
}

// TestHostileBodiesGetAClearAnswer: a 4xx, a code, a place where there can be
// one, words in both languages, and nothing written.
func TestHostileBodiesGetAClearAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	draft := read[Accepted](t, b.postJSON(t, "alice", all+"?draft=1", jsonOf(t, "DRAFT1")), http.StatusCreated)
	before := b.rows(t)
	for contentType, rows := range map[string][]hostile{typeXML: hostileXML(t), typeJSON: hostileJSON(t)} {
		for _, row := range rows {
			for _, to := range []struct{ method, path string }{{http.MethodPost, all}, {http.MethodPost, all + "?draft=1"}, {http.MethodPut, all + "/" + draft.ID}} {
				for _, lang := range []string{"en", "zh-CN"} {
					a := b.ask(t, "alice", to.method, to.path, row.body, "Content-Type", contentType, "Accept-Language", lang, "If-Match", `"1"`)
					if a.status != row.status {
						t.Errorf("%s %s as %s: status %d, want %d: %.300s", row.name, to.path, contentType, a.status, row.status, a.body)
						continue
					}
					checkFaults(t, row, refused(t, a, row.status, "invalid"), lang)
				}
			}
		}
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused body wrote (-before +after):\n%s", diff)
	}
}

func checkFaults(t *testing.T, row hostile, p Problem, lang string) {
	t.Helper()
	if len(p.Faults) == 0 {
		t.Errorf("%s: no faults", row.name)
		return
	}
	f := p.Faults[0]
	if row.code != "" && f.Code != row.code {
		t.Errorf("%s: code %s, want %s (%s)", row.name, f.Code, row.code, f.Message)
	}
	if row.place && (f.Line < 1 || f.Column < 1) {
		t.Errorf("%s: %s at line %d column %d, want a place", row.name, f.Code, f.Line, f.Column)
	}
	for _, f := range p.Faults {
		if f.Message == "" || strings.HasPrefix(f.Message, "fault.") || strings.Contains(f.Message, "…") && len(f.Message) < 40 {
			t.Errorf("%s: message %q of %s", row.name, f.Message, f.Code)
		}
		if chinese := strings.ContainsFunc(f.Message, func(r rune) bool { return r >= 0x4e00 && r < 0xa000 }); lang == "zh-CN" && !chinese {
			t.Errorf("%s: %s says %q to a Chinese reader", row.name, f.Code, f.Message)
		}
	}
}

// TestHostileReceipts: the same for what customs sends, garbage samples too.
func TestHostileReceipts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.rows(t)
	rows := []hostile{
		{name: "DOCTYPE", body: []byte(`<!DOCTYPE x><DEC_RESULT/>`)},
		{name: "HTML", body: []byte(`<html><body>504</body></html>`)},
		{name: "no code", body: []byte(`<DEC_RESULT><CUS_CIQ_NO>I20260000999900001</CUS_CIQ_NO></DEC_RESULT>`)},
		{name: "bad date", body: customsResult("I20260000999900001", "P", "yesterday", "x")},
		{name: "names nothing", body: customsResult("", "P", "2026-01-05T10:17:00", "x")},
		{name: "empty", body: []byte{}},
		{name: "binary", body: []byte{0, 1, 2, 3, 0xff}},
		{name: "cut off", body: []byte(`<DEC_RESULT><CUS_CIQ_NO>I2026`)},
		{name: "deep", body: []byte(strings.Repeat("<a>", 100_000))},
		{name: "JSON depth", body: []byte(strings.Repeat("[", 100_000))},
		{name: "object depth", body: []byte(strings.Repeat(`{"a":`, 100_000))},
		{name: "bad base64", body: []byte(`<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp"><Data>%%%</Data></DxpMsg>`)},
	}
	rows = append(rows, garbageSamples(t)...)
	for _, row := range rows {
		for _, lang := range []string{"en", "zh-CN"} {
			a := b.postXML(t, "customs", receipts, row.body, "Accept-Language", lang)
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: status %d, want 422: %.300s", row.name, a.status, a.body)
				continue
			}
			checkFaults(t, row, refused(t, a, a.status, "invalid"), lang)
		}
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused receipt wrote (-before +after):\n%s", diff)
	}
}

func TestByteOrderMarkIsRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	bom := []byte("\ufeff")
	read[Accepted](t, b.postXML(t, "alice", all, append(bom, xmlOf("EX1")...)), http.StatusCreated)
	a := b.postJSON(t, "alice", all, append([]byte("\ufeff"), jsonOf(t, "EX2")...))
	if a.status >= 500 || a.status != http.StatusCreated && a.status != http.StatusUnprocessableEntity {
		t.Errorf("JSON with a byte order mark: %d %s", a.status, a.body)
	}
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.rows(t)
	for _, ct := range []string{"text/plain", "text/html", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json; charset=gbk", "json", ";", "application/json, text/xml"} {
		refused(t, b.ask(t, "alice", http.MethodPost, all, jsonOf(t, "EX1"), "Content-Type", ct), http.StatusUnsupportedMediaType, "media_type")
		refused(t, b.ask(t, "customs", http.MethodPost, receipts, importResponse("EX1", "I", "0"), "Content-Type", ct), http.StatusUnsupportedMediaType, "media_type")
	}
	refused(t, b.postJSON(t, "alice", all, jsonOf(t, "EX1"), "Content-Encoding", "gzip"), http.StatusUnsupportedMediaType, "media_type")
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused request wrote (-before +after):\n%s", diff)
	}
	read[Accepted](t, b.ask(t, "alice", http.MethodPost, all, jsonOf(t, "EX1"), "Content-Type", "Application/JSON; charset=UTF-8"), http.StatusCreated)
}

// garbageSamples are the shared samples of what is no receipt.
func garbageSamples(t *testing.T) []hostile {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			t.Fatal("no go.mod above this package")
		}
		root = filepath.Dir(root)
	}
	files, err := filepath.Glob(filepath.Join(root, "../shared/samples/receipts/*garbage*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatal("no shared samples of receipts")
		}
		t.Log("no shared samples of receipts: only the rows of this test are run")
	}
	rows := make([]hostile, 0, len(files))
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, hostile{name: filepath.Base(f), body: body})
	}
	return rows
}

package api

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kouan/declarations"
	"kouan/declarations/customsxml"
	"kouan/declarations/intake"
)

// table is a CSV of declarations made of the sample, one line each, under
// their references; change may break a row.
func table(t testing.TB, references []string, change func(i int, header, row []string)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for i, reference := range references {
		header, rows := rowsOf(t, reference)
		if i == 0 {
			if err := w.Write(header); err != nil {
				t.Fatal(err)
			}
		}
		for _, row := range rows {
			if change != nil {
				change(i, header, row)
			}
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.Flush()
	return out.Bytes()
}

// rowsOf writes the sample under the columns of the English template.
func rowsOf(t testing.TB, reference string) (header []string, rows [][]string) {
	t.Helper()
	doc, _ := customsxml.Parse([]byte(sample()))
	doc.Declaration.Header.ClientReference = reference
	return intake.Lines(&doc.Declaration, false)
}

func set(header, row []string, column, value string) {
	for i, name := range header {
		if name == column {
			row[i] = value
			return
		}
	}
	panic("no column " + column)
}

func statuses(u Upload) []string {
	var out []string
	for _, r := range u.Results {
		out = append(out, fmt.Sprintf("%d %s %s", r.Line, r.Status, r.Reference))
	}
	return out
}

// Good rows are accepted and bad ones come back as a file; corrected and sent
// again, that file brings the rest in, and the first rows keep their ids.
func TestTableIsTakenInRowByRow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := table(t, []string{"TAB1", "TAB2", "TAB3"}, func(i int, header, row []string) {
		if i == 1 {
			set(header, row, "Gross weight (kg)", "1250.5 kg")
		}
	})
	a := b.ask(t, "alice", http.MethodPost, all, body, "Content-Type", typeCSV, "Idempotency-Key", "K1")
	u := read[Upload](t, a, http.StatusOK)
	if diff := cmp.Diff([]string{"2 accepted TAB1", "3 refused TAB2", "4 accepted TAB3"}, statuses(u)); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if f := u.Results[1].Faults; len(f) == 0 || f[0].Code != "CSV-1012" || !strings.HasPrefix(f[0].Path, "row 3, column ") || f[0].Message == "" {
		t.Errorf("faults %+v", f)
	}

	again := b.ask(t, "alice", http.MethodPost, all, body, "Content-Type", typeCSV, "Idempotency-Key", "K1")
	if !bytes.Equal(again.body, a.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same key gets another answer: %s", again.body)
	}
	refused(t, b.ask(t, "alice", http.MethodPost, all, append(body, '\n'), "Content-Type", typeCSV, "Idempotency-Key", "K1"), http.StatusConflict, "conflict_idempotency")

	other := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, body, "Content-Type", typeCSV), http.StatusOK)
	if other.Results[0].ID != u.Results[0].ID || other.Results[2].ID != u.Results[2].ID || other.Results[0].Status != "accepted" {
		t.Errorf("the same file gets other ids: %v, %v", u.Results, other.Results)
	}

	kept := read[Upload](t, b.ask(t, "alice", http.MethodGet, "/api/v1/uploads/"+u.ID, nil), http.StatusOK)
	if diff := cmp.Diff(u, kept); diff != "" {
		t.Errorf("kept answer (-first +kept):\n%s", diff)
	}
	file := b.ask(t, "alice", http.MethodGet, u.RefusedFile, nil)
	if file.status != http.StatusOK || !strings.Contains(string(file.body), "CSV-1012") || !strings.HasPrefix(file.header.Get("Content-Type"), typeCSV) {
		t.Fatalf("refused rows: %d %s", file.status, file.body)
	}
	stillWrong := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, file.body, "Content-Type", typeCSV), http.StatusOK)
	if diff := cmp.Diff([]string{"2 refused TAB2"}, statuses(stillWrong)); diff != "" {
		t.Errorf("uncorrected rows (-want +got):\n%s", diff)
	}
	mended := bytes.Replace(file.body, []byte("1250.5 kg"), []byte("1250.5"), 1)
	right := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, mended, "Content-Type", typeCSV), http.StatusOK)
	if diff := cmp.Diff([]string{"2 accepted TAB2"}, statuses(right)); diff != "" || right.RefusedFile != "" {
		t.Errorf("corrected rows (-want +got):\n%s", diff)
	}
	for _, path := range []string{"/api/v1/uploads/" + u.ID, u.RefusedFile, "/api/v1/uploads/" + right.ID + "/refused"} {
		refused(t, b.ask(t, "bob", http.MethodGet, path, nil), http.StatusNotFound, "not_found")
	}
}

// What came in is kept: the row as a small table that reads as the same declaration.
func TestRowIsKeptAsItCame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, table(t, []string{"KEPT1"}, nil), "Content-Type", typeCSV), http.StatusOK)
	a := b.ask(t, "alice", http.MethodGet, all+"/"+u.Results[0].ID+"/messages/1", nil)
	row := intake.Read(a.body, intake.CSV)[0]
	doc := b.ask(t, "alice", http.MethodGet, all+"/"+u.Results[0].ID, nil)
	canonical, err := intake.Marshal(&row.Declaration)
	if err != nil || declarations.Rejected(row.Faults) || !bytes.Contains(doc.body, canonical) {
		t.Errorf("kept row reads as %s, %v, %v; the declaration is %s", canonical, row.Faults, err, doc.body)
	}
}

func TestWorkbookComesBackAsAWorkbook(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := excelize.NewFile()
	n := 1
	write := func(row []string) {
		for i, v := range row {
			at, err := excelize.CoordinatesToCellName(i+1, n)
			if err == nil {
				err = f.SetCellStr("Sheet1", at, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		n++
	}
	for i, reference := range []string{"BOOK1", "BOOK2"} {
		header, rows := rowsOf(t, reference)
		if i == 0 {
			write(header)
		} else {
			set(header, rows[0], "Net weight (kg)", "1,200")
		}
		write(rows[0])
	}
	var body bytes.Buffer
	if err := f.Write(&body); err != nil {
		t.Fatal(err)
	}
	u := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, body.Bytes(), "Content-Type", typeXLSX), http.StatusOK)
	if diff := cmp.Diff([]string{"2 accepted BOOK1", "3 refused BOOK2"}, statuses(u)); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if p := u.Results[1].Faults[0].Path; !strings.HasPrefix(p, "Sheet1!") || !strings.HasSuffix(p, "3") {
		t.Errorf("place %s", p)
	}
	file := b.ask(t, "alice", http.MethodGet, u.RefusedFile, nil)
	if file.header.Get("Content-Type") != typeXLSX {
		t.Errorf("type %s", file.header.Get("Content-Type"))
	}
	rows := intake.Read(file.body, intake.XLSX)
	if len(rows) != 1 || rows[0].Declaration.Header.ClientReference != "BOOK2" || rows[0].Faults[0].Code != "CSV-1012" {
		t.Errorf("refused rows read as %+v", rows)
	}
}

func TestPackageKeepsItsAttachment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const pdf = "%PDF-1.7 example"
	var body bytes.Buffer
	z := zip.NewWriter(&body)
	doc, _ := customsxml.Parse([]byte(sample()))
	doc.Declaration.Header.ClientReference = "ZIP1"
	doc.Declaration.Attachments = []declarations.Attachment{{DocumentNumber: "I0900_A0001.pdf", DocumentTypeCode: "00000001", FormatCode: "US", FileName: "invoice.pdf"}}
	for _, part := range []struct{ name, text string }{{"decl.xml", string(customsxml.Write(&doc.Declaration, customsxml.Options{}))}, {"invoice.pdf", pdf}} {
		w, err := z.Create(part.name)
		if err == nil {
			_, err = w.Write([]byte(part.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	u := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, body.Bytes(), "Content-Type", typeZIP), http.StatusOK)
	if u.Accepted != 1 {
		t.Fatalf("%+v", u)
	}
	found := false
	for n := 1; n <= 3; n++ {
		a := b.ask(t, "alice", http.MethodGet, fmt.Sprintf("%s/%s/messages/%d", all, u.Results[0].ID, n), nil)
		found = found || string(a.body) == pdf
	}
	if !found {
		t.Error("the attachment is not among the messages")
	}
}

func TestArrayOfJSONIsSeveral(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := []byte("[" + string(jsonOf(t, "ARR1")) + ",\n{\"x\":1},\n" + string(jsonOf(t, "ARR2")) + "]")
	u := read[Upload](t, b.postJSON(t, "alice", all, body), http.StatusOK)
	if diff := cmp.Diff([]string{"1 accepted ARR1", "2 refused ", "3 accepted ARR2"}, statuses(u)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	file := b.ask(t, "alice", http.MethodGet, u.RefusedFile, nil)
	if file.status != http.StatusOK || file.header.Get("Content-Type") != typeJSON || string(file.body) != "[\n{\"x\":1}\n]\n" {
		t.Fatalf("refused elements: %d %s %q", file.status, file.header.Get("Content-Type"), file.body)
	}
	mended := bytes.Replace(file.body, []byte(`{"x":1}`), jsonOf(t, "ARR3"), 1)
	right := read[Upload](t, b.postJSON(t, "alice", all, mended), http.StatusOK)
	if diff := cmp.Diff([]string{"2 accepted ARR3"}, statuses(right)); diff != "" || right.RefusedFile != "" {
		t.Errorf("corrected elements (-want +got):\n%s", diff)
	}
}

// A file that is no table is refused whole, and nothing is kept of it.
func TestWhatIsNoTableIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.MaxSheet = 4096 })
	before := b.rows(t)
	for _, tc := range []struct {
		name, contentType string
		body              []byte
		status            int
		code              string
	}{
		{"no reference", typeCSV, []byte("HS code,Currency\n1,2\n"), 422, "invalid"},
		{"header only", typeCSV, []byte("Client reference\n"), 422, "invalid"},
		{"nothing", typeCSV, nil, 422, "invalid"},
		{"encrypted workbook", typeXLSX, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), 422, "invalid"},
		{"workbook that is a text", typeXLSX, []byte("hello"), 422, "invalid"},
		{"zip that is none", typeZIP, []byte("PK\x03\x04"), 422, "invalid"},
		{"too large", typeCSV, bytes.Repeat([]byte("a"), 5000), 413, "too_large"},
		{"other type", "text/html", []byte("a"), 415, "media_type"},
	} {
		a := b.ask(t, "alice", http.MethodPost, all, tc.body, "Content-Type", tc.contentType)
		if a.status != tc.status {
			t.Errorf("%s: %d %s", tc.name, a.status, a.body)
			continue
		}
		refused(t, a, tc.status, tc.code)
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused file wrote (-before +after):\n%s", diff)
	}
}

// One reference with other content is refused by itself, with the id that holds it.
func TestHeldReferenceIsARefusedRow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, table(t, []string{"HELD"}, nil), "Content-Type", typeCSV), http.StatusOK)
	body := table(t, []string{"HELD", "FREE"}, func(i int, header, row []string) { set(header, row, "Contract number", "OTHER") })
	u := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, body, "Content-Type", typeCSV), http.StatusOK)
	if diff := cmp.Diff([]string{"2 refused HELD", "3 accepted FREE"}, statuses(u)); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	last := u.Results[0].Faults[len(u.Results[0].Faults)-1]
	if last.Code != "CSV-1027" || last.Args["id"] != first.Results[0].ID || last.Line != 2 {
		t.Errorf("fault %+v", last)
	}
}

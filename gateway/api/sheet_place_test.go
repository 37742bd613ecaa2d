package api

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// objecting is a notice of customs that finds fault with the commodity code
// of one goods line (WCO: 42A declaration, 67A consignment, 68A item, 23A
// commodity, 21A classification, tag 145).
func objecting(ref string, item int) []byte {
	return fmt.Appendf(nil, `<Response><FunctionCode>03</FunctionCode><FunctionalReferenceID>n-%[1]s</FunctionalReferenceID>`+
		`<IssueDateTime><DateTimeString formatCode="304">20260105100000+08</DateTimeString></IssueDateTime><Error><Description>归类有误</Description><ValidationCode>CDS12056</ValidationCode>`+
		`<Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer><Pointer><DocumentSectionCode>67A</DocumentSectionCode></Pointer>`+
		`<Pointer><SequenceNumeric>%[2]d</SequenceNumeric><DocumentSectionCode>68A</DocumentSectionCode></Pointer><Pointer><DocumentSectionCode>23A</DocumentSectionCode></Pointer>`+
		`<Pointer><SequenceNumeric>3</SequenceNumeric><DocumentSectionCode>21A</DocumentSectionCode><TagID>145</TagID></Pointer></Error>`+
		`<Declaration><FunctionalReferenceID>%[1]s</FunctionalReferenceID><ID>26CN%[1]s</ID><VersionID>1</VersionID></Declaration></Response>`, ref, item)
}

// objections hears such a notice and reads where the timeline says the fault stands.
func (b *bundle) objections(t *testing.T, id, ref string, item int) []Objection {
	t.Helper()
	read[Hearing](t, b.postXML(t, "customs", receipts, objecting(ref, item)), http.StatusAccepted)
	line := read[Timeline](t, b.ask(t, "alice", http.MethodGet, all+"/"+id+"/timeline", nil), http.StatusOK)
	var got []Objection
	for _, e := range line.Entries {
		got = append(got, e.Errors...)
	}
	return got
}

// twoLines are the rows of the sample with a second goods line, under every
// column that is filled, with an empty column and an unknown one among them.
func twoLines(t *testing.T, reference string) (header []string, rows [][]string) {
	t.Helper()
	names, filled := rowsOf(t, reference)
	header, rows = []string{"", "remarks of the clerk"}, [][]string{{"", "a"}, {"", "b"}}
	for i, name := range names {
		if filled[0][i] == "" {
			continue
		}
		header = append(header, name)
		for n := range rows {
			v := filled[0][i]
			if n == 1 && name == "Line number" {
				v = "2"
			}
			rows[n] = append(rows[n], v)
		}
	}
	return header, rows
}

// What customs objects to is found in the cell of the workbook that came in,
// though each declaration is kept by itself.
func TestObjectionIsFoundInTheWorkbook(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", "出口!明细"); err != nil {
		t.Fatal(err)
	}
	n := 4 // rows above the table are empty
	wanted := ""
	for i, reference := range []string{"CELL1", "CELL2"} {
		header, rows := twoLines(t, reference)
		if i == 0 {
			rows = append([][]string{header}, rows...)
		}
		for _, row := range rows {
			for c, v := range row {
				at, err := excelize.CoordinatesToCellName(c+1, n)
				if err == nil {
					err = f.SetCellStr("出口!明细", at, v)
				}
				if err != nil {
					t.Fatal(err)
				}
				if reference == "CELL2" && header[c] == "HS code" {
					wanted = "出口!明细!" + at // of its last line
				}
			}
			n++
		}
	}
	var body bytes.Buffer
	if err := f.Write(&body); err != nil {
		t.Fatal(err)
	}
	u := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, body.Bytes(), "Content-Type", typeXLSX), http.StatusOK)
	if u.Accepted != 2 {
		t.Fatalf("%+v", u)
	}
	got := b.objections(t, u.Results[1].ID, "CELL2", 2)
	if len(got) != 1 || got[0].Place != wanted || got[0].Path != "items[1].hs_code" || got[0].Line != 8 || got[0].Column == 0 || !strings.HasSuffix(wanted, "8") {
		t.Errorf("objections %+v, want at %s", got, wanted)
	}
}

// The same in a CSV: row and column of the user's own file.
func TestObjectionIsFoundInTheTable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := table(t, []string{"ROW1", "ROW2"}, nil)
	u := read[Upload](t, b.ask(t, "alice", http.MethodPost, all, body, "Content-Type", typeCSV), http.StatusOK)
	if u.Accepted != 2 {
		t.Fatalf("%+v", u)
	}
	header, _ := rowsOf(t, "ROW2")
	column := 0
	for i, name := range header {
		if name == "HS code" {
			column = i + 1
		}
	}
	got := b.objections(t, u.Results[1].ID, "ROW2", 1)
	if want := fmt.Sprintf("row 3, column %d", column); len(got) != 1 || got[0].Place != want {
		t.Errorf("objections %+v, want at %s", got, want)
	}
}

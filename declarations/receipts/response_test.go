package receipts

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/testfacts"
)

var update = flag.Bool("update", false, "write the goldens anew")

// bareNotice is a notification as they are published: without any namespace.
const bareNotice = `<Response><FunctionCode>03</FunctionCode><FunctionalReferenceID>n1</FunctionalReferenceID>` +
	`<IssueDateTime><DateTimeString formatCode="304">20230705155736+01</DateTimeString></IssueDateTime>` +
	`<Error><ValidationCode>CDS12056</ValidationCode><Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer><Pointer><DocumentSectionCode>67A</DocumentSectionCode></Pointer>` +
	`<Pointer><SequenceNumeric>2</SequenceNumeric><DocumentSectionCode>68A</DocumentSectionCode></Pointer><Pointer><DocumentSectionCode>23A</DocumentSectionCode></Pointer>` +
	`<Pointer><SequenceNumeric>3</SequenceNumeric><DocumentSectionCode>21A</DocumentSectionCode><TagID>145</TagID></Pointer></Error>` +
	`<Declaration><FunctionalReferenceID>LRN1</FunctionalReferenceID><ID>23GB1</ID><VersionID>1</VersionID></Declaration></Response>`

func responseSamples(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testfacts.Path(t, "samples", "wco", "responses"), "*.xml"))
	if err != nil || len(files) != 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// bare is a document as it would be published: no namespace, no prefix.
func bare(doc string) string {
	var b strings.Builder
	for len(doc) > 0 {
		i := strings.Index(doc, "xmlns")
		if i < 0 {
			break
		}
		b.WriteString(doc[:i])
		quote := strings.IndexAny(doc[i:], `"'`)
		end := strings.IndexByte(doc[i+quote+1:], doc[i+quote])
		doc = doc[i+quote+end+2:]
	}
	b.WriteString(doc)
	return strings.NewReplacer("_2:", "", "_2_1:", "", "_2_2:", "", "_2_3:", "").Replace(b.String())
}

func TestSampleNotificationsAreReadWithAndWithoutNamespaces(t *testing.T) {
	t.Parallel()
	for _, file := range responseSamples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			full, faults := Parse(data, filepath.Base(file))
			if len(faults) > 0 {
				t.Fatalf("faults %v", faults)
			}
			if full.Code != "RES-"+filepath.Base(file)[2:4] || full.At.IsZero() || full.ClientReference == "" || full.EntryNumber == "" ||
				full.Notice.ID == "" || full.Family != "DEC" || full.Hash == "" {
				t.Errorf("incomplete: %+v", full)
			}
			stripped, warnings := Parse([]byte(bare(string(data))), filepath.Base(file))
			if diff := cmp.Diff(full, stripped); diff != "" || full.Identity() != stripped.Identity() {
				t.Errorf("without namespaces: -want +got\n%s", diff)
			}
			if len(warnings) != 3 { // MetaData, Response, DateTimeString
				t.Errorf("warnings %v, want one for each namespace", warnings)
			}
			for _, w := range warnings {
				if w.Code != CodeLenient || w.Severity != declarations.Warn || w.Line == 0 {
					t.Errorf("%+v", w)
				}
			}
		})
	}
}

func TestErrorsComeWithTheirPlace(t *testing.T) {
	t.Parallel()
	e, faults := Parse([]byte(bareNotice), "")
	if declarations.Rejected(faults) {
		t.Fatal(faults)
	}
	want := []declarations.ErrorAt{{Code: "CDS12056", Path: "items[1].hs_code",
		Pointer: declarations.Pointer{{ID: "42A"}, {ID: "67A"}, {ID: "68A", Sequence: 2}, {ID: "23A"}, {ID: "21A", Sequence: 3, Tag: "145"}}}}
	if diff := cmp.Diff(want, e.Notice.Errors); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := e.Notice.Errors[0].Pointer.String(); got != "42A/67A/68A[2]/23A/21A[3].145" {
		t.Errorf("pointer %s", got)
	}
	if e.Text != "CDS12056" || !e.At.Equal(time.Date(2023, 7, 5, 14, 57, 36, 0, time.UTC)) {
		t.Errorf("%q at %v", e.Text, e.At)
	}
}

func TestSeveralNotificationsInOneEnvelope(t *testing.T) {
	t.Parallel()
	second := strings.NewReplacer(">n1<", ">n2<", ">03<", ">08<", ">LRN1<", ">LRN2<").Replace(bareNotice)
	doc := "<MetaData><WCOTypeName>RES</WCOTypeName>" + bareNotice + second + "</MetaData>"
	events, faults := ParseAll([]byte(doc), "")
	if declarations.Rejected(faults) || len(events) != 2 {
		t.Fatalf("%d events, %v", len(events), faults)
	}
	if events[0].Code != "RES-03" || events[1].Code != "RES-08" || events[1].ClientReference != "LRN2" || events[0].Identity() == events[1].Identity() {
		t.Errorf("%+v", events)
	}
	if _, faults := Parse([]byte(doc), ""); len(faults) != 1 || faults[0].Code != CodeSeveral || faults[0].Args["count"] != "2" {
		t.Errorf("faults %v, want %s", faults, CodeSeveral)
	}
	broken := strings.Replace(doc, "<FunctionCode>08</FunctionCode>", "", 1)
	if events, faults := ParseAll([]byte(broken), ""); len(events) != 0 || !has(faults, CodeNoCode, "/MetaData/Response[2]/FunctionCode") {
		t.Errorf("%d events, %v: one that cannot be read puts the document aside", len(events), faults)
	}
	if events, faults := ParseAll([]byte(envelope(doc, "")), ""); len(events) != 2 || declarations.Rejected(faults) || events[0].MessageID != ownID {
		t.Errorf("in an envelope: %d events, %v", len(events), faults)
	}
}

func has(faults []declarations.Fault, code, path string) bool {
	for i := range faults {
		if faults[i].Code == code && (path == "" || faults[i].Path == path) {
			return true
		}
	}
	return false
}

func TestUnusualNotificationsCountAndAreReported(t *testing.T) {
	t.Parallel()
	issue := `<IssueDateTime><DateTimeString formatCode="304">20230705155736+01</DateTimeString></IssueDateTime>`
	for name, row := range map[string]struct{ old, text, want, reject string }{
		"without a time":            {issue, "", CodeNoTime, ""},
		"an empty time":             {"20230705155736+01", "", CodeNoTime, ""},
		"a time without a zone":     {"20230705155736+01", "20230705155736", CodeNoZone, ""},
		"a day":                     {`304">20230705155736+01`, `102">20230705`, "", ""},
		"an unreadable time":        {"20230705155736+01", "yesterday", "", CodeBadDate},
		"an unreadable limit":       {"<Error>", "<AdditionalInformation><LimitDateTime>soon</LimitDateTime></AdditionalInformation><Error>", CodeSideDate, ""},
		"an element nobody knows":   {"<Error>", "<Bogus/><Error>", CodeUnread, ""},
		"no function code":          {"<FunctionCode>03</FunctionCode>", "", "", CodeNoCode},
		"a function code too long":  {">03<", ">0123456789012<", "", CodeTooLong},
		"no declaration":            {"<Declaration><FunctionalReferenceID>LRN1</FunctionalReferenceID><ID>23GB1</ID>", "<Declaration>", "", CodeNamesNothing},
		"another unknown namespace": {"<Response>", `<Response xmlns="urn:other">`, "", CodeUnknown},
		"another WCO namespace":     {"<Response>", `<Response xmlns="urn:wco:datamodel:WCO:RES:3">`, CodeLenient, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := strings.Replace(bareNotice, row.old, row.text, 1)
			if doc == bareNotice {
				t.Fatal("nothing was changed")
			}
			e, faults := Parse([]byte(doc), "")
			if declarations.Rejected(faults) != (row.reject != "") || row.reject != "" && !has(faults, row.reject, "") {
				t.Fatalf("faults %v, want %s", faults, row.reject)
			}
			if row.want != "" && !has(faults, row.want, "") {
				t.Errorf("faults %v, want %s", faults, row.want)
			}
			if row.reject == "" && e.Code != "RES-03" {
				t.Errorf("code %s", e.Code)
			}
		})
	}
}

func TestTheChangedDeclarationIsNotTheOneAnswered(t *testing.T) {
	t.Parallel()
	changed := `<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode><FunctionalReferenceID>no</FunctionalReferenceID></Declaration>`
	own := strings.Replace(bareNotice, "<Response>", `<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2">`, 1)
	for name, doc := range map[string]string{
		"as the schema orders them": strings.Replace(own, "</Response>", changed+"</Response>", 1),
		"the other way round":       strings.Replace(own, "<Declaration>", changed+"<Declaration>", 1),
	} {
		if e, faults := Parse([]byte(doc), ""); declarations.Rejected(faults) || e.ClientReference != "LRN1" || e.EntryNumber != "23GB1" {
			t.Errorf("%s: %s %s %v", name, e.ClientReference, e.EntryNumber, faults)
		}
	}
}

func TestCopiesOfANoticeAreCopies(t *testing.T) {
	t.Parallel()
	first, _ := Parse([]byte(bareNotice), "")
	for name, row := range map[string]struct {
		old, text string
		copy      bool
	}{
		"other white space":          {"<Error>", "\n\t<Error>", true},
		"another spelling of a text": {"CDS12056", " CDS12056 ", true},
		"the number decides":         {"CDS12056", "CDS12057", true},
		"another number":             {">n1<", ">n2<", false},
		"another code":               {">03<", ">01<", false},
		"another declaration":        {">23GB1<", ">23GB2<", false},
	} {
		other, _ := Parse([]byte(strings.Replace(bareNotice, row.old, row.text, 1)), "")
		if (other.Identity() == first.Identity()) != row.copy {
			t.Errorf("%s: %s and %s", name, first.Identity(), other.Identity())
		}
	}
	unnumbered := strings.Replace(bareNotice, "<FunctionalReferenceID>n1</FunctionalReferenceID>", "", 1)
	a, _ := Parse([]byte(unnumbered), "")
	b, _ := Parse([]byte(strings.Replace(unnumbered, "CDS12056", "CDS12057", 1)), "")
	c, _ := Parse([]byte(strings.Replace(unnumbered, "<Error>", "\n<Error>", 1)), "")
	if a.Identity() == b.Identity() || a.Identity() != c.Identity() {
		t.Errorf("without a number: %s, %s, %s", a.Identity(), b.Identity(), c.Identity())
	}
}

func TestAChannelIsNoFunctionCode(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"RES-08", "imported"} {
		doc := strings.Replace(decOK, "<CHANNEL>P<", "<CHANNEL>"+code+"<", 1)
		if e, faults := Parse([]byte(doc), ""); !has(faults, CodeNoCode, "") {
			t.Errorf("%s was read as %+v", code, e)
		}
	}
}

// TestWhatCustomsSays writes down how all samples are understood.
func TestWhatCustomsSays(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, file := range responseSamples(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		e, _ := Parse(data, "")
		fmt.Fprintf(&b, "== %s\n%s %s LRN %s MRN %s version %s\n", filepath.Base(file), e.Code, e.At.Format(time.RFC3339), e.ClientReference, e.EntryNumber, e.Notice.Version)
		for _, x := range e.Notice.Errors {
			fmt.Fprintf(&b, "error %s %s -> %s %q\n", x.Code, x.Pointer, x.Path, x.Text)
		}
		for _, x := range e.Notice.Corrections {
			fmt.Fprintf(&b, "correction %s %s -> %s\n", x.Code, x.Pointer, x.Path)
		}
		for _, x := range e.Notice.Statements {
			fmt.Fprintf(&b, "statement %s/%s %q", x.Type, x.Code, x.Text)
			if !x.LimitAt.IsZero() {
				fmt.Fprintf(&b, " until %s", x.LimitAt.Format(time.RFC3339))
			}
			fmt.Fprintln(&b)
		}
		for _, x := range e.Notice.Statuses {
			fmt.Fprintf(&b, "status %s\n", x.Name)
		}
		for _, x := range e.Notice.Taxes {
			fmt.Fprintf(&b, "tax item %d %s regime %q base %v quantity %s%s rate %q assessed %v payable %v\n", x.Item, x.Type, x.Regime, x.Base, x.Quantity, x.Unit, x.Rate, x.Assessed, x.Payable)
		}
		for _, x := range e.Notice.Payments {
			fmt.Fprintf(&b, "payment %q assessed %v payable %v guarantees %v\n", x.Reference, x.Assessed, x.Payable, x.Guarantees)
		}
	}
	golden := filepath.Join("testdata", "notices.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

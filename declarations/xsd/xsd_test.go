package xsd

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/testfacts"
)

var update = flag.Bool("update", false, "write the goldens anew")

var opened = sync.OnceValues(func() (*Set, error) { return Open(os.DirFS(folder)) })

var folder string // set by set(), the same for every test

func set(t testing.TB) *Set {
	t.Helper()
	dir := testfacts.Path(t, "samples", "wco", "xsd")
	setFolder.Do(func() { folder = dir })
	s, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var setFolder sync.Once

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// documents are the 115 declarations and 20 responses, with their profile.
func documents(t testing.TB) map[string]string {
	t.Helper()
	dir := testfacts.Path(t, "samples", "wco")
	out := map[string]string{}
	for pattern, profile := range map[string]string{"declarations-*/*.xml": Submit, "responses/*.xml": Response} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			out[f] = profile
		}
	}
	if len(out) != 135 {
		t.Fatalf("%d documents, want 135", len(out))
	}
	return out
}

func line(f declarations.Fault) string {
	var args []string
	for k, v := range f.Args {
		args = append(args, k+"="+strconv.Quote(v))
	}
	slices.Sort(args)
	return fmt.Sprintf("%d:%d %s %s %s", f.Line, f.Column, f.Code, f.Path, strings.Join(args, " "))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(read(t, file)), got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestVerdictsAreThoseOfXmllint(t *testing.T) {
	t.Parallel()
	s, docs := set(t), documents(t)
	entry := map[string]string{Submit: "wrapper_submit.xsd", Response: "wrapper_notification.xsd"}
	var table, faults strings.Builder
	for _, file := range slices.Sorted(mapsKeys(docs)) {
		found, err := s.Validate(docs[file], read(t, file))
		if err != nil {
			t.Fatal(err)
		}
		verdict := "valid"
		if len(found) > 0 {
			verdict = "invalid"
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		fmt.Fprintf(&table, "%-8s %-8s %s\n", verdict, lint(t, filepath.Join(folder, "v1.0", "customs", entry[docs[file]]), file, verdict), name)
		if len(found) > 0 {
			fmt.Fprintf(&faults, "== %s\n", name)
			for _, f := range found {
				fmt.Fprintln(&faults, line(f))
			}
		}
	}
	golden(t, "verdicts.txt", table.String())
	golden(t, "faults.txt", faults.String())
}

// lint is the verdict of xmllint; without that program, that of the engine,
// so that the golden still says what the engine must say.
func lint(t *testing.T, schema, file, ours string) string {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatal("xmllint is not installed (libxml2-utils)")
		}
		return ours
	}
	out, err := exec.Command(program, "--nonet", "--noout", "--schema", schema, file).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %s", err, out)
	}
	if err == nil {
		return "valid"
	}
	return "invalid"
}

func mapsKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func valid(t testing.TB) string {
	t.Helper()
	return string(read(t, testfacts.Path(t, "samples", "wco", "declarations-valid", "TT_IM225a__Step1_TT_IM225a.xml")))
}

func TestFaultsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	s, doc := set(t), valid(t)
	for name, row := range map[string]struct{ old, text, want string }{
		"an element that nobody knows":             {"<FunctionalReferenceID>", "<Bogus/><FunctionalReferenceID>", CodeUnknown},
		"an element that stands too late":          {"</Declaration>", "<ID>1</ID></Declaration>", CodeOrder},
		"an element twice":                         {"<FunctionCode>9</FunctionCode>", "<FunctionCode>9</FunctionCode><FunctionCode>9</FunctionCode>", CodeTooMany},
		"an element missing":                       {"<FunctionCode>9</FunctionCode>", "", CodeMissing},
		"a value outside the list":                 {"<FunctionCode>9</FunctionCode>", "<FunctionCode>7</FunctionCode>", CodeEnum},
		"a value that is missing":                  {"<FunctionCode>9</FunctionCode>", "<FunctionCode/>", CodeEmpty},
		"a value too long":                         {"<FunctionalReferenceID>", "<FunctionalReferenceID>0123456789012345678901234567890123456789", CodeTooLong},
		"a value of another length":                {"<CountryCode>GB</CountryCode>", "<CountryCode>GBR</CountryCode>", CodeLength},
		"no number":                                {"<GoodsItemQuantity>1</GoodsItemQuantity>", "<GoodsItemQuantity>one</GoodsItemQuantity>", CodeNumber},
		"text between elements":                    {"<FunctionalReferenceID>", "loose<FunctionalReferenceID>", CodeText},
		"an attribute that nobody knows":           {"<FunctionCode>", `<FunctionCode since="1">`, CodeAttribute},
		"an attribute that only looks like a hint": {"<FunctionCode>", `<FunctionCode xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:o="urn:o" o:schemaLocation="a" i:schemaLocation="b c">`, CodeAttribute},
		"an element of another namespace":          {"<FunctionCode>9</FunctionCode>", `<FunctionCode xmlns="urn:other">9</FunctionCode>`, CodeNamespace},
		"an element where nothing may follow":      {"</Classification>", "<Bogus/></Classification>", CodeNoMore},
		"a declaration of another profile":         {`xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"`, `xmlns="urn:wco:datamodel:WCO:DEC:2"`, CodeProfile},
		"a document of another kind":               {"", "<errorResponse/>", CodeRoot},
		"a declaration in an internal wrapper":     {"", "<submitDeclarationRequest/>", CodeWrapper},
		"a document that is not well-formed":       {"</Declaration>", "", "DEC-0001"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(doc, row.old, row.text, 1)
			if row.old == "" {
				changed = row.text
			}
			if changed == doc {
				t.Fatalf("the sample has no %s", row.old)
			}
			faults, err := s.Validate(Submit, []byte(changed))
			if err != nil {
				t.Fatal(err)
			}
			if len(faults) == 0 || !slices.ContainsFunc(faults, func(f declarations.Fault) bool { return f.Code == row.want }) {
				t.Fatalf("faults %v, want %s", faults, row.want)
			}
			for _, f := range faults {
				if f.Line == 0 || f.Column == 0 || f.Path == "" {
					t.Errorf("no place: %+v", f)
				}
			}
			again, err := s.Validate(Submit, []byte(changed))
			if diff := cmp.Diff(faults, again); diff != "" || err != nil {
				t.Errorf("the second time: %v %s", err, diff)
			}
		})
	}
}

func TestOneMissingElementIsOneFault(t *testing.T) {
	t.Parallel()
	s := set(t)
	faults, err := s.Validate(Submit, []byte(strings.Replace(valid(t), "<FunctionCode>9</FunctionCode>", "", 1)))
	if err != nil || len(faults) != 1 {
		t.Fatalf("%v %v, want the missing FunctionCode and nothing else", faults, err)
	}
	if f := faults[0]; f.Path != "/MetaData/Declaration/FunctionalReferenceID" || f.Args["element"] != "FunctionCode" {
		t.Errorf("%+v", f)
	}
}

func TestPlacesCountRepeatedElementsAndCharacters(t *testing.T) {
	t.Parallel()
	s := set(t)
	doc := `<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode>` +
		`<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric></GovernmentAgencyGoodsItem>` +
		`<GovernmentAgencyGoodsItem><SequenceNumeric>2</SequenceNumeric><Commodity><Description>冷冻鱼</Description><Classification><ID></ID></Classification></Commodity></GovernmentAgencyGoodsItem>` +
		`</GoodsShipment></Declaration></MetaData>`
	faults, err := s.Validate(Submit, []byte(doc))
	if err != nil || len(faults) != 1 {
		t.Fatalf("%v %v", faults, err)
	}
	before, _, _ := strings.Cut(doc, "<ID>")
	if f := faults[0]; f.Path != "/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/Classification/ID" || f.Column != len([]rune(before))+1 {
		t.Errorf("%+v, want column %d", f, len([]rune(before))+1)
	}
}

func TestAtMostTwentyFiveFaultsAndHowManyMore(t *testing.T) {
	t.Parallel()
	s := set(t)
	doc := strings.Replace(valid(t), "<FunctionCode>9</FunctionCode>", "<FunctionCode>9</FunctionCode>"+strings.Repeat("<Bogus/>\n", 40), 1)
	faults, err := s.Validate(Submit, []byte(doc))
	if err != nil || len(faults) != Limit+1 {
		t.Fatalf("%d faults, %v; want %d", len(faults), err, Limit+1)
	}
	if more := faults[Limit]; more.Code != CodeMore || more.Args["count"] != "15" {
		t.Errorf("%+v, want 15 more", more)
	}
}

func TestHintsAreNeverFollowed(t *testing.T) {
	t.Parallel()
	s := set(t)
	for _, hint := range []string{
		`xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="one two three"`,
		`xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation = 'urn:x http://127.0.0.1:1/none.xsd'`,
		`xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:noNamespaceSchemaLocation="&#x20;a>b"`,
	} {
		doc := strings.Replace(valid(t), "<FunctionCode>", "<FunctionCode "+hint+">", 1)
		faults, err := s.Validate(Submit, []byte(doc))
		if err != nil || len(faults) > 0 {
			t.Errorf("%s: %v %v", hint, faults, err)
		}
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	dir := testfacts.Path(t, "samples", "wco", "xsd")
	whole := func() fstest.MapFS {
		m := fstest.MapFS{}
		err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			m[strings.TrimPrefix(p, "v1.0/")] = &fstest.MapFile{Data: read(t, filepath.Join(dir, p))}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	with := func(change func(fstest.MapFS)) fstest.MapFS { m := whole(); change(m); return m }
	currency := "wco/declaration/UNECE/ISO_ISO3AlphaCurrencyCode_2012-08-31.xsd"
	for name, row := range map[string]struct {
		folder fs.FS
		want   OpenError
	}{
		"an empty folder":          {fstest.MapFS{}, OpenError{File: "customs/wrapper_submit.xsd", Reason: ReasonMissing}},
		"a part that is not there": {with(func(m fstest.MapFS) { delete(m, currency) }), OpenError{File: currency, Reason: ReasonMissing}},
		"a part that is no schema": {with(func(m fstest.MapFS) { m[currency].Data = []byte("<html>") }), OpenError{File: currency, Reason: ReasonBroken}},
		"a reference out of the folder": {with(func(m fstest.MapFS) {
			m["customs/wrapper_submit.xsd"].Data = []byte(strings.Replace(string(m["customs/wrapper_submit.xsd"].Data), "../wco/", "../../../etc/", 1))
		}), OpenError{File: "../../../etc/declaration/DocumentMetaData_2_DMS.xsd", Reason: ReasonOutside}},
		"an address": {with(func(m fstest.MapFS) {
			m["customs/wrapper_submit.xsd"].Data = []byte(strings.Replace(string(m["customs/wrapper_submit.xsd"].Data), "../wco/", "http://127.0.0.1/", 1))
		}), OpenError{File: "http://127.0.0.1/declaration/DocumentMetaData_2_DMS.xsd", Reason: ReasonOutside}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Open(row.folder)
			var got *OpenError
			if !errors.As(err, &got) || got.File != row.want.File || got.Reason != row.want.Reason {
				t.Errorf("%v, want %v", err, &row.want)
			}
		})
	}
	t.Run("no entry for notifications", func(t *testing.T) {
		t.Parallel()
		s, err := Open(with(func(m fstest.MapFS) { delete(m, "customs/wrapper_notification.xsd") }))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{Cancel, Response, Submit}, s.Profiles()); diff != "" {
			t.Error(diff)
		}
		faults, err := s.Validate(Response, read(t, filepath.Join(dir, "..", "responses", "FC06__Example_DMS_notifications__06_DMSDOC.xml")))
		if err != nil || len(faults) > 0 {
			t.Errorf("%v %v", faults, err)
		}
	})
}

func TestAnUnknownProfileIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := set(t).Validate("hmrc-cds/submit/9.9", []byte("<a/>")); err == nil {
		t.Error("no error")
	}
}

func BenchmarkCompile(b *testing.B) {
	dir := testfacts.Path(b, "samples", "wco", "xsd")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(os.DirFS(dir)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	s, doc := set(b), []byte(valid(b))
	b.ReportAllocs()
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if faults, err := s.Validate(Submit, doc); err != nil || len(faults) > 0 {
			b.Fatal(faults, err)
		}
	}
}

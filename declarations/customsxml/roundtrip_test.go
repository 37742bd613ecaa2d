package customsxml

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/declarations/testfacts"
)

func place(line, column int) string { return fmt.Sprintf("%d:%d", line, column) }

// Every value of a valid message survives; the old variants come back in the current envelope.
func TestRoundTripOfTheValidSamples(t *testing.T) {
	t.Parallel()
	for _, name := range validSamples(t) {
		for _, o := range []Options{{}, {EmptyElements: true}} {
			doc, faults := parseSample(t, name)
			if declarations.Rejected(faults) {
				t.Fatalf("%s: %v", name, faults)
			}
			out := Write(&doc.Declaration, o)
			again, faults := Parse(out)
			if len(faults) != 0 {
				t.Errorf("%s written again: %v", name, places(faults))
			}
			if diff := cmp.Diff(doc.Declaration, again.Declaration); diff != "" {
				t.Errorf("%s %+v (-read +again):\n%s", name, o, diff)
			}
			want := Form{Envelope: "DecMessage", Namespace: "http://www.chinaport.gov.cn/dec", Version: "4.8", EmptyElements: o.EmptyElements, Empty: again.Form.Empty}
			if (again.Form.Empty != nil) != o.EmptyElements {
				t.Errorf("%s %+v: elements without a value: %v", name, o, again.Form.Empty)
			}
			if diff := cmp.Diff(want, again.Form); diff != "" {
				t.Errorf("%s form (-want +got):\n%s", name, diff)
			}
		}
	}
}

// A message in the current form comes back byte for byte as its author wrote it, with the
// elements and groups that stand in it without a value.
func TestWriteIsTheFormOfTheInterface(t *testing.T) {
	t.Parallel()
	for _, name := range validSamples(t) {
		switch name[:len("valid-00")] {
		case "valid-16", "valid-17", "valid-18", "valid-19", "valid-21":
			continue // other envelopes, versions and orders
		}
		doc, _ := parseSample(t, name)
		if every := name < "valid-03"; doc.Form.EmptyElements != every {
			t.Errorf("%s: every element is written: %v", name, !every)
		}
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		// A group without content is one tag.
		want := strings.Replace(string(data), "<DecFreeTxt>\n  </DecFreeTxt>", "<DecFreeTxt/>", 1)
		if diff := cmp.Diff(want, string(Write(&doc.Declaration, doc.Form.Options()))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Old codes, envelopes, prefixes and versions come back in the form of today
// (README of the samples: valid-16 to valid-19).
func TestOldVariantsAreWrittenInTheCurrentForm(t *testing.T) {
	t.Parallel()
	current, _ := parseSample(t, "valid-01-import-one-line.xml")
	for _, name := range []string{"valid-16-bom-prefixed-namespace.xml", "valid-17-old-version-attribute.xml",
		"valid-18-namespace-dec-3-1.xml", "valid-19-old-importmessage-numeric-codes.xml"} {
		doc, _ := parseSample(t, name)
		d := doc.Declaration
		got := []string{d.Transport.CountryOfDispatch, d.Transport.TradingCountry, d.Items[0].CountryOfOrigin, d.Items[0].CountryOfDestination, d.Items[0].Currency}
		c := current.Declaration
		want := []string{c.Transport.CountryOfDispatch, c.Transport.TradingCountry, c.Items[0].CountryOfOrigin, c.Items[0].CountryOfDestination, c.Items[0].Currency}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: codes (-want +got):\n%s", name, diff)
		}
		if out := string(Write(&d, Options{})); !strings.HasPrefix(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DecMessage Version=\"4.8\" xmlns=\"http://www.chinaport.gov.cn/dec\">\n") ||
			!strings.Contains(out, "<OriginCountry>JPN</OriginCountry>") || !strings.Contains(out, "<TradeCoScc>91210299999900011Q</TradeCoScc>") {
			t.Errorf("%s is written as\n%s", name, out)
		}
	}
}

// What was written once is written the same way ever after.
func TestWritingIsStable(t *testing.T) {
	t.Parallel()
	t.Run("own samples", func(t *testing.T) {
		t.Parallel()
		stable(t, "testdata", 35)
	})
	t.Run("all synthetic samples", func(t *testing.T) {
		t.Parallel()
		stable(t, testfacts.Path(t, "samples", "decmessage"), 84)
	})
}

func stable(t *testing.T, dir string, want int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(files) != want {
		t.Fatalf("%d samples, err %v; want %d", len(files), err, want)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, faults := Parse(data)
		if declarations.Rejected(faults) {
			continue
		}
		for _, o := range []Options{{}, doc.Form.Options()} {
			first := Write(&doc.Declaration, o)
			again, faults := Parse(first)
			if len(faults) != 0 {
				t.Errorf("%s: %v", name, said(faults))
			}
			if diff := cmp.Diff(string(first), string(Write(&again.Declaration, o))); diff != "" {
				t.Errorf("%s (-written +written again):\n%s", filepath.Base(name), diff)
			}
			if diff := cmp.Diff(o.EmptyGroups, again.Form.EmptyGroups); diff != "" {
				t.Errorf("%s: empty groups (-written +read):\n%s", filepath.Base(name), diff)
			}
		}
	}
}

// The largest declaration is read; one line more is a fault of its own (V025).
func TestFiftyLinesAndOneMore(t *testing.T) {
	t.Parallel()
	for _, lines := range []int{1, 50, 51} {
		d := declarations.Declaration{Items: make([]declarations.Item, lines)}
		for _, e := range Elements(&d) {
			if !e.Abolished {
				e.Set(e.Name)
			}
		}
		for i := range d.Items {
			d.Items[i] = d.Items[0]
		}
		doc, faults := Parse(Write(&d, Options{}))
		if faults != nil {
			t.Fatalf("%d lines: %v", lines, said(faults))
		}
		if diff := cmp.Diff(d, doc.Declaration); diff != "" {
			t.Errorf("%d lines (-declaration +read again):\n%s", lines, diff)
		}
		refused := slices.ContainsFunc(declarations.Validate(&doc.Declaration), func(f declarations.Fault) bool {
			return f.Code == "DEC-0025" && f.Severity == declarations.Reject
		})
		if refused != (lines == 51) {
			t.Errorf("%d lines: refused %v", lines, refused)
		}
	}
}

func TestWrittenMessagesAreWellFormedForAnotherParser(t *testing.T) {
	t.Parallel()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	for _, name := range validSamples(t) {
		doc, _ := parseSample(t, name)
		cmd := exec.Command(xmllint, "--noout", "-")
		cmd.Stdin = bytes.NewReader(Write(&doc.Declaration, Options{}))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// Text of every kind that XML can hold, markup and line ends included.
var textGen = rapid.OneOf(
	rapid.StringMatching(`[A-Z0-9]{0,12}`),
	rapid.StringOfN(rapid.SampledFrom([]rune("<>&'\"]\r\n\t 中口é\u0085\U0001F6A2a0")), 1, 12, -1),
	rapid.Just(" 1 "),
)

// In the fields that are read by position, values as their positions allow them.
func wireValue(t *rapid.T, element string) string {
	switch element {
	case "IEFlag":
		return rapid.SampledFrom([]string{"", "I", "E", "X"}).Draw(t, element)
	case "Type":
		return rapid.SampledFrom([]string{"", "CL", "  5", "      Z", "ML1000", "CL6   Z", "  X??", "中 5"}).Draw(t, element)
	}
	return rapid.SampledFrom([]string{"", "00999", "009", "1", "0099991", "是否"}).Draw(t, element)
}

func fill[T any](t *rapid.T, fields []declarations.Field[T], v *T) {
	for i := range fields {
		f := &fields[i]
		if strings.HasPrefix(f.Path, "deprecated.") || !rapid.Bool().Draw(t, f.Element+"?") {
			continue
		}
		if f.Wire != nil {
			f.Set(v, wireValue(t, f.Element))
			continue
		}
		f.Set(v, textGen.Draw(t, f.Element))
	}
}

func fillRows[T any](t *rapid.T, fields []declarations.Field[T], name string) []T {
	var list []T
	for range rapid.IntRange(0, 3).Draw(t, name) {
		var v T
		fill(t, fields, &v)
		list = append(list, v)
	}
	return list
}

func generate(t *rapid.T, lines int) declarations.Declaration {
	var d declarations.Declaration
	headPart.layout.fields[headPart.layout.index["IEFlag"]].Set(&d, wireValue(t, "IEFlag"))
	dir := d.Header.TradeDirection
	fill(t, declarations.HeadFields[2:], &d)
	for _, fields := range [][]declarations.Field[declarations.Declaration]{declarations.FreeTextFields, declarations.SignFields,
		declarations.TransitFields, declarations.RoyaltyFields, declarations.AccessFields, declarations.TaxReturnFields, declarations.RiskFields} {
		if rapid.Bool().Draw(t, fields[0].Path) {
			fill(t, fields, &d)
		}
	}
	for range lines {
		var it declarations.Item
		fill(t, declarations.ItemFields(dir), &it)
		it.Licences = fillRows(t, declarations.LicenceFields, "licences")
		for i := range it.Licences {
			it.Licences[i].Vehicles = fillRows(t, declarations.LicensedVehicleFields, "vehicles")
		}
		it.ControlElements = fillRows(t, declarations.ControlElementFields, "control elements")
		places := []string{"DecGoodsLimits/Foo", "Foo"}
		if len(it.Licences) > 0 && len(it.Licences[0].Vehicles) > 0 {
			places = append([]string{"DecGoodsLimits/DecGoodsLimit[1]/DecGoodsLimitVin[1]/Foo", "DecGoodsLimits/DecGoodsLimit[1]/Foo"}, places...)
		}
		it.Carried = fillCarried(t, places)
		d.Items = append(d.Items, it)
	}
	d.Containers = fillRows(t, declarations.ContainerFields, "containers")
	d.Documents = fillRows(t, declarations.DocumentFields, "documents")
	d.CertificateRequests = fillRows(t, declarations.CertificateRequestFields, "certificate requests")
	d.OtherPackages = fillRows(t, declarations.OtherPackageFields, "other packages")
	d.Authorisations = fillRows(t, declarations.AuthorisationFields, "authorisations")
	d.Users = fillRows(t, declarations.GoodsUserFields, "users")
	d.MarkImages = fillRows(t, declarations.MarkImageFields, "mark images")
	d.Transit.Bills = fillRows(t, declarations.TransitBillFields, "bills")
	d.Transit.Containers = fillRows(t, declarations.TransitContainerFields, "transit containers")
	d.Transit.ContainerGoods = fillRows(t, declarations.TransitContainerGoodsFields, "container goods")
	d.Supplements = fillRows(t, declarations.SupplementFields, "supplements")
	d.Promises = fillRows(t, declarations.PromiseFields, "promises")
	d.Attachments = fillRows(t, declarations.AttachmentFields, "attachments")
	d.OriginLinks = fillRows(t, declarations.OriginLinkFields, "origin links")
	places := []string{"DecHead/Foo"}
	if len(d.Containers) > 1 {
		places = append(places, "DecContainers/Container[2]/Foo")
	}
	d.Carried = fillCarried(t, append(places, "DecContainers/Foo", "DecUsers/Foo", "DecFreeTxt/Foo", "TrnHead/Foo", "DecRisk/Foo", "DecControlModel", "Foo"))
	d.UseAlphaCodes(codes.Default())
	return d
}

func fillCarried(t *rapid.T, places []string) []declarations.Carried {
	var all []declarations.Carried
	for _, element := range places {
		if rapid.Bool().Draw(t, element) {
			_, name := splitCarried(element)
			all = append(all, declarations.Carried{Element: element, XML: "<" + name + "><a x=\"1&#10;\">&amp; 2</a></" + name + ">"})
		}
	}
	return all
}

func TestParseOfWriteIsTheDeclaration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := generate(t, rapid.IntRange(1, 50).Draw(t, "lines"))
		if faults := CheckCarried(&d); faults != nil {
			t.Fatalf("carried: %v", faults)
		}
		o := Options{EmptyElements: rapid.Bool().Draw(t, "empty elements")}
		out := Write(&d, o)
		doc, faults := Parse(out)
		for _, f := range faults {
			if f.Severity == declarations.Reject {
				t.Fatalf("written message has %v\n%s", f, out)
			}
		}
		if diff := cmp.Diff(d, doc.Declaration); diff != "" {
			t.Fatalf("(-declaration +read again):\n%s\n%s", diff, out)
		}
	})
}

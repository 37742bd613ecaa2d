package wcoxml

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/declarations"
	"kouan/declarations/testfacts"
	"kouan/declarations/xsd"
)

var request = Request{Reference: "NEWLRN1", EntryNumber: "24GBA4ZYBWXU1BSA00", Submitter: "GB150454489082", ReasonCode: "28", ReasonText: "AMENDMENT"}

var schemas = sync.OnceValues(func() (*xsd.Set, error) { return xsd.Open(os.DirFS(schemaFolder)) })

var schemaFolder string

var findSchemas sync.Once

// judged fails unless the authority's schema of that profile takes a message.
func judged(t testing.TB, profile string, doc []byte) {
	t.Helper()
	dir := testfacts.Path(t, "samples", "wco", "xsd")
	findSchemas.Do(func() { schemaFolder = dir })
	set, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	if faults, err := set.Validate(profile, doc); err != nil || len(faults) > 0 {
		t.Fatalf("%v %v\n%s", err, faults, doc)
	}
}

func takes(t testing.TB, doc []byte) bool {
	t.Helper()
	set, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	faults, err := set.Validate(xsd.Submit, doc)
	return err == nil && len(faults) == 0
}

func parsed(t testing.TB, name string) *Document {
	t.Helper()
	doc, faults := Parse(readFile(t, filepath.Join(testfacts.Path(t, "samples", "wco", "declarations-valid"), name)), Options{})
	if declarations.Rejected(faults) {
		t.Fatal(faults)
	}
	return &doc
}

// TestAmendmentAsPublished: a published declaration and the published
// amendment of its net weight.
func TestAmendmentAsPublished(t *testing.T) {
	t.Parallel()
	before := parsed(t, "TT_IM011a__TT_IM011a.xml").Declaration
	want := parsed(t, "TT_IM011a__TT_IM011a_Amendment.xml")
	after := clone(&before)
	after.Items[0].FirstStatutoryQuantity = "62" // in kilograms: the net weight
	a, faults := WriteAmendment(&before, after, request, Options{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	judged(t, xsd.Submit, a.Document)
	if len(a.Changes) != 1 || a.Changes[0].Path != "items[0].net_weight_kg" || a.Changes[0].New != "62" || a.Changes[0].Pointer.String() != "42A/67A/68A[1]/23A/65A.128" {
		t.Errorf("%+v", a.Changes)
	}
	got, faults := Parse(a.Document, Options{})
	if declarations.Rejected(faults) {
		t.Fatal(faults)
	}
	// The published one counts the only ones of their kind as well, and has another LRN.
	for _, m := range []*element{got.message, want.message} {
		m.find(Root().Child("FunctionalReferenceID"), 1).text = ""
		walkElements(m, func(e *element) {
			if e.node.Name == "Pointer" {
				e.make(e.node.Child("SequenceNumeric"), 1).text = "any"
			}
		})
	}
	if diff := cmp.Diff(outlineOf(want.message), outlineOf(got.message)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func walkElements(e *element, visit func(*element)) {
	visit(e)
	for _, c := range e.children {
		walkElements(c, visit)
	}
}

// outlineOf writes an element tree, one line a leaf.
func outlineOf(e *element) []string {
	var lines []string
	var write func(e *element, path string)
	write = func(e *element, path string) {
		path += "/" + e.node.Name + "[" + strconv.Itoa(e.nth) + "]"
		if !e.node.IsClass() {
			var line strings.Builder
			line.WriteString(path + "=" + trimmed(e.text))
			for _, a := range e.attrs {
				line.WriteString(" @" + a.Local + "=" + a.Value)
			}
			lines = append(lines, line.String())
		}
		for _, c := range e.children {
			write(c, path)
		}
	}
	write(e, "")
	return lines
}

func clone(d *declarations.Declaration) *declarations.Declaration {
	c := *d
	c.Items = slices.Clone(d.Items)
	for i := range c.Items {
		c.Items[i].Extensions = slices.Clone(c.Items[i].Extensions)
	}
	c.Containers, c.Documents = slices.Clone(d.Containers), slices.Clone(d.Documents)
	c.Extensions = slices.Clone(d.Extensions)
	return &c
}

// netWeight of a line has no canonical field: it follows from a quantity in
// kilograms, and a message that says it otherwise keeps it as an extension.
const netWeight = "Commodity/GoodsMeasure/NetNetWeightMeasure"

func setExtension(it *declarations.Item, path, value string) {
	i := slices.IndexFunc(it.Extensions, func(x declarations.Extension) bool { return x.Path == path })
	if i < 0 {
		it.Extensions = append(it.Extensions, declarations.Extension{Path: path, Attributes: map[string]string{"unitCode": "KGM"}})
		i = len(it.Extensions) - 1
	}
	it.Extensions[i].Value = value
}

// applied does what an amendment says to a message: the proof that pointers
// and values belong together.
func applied(t testing.TB, old *element, doc []byte) *element {
	t.Helper()
	message, faults := Parse(doc, Options{})
	if declarations.Rejected(faults) {
		t.Fatalf("%v\n%s", faults, doc)
	}
	var gone []Target
	for _, a := range message.message.all(Root().Child("Amendment")) {
		var p declarations.Pointer
		for _, s := range a.all(a.node.Child("Pointer")) {
			n, _ := strconv.Atoi(s.word(s.node.Child("SequenceNumeric")))
			p = append(p, declarations.Section{ID: s.word(s.node.Child("DocumentSectionCode")), Sequence: n, Tag: s.word(s.node.Child("TagID"))})
		}
		place, ok := Resolve(p)
		if !ok {
			t.Fatalf("the amendment points nowhere: %s", p)
		}
		value := atPlace(message.message, place, false)
		if value == nil {
			gone = append(gone, place)
			continue
		}
		target := atPlace(old, place, true)
		target.text, target.attrs, target.children = value.text, value.attrs, value.children
	}
	slices.SortStableFunc(gone, func(a, b Target) int { return slices.Compare(b.Occurrences, a.Occurrences) })
	for _, place := range gone {
		if e := atPlace(old, place, false); e != nil {
			parentOf(old, e).remove(e)
		} else {
			t.Fatalf("nothing to remove at %s", place.Path())
		}
	}
	return old
}

// atPlace finds an element by numbers or positions, and makes it when asked to.
func atPlace(root *element, p Target, create bool) *element {
	e := root
	for i, n := range p.classes() {
		if i == 0 {
			continue
		}
		all := e.all(n)
		var next *element
		if k := p.Occurrences[i]; n.Repeats() && numberOf(n) != nil {
			next = pick(n, all, k, true)
		} else if k <= len(all) {
			next = all[k-1]
		}
		if next == nil {
			if !create {
				return nil
			}
			next = e.add(n)
			if c := numberOf(n); c != nil && n.Repeats() {
				next.make(c, 1).text = strconv.Itoa(p.Occurrences[i])
			}
		}
		e = next
	}
	if p.Node.IsClass() {
		return e
	}
	if create {
		return e.make(p.Node, 1)
	}
	return e.find(p.Node, 1)
}

func parentOf(root, e *element) *element {
	var found *element
	walkElements(root, func(x *element) {
		if slices.Contains(x.children, e) {
			found = x
		}
	})
	return found
}

// settledOutline is an outline without what an amendment leaves alone, without
// emptied classes, and with the elements of each class counted anew, those
// with numbers in the order of these.
func settledOutline(e *element) []string {
	for _, name := range append([]string{"Amendment", "Authentication"}, ownLeaves...) {
		for _, c := range slices.Clone(e.all(Root().Child(name))) {
			e.remove(c)
		}
	}
	e.prune()
	walkElements(e, func(x *element) {
		slices.SortStableFunc(x.children, func(a, b *element) int {
			if a.node != b.node || !a.node.Repeats() || numberOf(a.node) == nil {
				return a.node.place - b.node.place
			}
			return ordinal(a, a.node) - ordinal(b, b.node)
		})
		for i, c := range x.children {
			c.nth = 1
			if i > 0 && x.children[i-1].node == c.node {
				c.nth = x.children[i-1].nth + 1
			}
		}
	})
	return outlineOf(e)
}

// TestAnAmendmentAppliedToBeforeGivesAfter: published declarations, changed at random.
func TestAnAmendmentAppliedToBeforeGivesAfter(t *testing.T) {
	t.Parallel()
	var pool []declarations.Declaration
	for _, file := range samples(t, "declarations-valid") {
		doc, faults := Parse(readFile(t, file), Options{})
		if !declarations.Rejected(faults) && doc.message.word(Root().Child("FunctionCode")) == "9" && len(doc.Declaration.Items) > 0 {
			pool = append(pool, doc.Declaration)
		}
	}
	if len(pool) < 80 {
		t.Fatalf("%d declarations", len(pool))
	}
	whole, _ := Write(&pool[0], Options{})
	judged(t, xsd.Submit, whole)
	rapid.Check(t, func(rt *rapid.T) {
		before := clone(&pool[rapid.IntRange(0, len(pool)-1).Draw(rt, "sample")])
		after := clone(before)
		for range rapid.IntRange(1, 4).Draw(rt, "changes") {
			change(rt, after, pool)
		}
		if whole, _ := Write(after, Options{}); !takes(t, whole) {
			return // what is no declaration cannot be amended into
		}
		a, faults := WriteAmendment(before, after, request, Options{})
		if declarations.Rejected(faults) {
			if code := faults[0].Code; code == codeNoChange || code == codeUnamendable {
				return
			}
			rt.Fatalf("%v", faults)
		}
		judged(t, xsd.Submit, a.Document)
		old, _ := composed(before, Options{})
		now, _ := composed(after, Options{})
		if diff := cmp.Diff(settledOutline(now), settledOutline(applied(t, old, a.Document))); diff != "" {
			rt.Fatalf("-want +got\n%s\n%s", diff, a.Document)
		}
	})
}

func change(t *rapid.T, d *declarations.Declaration, pool []declarations.Declaration) {
	item := func() *declarations.Item { return &d.Items[rapid.IntRange(0, len(d.Items)-1).Draw(t, "item")] }
	amount := rapid.StringMatching(`[1-9][0-9]{0,3}`)
	switch rapid.IntRange(0, 8).Draw(t, "kind") {
	case 0:
		setExtension(item(), netWeight, amount.Draw(t, "weight"))
	case 1:
		item().HSCode = rapid.StringMatching(`[0-9]{8}`).Draw(t, "code")
	case 2:
		d.Header.TotalPackages = declarations.Decimal(amount.Draw(t, "packages"))
	case 3: // a line more
		other := pool[rapid.IntRange(0, len(pool)-1).Draw(t, "other")]
		added, last := other.Items[0], d.Items[len(d.Items)-1].LineNumber
		number, err := strconv.Atoi(string(last))
		if err != nil {
			t.Fatalf("a published line without number: %v", err)
		}
		added.LineNumber = declarations.Decimal(strconv.Itoa(number + 1))
		d.Items = append(d.Items, added)
	case 4: // a line less
		if len(d.Items) > 1 {
			i := rapid.IntRange(0, len(d.Items)-1).Draw(t, "gone")
			d.Items = slices.Delete(d.Items, i, i+1)
			if rapid.Bool().Draw(t, "numbered anew") {
				for i := range d.Items {
					d.Items[i].LineNumber = declarations.Decimal(strconv.Itoa(i + 1))
				}
			}
		}
	case 5: // something that has no field of its own is gone
		it := item()
		if len(it.Extensions) > 0 {
			i := rapid.IntRange(0, len(it.Extensions)-1).Draw(t, "extension")
			it.Extensions = slices.Delete(it.Extensions, i, i+1)
		}
	case 6: // or is new
		it := item()
		it.Extensions = append(it.Extensions, declarations.Extension{Path: "AdditionalInformation[7]/StatementDescription", Value: "more " + amount.Draw(t, "text")})
	case 7:
		d.Header.Remarks = rapid.SampledFrom([]string{"", "one", "another"}).Draw(t, "remarks")
	case 8:
		if len(d.Extensions) > 0 {
			i := rapid.IntRange(0, len(d.Extensions)-1).Draw(t, "extension")
			d.Extensions = slices.Delete(d.Extensions, i, i+1)
		}
	}
}

func TestLinesArePointedAtAsSections(t *testing.T) {
	t.Parallel()
	two := parsed(t, "TT_IM002b__TT_IM002a.xml").Declaration
	two.Items = append(slices.Clone(two.Items), two.Items[0])
	two.Items[len(two.Items)-1].LineNumber = declarations.Decimal(strconv.Itoa(len(two.Items)))
	one := clone(&two)
	one.Items = one.Items[:len(two.Items)-1]
	last := strconv.Itoa(len(two.Items))
	for name, row := range map[string]struct {
		before, after *declarations.Declaration
		removed       bool
	}{
		"a line more": {one, &two, false},
		"a line less": {&two, one, true},
	} {
		a, faults := WriteAmendment(row.before, row.after, request, Options{})
		if len(faults) > 0 {
			t.Fatalf("%s: %v", name, faults)
		}
		judged(t, xsd.Submit, a.Document)
		i := slices.IndexFunc(a.Changes, func(c Amended) bool { return c.Pointer.String() == "42A/67A/68A["+last+"]" })
		if i < 0 || a.Changes[i].Removed != row.removed || a.Changes[i].Path != "items["+strconv.Itoa(len(two.Items)-1)+"]" {
			t.Errorf("%s: %+v", name, a.Changes)
		}
		if got := strings.Count(string(a.Document), "<GovernmentAgencyGoodsItem>"); got != map[bool]int{true: 0, false: 1}[row.removed] {
			t.Errorf("%s: %d lines in the message", name, got)
		}
		if texts := strings.Count(string(a.Document), "<StatementTypeCode>AES<"); texts != len(a.Changes) {
			t.Errorf("%s: %d reasons for %d amendments", name, texts, len(a.Changes))
		}
	}
}

func TestRequestsAreValid(t *testing.T) {
	t.Parallel()
	cancel, faults := WriteCancellation(request)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	judged(t, xsd.Cancel, cancel)
	arrival, faults := WriteArrival(request)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	judged(t, xsd.Submit, arrival)
	want := []string{
		"FunctionCode=13", "FunctionalReferenceID=NEWLRN1", "ID=24GBA4ZYBWXU1BSA00", "TypeCode=INV", "Submitter/ID=GB150454489082",
		"AdditionalInformation/StatementDescription=AMENDMENT", "AdditionalInformation/StatementTypeCode=AES",
		"AdditionalInformation/Pointer/SequenceNumeric=1", "AdditionalInformation/Pointer/DocumentSectionCode=42A",
		"AdditionalInformation/Pointer/SequenceNumeric=1", "AdditionalInformation/Pointer/DocumentSectionCode=06A", "Amendment/ChangeReasonCode=1",
	}
	var got []string
	doc, _ := Parse(cancel, Options{})
	for _, l := range outlineOf(doc.message) {
		got = append(got, strings.NewReplacer("/Declaration[1]/", "", "[1]", "", "[2]", "").Replace(l))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestWhatARequestLacksIsAFault(t *testing.T) {
	t.Parallel()
	before := parsed(t, "TT_IM011a__TT_IM011a.xml").Declaration
	after := clone(&before)
	setExtension(&after.Items[0], netWeight, "62")
	for name, row := range map[string]struct {
		change  func(*Request)
		element string
	}{
		"no reference":         {func(r *Request) { r.Reference = "" }, "FunctionalReferenceID"},
		"a reference too long": {func(r *Request) { r.Reference = strings.Repeat("X", 36) }, "FunctionalReferenceID"},
		"no MRN":               {func(r *Request) { r.EntryNumber = " " }, "ID"},
		"no reason code":       {func(r *Request) { r.ReasonCode = "" }, "ChangeReasonCode"},
		"a reason too long":    {func(r *Request) { r.ReasonText = strings.Repeat("x", 600) }, "StatementDescription"},
		"a control character":  {func(r *Request) { r.ReasonText = "a\x00b" }, "StatementDescription"},
	} {
		r := request
		row.change(&r)
		a, faults := WriteAmendment(&before, after, r, Options{})
		if a.Document != nil || len(faults) != 1 || faults[0].Code != codeRequest || faults[0].Args["element"] != row.element {
			t.Errorf("%s: %v", name, faults)
		}
	}
	for name, r := range map[string]Request{"no submitter": {Reference: "A", EntryNumber: "B", ReasonText: "c"}, "no reason": {Reference: "A", EntryNumber: "B", Submitter: "c"}} {
		if doc, faults := WriteCancellation(r); doc != nil || len(faults) != 1 || faults[0].Code != codeRequest {
			t.Errorf("%s: %v", name, faults)
		}
	}
	if _, faults := WriteAmendment(&before, &before, request, Options{}); len(faults) != 1 || faults[0].Code != codeNoChange {
		t.Errorf("nothing changed: %v", faults)
	}
	turned := clone(after)
	turned.Header.TradeDirection = declarations.Export
	if _, faults := WriteAmendment(&before, turned, request, Options{}); !slices.ContainsFunc(faults, func(f declarations.Fault) bool { return f.Code == codeUnamendable }) {
		t.Errorf("the type changed: %v", faults)
	}
	kept := clone(after)
	kept.Header.ContractNumber = "C1"
	if a, faults := WriteAmendment(&before, kept, request, Options{}); a.Document == nil || len(faults) != 1 || faults[0].Severity != declarations.Warn || faults[0].Path != "declaration.contract_number" {
		t.Errorf("a field that the message does not carry: %v", faults)
	}
}

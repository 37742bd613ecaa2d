package wcoxml

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/declarations"
	"kouan/declarations/strictxml"
	"kouan/declarations/testfacts"
)

// pools are values that rules look for, so that drawn messages meet them.
var pools = map[string][]string{
	"/Declaration/FunctionCode":                                    {"9", "13", "14"},
	"/Declaration/TypeCode":                                        {"IMA", "EXD", "IMY", "IM", "COA", "COR", "INV", "IMK", "EXC"},
	"/Declaration/AdditionalInformation/StatementTypeCode":         {"AES", "ABC"},
	"/Declaration/AdditionalDocument/TypeCode":                     {"315", "DAN"},
	"/Declaration/Declarant/Communication/TypeCode":                {"TE", "EM"},
	goodsItem + "/Origin/TypeCode":                                 {"1", "2", "3"},
	goodsItem + "/AdditionalDocument/TypeCode":                     {"Y", "505", "A"},
	goodsItem + "/Commodity/Classification/IdentificationTypeCode": {"TSP", "TRC", "GN"},
	goodsItem + "/SequenceNumeric":                                 {"1", "2", "3", "007"},
	"/Declaration/GoodsShipment/TradeTerms/ConditionCode":          {"CIF", "CIP", "DAP", "FCA", "XXX"},
	"/Declaration/GoodsShipment/Consignment/ContainerCode":         {"0", "1"},
}

// busy are the elements that the rules are about.
var busy = []string{"TypeCode", "GoodsItemQuantity", "GoodsShipment", "GovernmentAgencyGoodsItem", "Commodity", "GoodsMeasure", "Classification",
	"Origin", "Packaging", "AdditionalDocument", "TransportEquipment", "Consignment", "TariffQuantity", "NetNetWeightMeasure", "ID", "IdentificationTypeCode",
	"MarksNumbersID", "AdditionalInformation", "WriteOff", "QuantityQuantity", "CountryCode", "Description", "InvoiceLine", "ItemChargeAmount"}

// value is a text that the layout allows at a leaf.
func value(t *rapid.T, n *Node) string {
	one := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, n.Name) }
	if of := pools[n.Path()]; of != nil {
		return one(of...)
	}
	switch {
	case n.Kind == DateTime:
		return one("20260131", "20260131170000Z", "20260131000000+08", "20260131120000-05")
	case n.Kind == Amount:
		return one("1000", "1000.00", "0.125", "+5", ".5", "-3")
	case n.Kind == Measure, n.Kind == Quantity, n.Kind == Numeric:
		if n.Decimals == 0 {
			return one("1", "7", "010", "12.0")
		}
		return one("1", "12.5", "0.040", "7000")
	case len(n.Values) > 0:
		return one(n.Values...)
	case n.Form == Letters && n.Exact && n.Length == 2:
		return one("JP", "CN", "US", "ZG", "gb")
	case n.Form == Digits && n.Exact:
		return one("1", "6", "8", "2")
	case n.Form == Digits:
		return one("1", "11", "")
	case n.Form == Letters:
		return strings.Repeat("A", n.Length)
	}
	text := one("A", "7", "AB 1", " x", "y ", "大连", "<&>", "BX")
	if len([]rune(text)) > n.Length {
		return "Z"
	}
	return text
}

// message draws a class with what the layout allows in it.
func message(t *rapid.T, n *Node, nth int) *element {
	e := new(arena).new(n, nth)
	if !n.IsClass() {
		e.text = lexical(n, value(t, n))
		var attrs []strictxml.Attr
		some := func(name string, of ...string) {
			if v := rapid.SampledFrom(append(of, "")).Draw(t, name); v != "" {
				attrs = append(attrs, strictxml.Attr{Local: name, Value: v})
			}
		}
		switch n.Kind {
		case DateTime:
			attrs = []strictxml.Attr{{Local: formatCode, Value: rapid.SampledFrom([]string{"304", "102"}).Draw(t, "format")}}
		case Amount:
			some(currencyID, "USD", "GBP", "XXX")
		case Measure, Quantity:
			some(unitCode, "KGM", "GRM", "LTR", "KGM#G", "SET")
		case Text:
			some(languageID, "en", "zh", "fr-CA")
		case Code:
			some("listID", "L")
		case Identifier:
			some("schemeID", "S")
		}
		e.attrs = attrs
		return e
	}
	for _, c := range n.Children {
		count := 1
		if c.Min == 0 {
			// Rare enough that a message stays small, often enough that rules meet.
			count = max(0, rapid.IntRange(-2, 1).Draw(t, c.Name))
			if count == 0 && slices.Contains(busy, c.Name) {
				count = rapid.IntRange(0, 1).Draw(t, c.Name+" again")
			}
		}
		if count > 0 && c.Repeats() {
			count = rapid.IntRange(1, 3).Draw(t, c.Name+" times")
		}
		for i := range count {
			e.children = append(e.children, message(t, c, i+1))
		}
	}
	if n == Root() {
		if count := e.find(n.Child("GoodsItemQuantity"), 1); count != nil {
			count.text = strconv.Itoa(len(items(e)))
		}
	}
	return e
}

func encoded(e *element) []byte {
	var out encoder
	out.message(&Submit, e)
	return out.buf
}

func TestEveryMessageOfTheLayoutComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		opt := Options{Unverified: rapid.Bool().Draw(t, "unverified")}
		drawn := message(t, Root(), 1)
		data := encoded(drawn)
		doc, faults := Parse(data, opt)
		if declarations.Rejected(faults) {
			t.Fatalf("refused: %v\n%s", said(faults), data)
		}
		out, _ := Write(&doc.Declaration, opt)
		again, faults := Parse(out, opt)
		if declarations.Rejected(faults) || !again.message.same(drawn) {
			t.Fatalf("came back otherwise: %v\n%s", said(faults), cmp.Diff(string(data), string(out)))
		}
	})
}

// TestDrawnMessagesAreJudgedAsBySchema draws messages, spoils most of them in
// one place, and compares the verdicts of the layout and of libxml2.
func TestDrawnMessagesAreJudgedAsBySchema(t *testing.T) {
	t.Parallel()
	schema := testfacts.Path(t, "samples", "wco", "xsd", "v1.0", "customs", "wrapper_submit.xsd")
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip(err)
	}
	docs := map[string][]byte{}
	draw := rapid.Custom(func(t *rapid.T) string {
		data := string(encoded(message(t, Root(), 1)))
		lines := strings.Split(data, "\n")
		at := rapid.IntRange(2, len(lines)-3).Draw(t, "line")
		switch rapid.IntRange(0, 7).Draw(t, "spoil") {
		case 0:
			lines[at], lines[at+1] = lines[at+1], lines[at]
		case 1:
			lines = slices.Delete(lines, at, at+1)
		case 2:
			lines = slices.Insert(lines, at, lines[at])
		case 3:
			lines[at] = between(lines[at], rapid.SampledFrom([]string{"", " ", "x", "12345678901234567890", "1.23456789", strings.Repeat("a", 600), "1e5", "\n", "a\nb", "AB", "+1", "-", "20261331", "2026-01-01"}).Draw(t, "text"))
		case 4:
			lines[at] = strings.Replace(lines[at], ">", rapid.SampledFrom([]string{` unitCode="KGM">`, ` currencyID="eur">`, ` unitCode="">`, ` formatCode="203">`, ` x="1">`, ` languageID="en">`, ` languageID="1">`, ` listID="a">`, ` schemeAgencyID="abcd">`}).Draw(t, "attribute"), 1)
		case 5:
			lines[at] = strings.Replace(lines[at], ">", " >text<", 1)
		}
		return strings.Join(lines, "\n")
	})
	for i := range 400 {
		docs[fmt.Sprintf("%03d.xml", i)] = []byte(draw.Example(i))
	}
	verdicts := schemaVerdicts(t, lint, schema, docs)
	valid, invalid := 0, 0
	for name, data := range docs {
		_, faults := Parse(data, Options{})
		if len(faults) > 0 && faults[0].Code == codeProfile && verdicts[name] {
			continue // another profile, which no schema tells
		}
		if ours := !declarations.Rejected(faults); ours != verdicts[name] {
			t.Errorf("%s: layout %v, schema %v: %v\n%s", name, ours, verdicts[name], said(faults), data)
		} else if ours {
			valid++
		} else {
			invalid++
		}
	}
	if valid < 40 || invalid < 100 {
		t.Errorf("%d valid and %d invalid messages: the draw is lopsided", valid, invalid)
	}
}

// between replaces the text of a leaf that stands on a line.
func between(line, text string) string {
	from, to := strings.Index(line, ">"), strings.LastIndex(line, "</")
	if from < 0 || to <= from {
		return line
	}
	return line[:from+1] + text + line[to:]
}

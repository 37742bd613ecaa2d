package wcoxml

import (
	"bytes"
	"strings"
	"testing"

	"kouan/declarations"
	"kouan/declarations/customsxml"
)

// twentyLines is a declaration with every kind of rule at work, and its message.
func twentyLines(b *testing.B) (*declarations.Declaration, []byte) {
	b.Helper()
	d := many(20)
	d.Header = declarations.Header{TradeDirection: declarations.Import, FunctionCode: "C", ClientReference: "REF1", DeclarationOfficeCode: "0900", IssueDate: "20260131",
		TotalPackages: "20", TotalGrossWeightKg: "1250.5", ShippingMarks: "N/M", Remarks: "示例"}
	d.Parties.Declarant = declarations.Declarant{CustomsCode: "2199980002", Name: "大连示例报关有限公司", PersonName: "示例员乙", Phone: "0411-00000000"}
	d.Parties.Trader = declarations.Trader{CustomsCode: "2199960001", Name: "大连示例贸易有限公司"}
	d.Transport = declarations.Transport{BorderModeCode: "2", MeansName: "EXAMPLE STAR", GoodsLocation: "大连示例码头", CountryOfDispatch: "JPN"}
	d.Containers = []declarations.Container{{Number: "CSQU3054383", ItemNumbers: "1,2,3"}}
	out, _ := Write(&d, Options{Unverified: true})
	return &d, out
}

// floorWrite writes the same message with nothing but append: no layout, no
// map, no tables, no escaping beyond what a text may need.
func floorWrite(d *declarations.Declaration, message []byte, buf []byte) []byte {
	before, _, _ := bytes.Cut(message, []byte("      <GovernmentAgencyGoodsItem>"))
	end := bytes.LastIndex(message, []byte("</GovernmentAgencyGoodsItem>\n")) + len("</GovernmentAgencyGoodsItem>\n")
	leaf := func(indent, name, attr, value string) {
		buf = append(buf, indent...)
		buf = append(buf, '<')
		buf = append(buf, name...)
		buf = append(buf, attr...)
		buf = append(buf, '>')
		for i := range len(value) {
			switch c := value[i]; c {
			case '&':
				buf = append(buf, "&amp;"...)
			case '<':
				buf = append(buf, "&lt;"...)
			default:
				buf = append(buf, c)
			}
		}
		buf = append(buf, "</"...)
		buf = append(buf, name...)
		buf = append(buf, ">\n"...)
	}
	buf = append(buf, before...) // the head is a constant of this floor
	for i := range d.Items {
		it := &d.Items[i]
		buf = append(buf, "      <GovernmentAgencyGoodsItem>\n"...)
		leaf("        ", "SequenceNumeric", "", string(it.LineNumber))
		buf = append(buf, "        <Commodity>\n"...)
		leaf("          ", "Description", "", it.GoodsNameEnglish)
		buf = append(buf, "          <Classification>\n"...)
		leaf("            ", "ID", "", it.HSCode)
		buf = append(buf, "          </Classification>\n          <GoodsMeasure>\n"...)
		leaf("            ", "NetNetWeightMeasure", ` unitCode="KGM"`, string(it.FirstStatutoryQuantity))
		buf = append(buf, "          </GoodsMeasure>\n          <InvoiceLine>\n"...)
		leaf("            ", "ItemChargeAmount", ` currencyID="USD"`, string(it.LineAmount))
		buf = append(buf, "          </InvoiceLine>\n"...)
		if i < 3 {
			buf = append(buf, "          <TransportEquipment>\n"...)
			leaf("            ", "SequenceNumeric", "", "1")
			leaf("            ", "ID", "", d.Containers[0].Number)
			buf = append(buf, "          </TransportEquipment>\n"...)
		}
		buf = append(buf, "        </Commodity>\n        <Destination>\n"...)
		leaf("          ", "CountryCode", "", "CN")
		buf = append(buf, "        </Destination>\n"...)
		for _, kind := range [...]string{"1", "2"} {
			buf = append(buf, "        <Origin>\n"...)
			leaf("          ", "CountryCode", "", "JP")
			leaf("          ", "TypeCode", "", kind)
			buf = append(buf, "        </Origin>\n"...)
		}
		buf = append(buf, "        <Packaging>\n"...)
		leaf("          ", "SequenceNumeric", "", "1")
		leaf("          ", "MarksNumbersID", "", d.Header.ShippingMarks)
		buf = append(buf, "        </Packaging>\n      </GovernmentAgencyGoodsItem>\n"...)
	}
	return append(buf, message[end:]...)
}

// floorParse finds every tag and text of a message with nothing but IndexByte,
// and puts the texts of lines into their fields.
func floorParse(message []byte) (d declarations.Declaration) {
	var it *declarations.Item
	for {
		open := bytes.IndexByte(message, '<')
		if open < 0 {
			return d
		}
		shut := bytes.IndexByte(message[open:], '>')
		if shut < 0 {
			return d
		}
		tag := message[open+1 : open+shut]
		message = message[open+shut+1:]
		text := message[:max(0, bytes.IndexByte(message, '<'))]
		if i := bytes.IndexByte(tag, ' '); i > 0 {
			tag = tag[:i]
		}
		switch string(tag) {
		case "GovernmentAgencyGoodsItem":
			d.Items = append(d.Items, declarations.Item{})
			it = &d.Items[len(d.Items)-1]
		case "FunctionalReferenceID":
			d.Header.ClientReference = string(text)
		case "Description":
			it.GoodsNameEnglish = string(text)
		case "NetNetWeightMeasure":
			it.FirstStatutoryQuantity = declarations.Decimal(text)
		case "ItemChargeAmount":
			it.LineAmount = declarations.Decimal(text)
		case "MarksNumbersID":
			d.Header.ShippingMarks = string(text)
		case "SequenceNumeric", "ID", "CountryCode", "Name":
			if it != nil {
				it.HSCode = string(text)
			}
		}
	}
}

func TestTheFloorWritesTheSameMessage(t *testing.T) {
	t.Parallel()
	testing.Benchmark(func(b *testing.B) {
		d, message := twentyLines(b)
		if got := floorWrite(d, message, nil); !bytes.Equal(got, message) {
			t.Errorf("the floor of the benchmark is another message:\n%s\n%s", got, message)
		}
		if got := floorParse(message); len(got.Items) != 20 || got.Items[19].LineAmount != "1500.50" || got.Header.ClientReference != "REF1" {
			t.Errorf("the floor reads %+v", got)
		}
		b.SkipNow()
	})
}

func BenchmarkWrite(b *testing.B) {
	d, message := twentyLines(b)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		Write(d, Options{Unverified: true})
	}
}

func BenchmarkWriteFloor(b *testing.B) {
	d, message := twentyLines(b)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		floorWrite(d, message, make([]byte, 0, len(message)))
	}
}

func BenchmarkParse(b *testing.B) {
	_, message := twentyLines(b)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		if _, faults := Parse(message, Options{Unverified: true}); faults != nil {
			b.Fatal(faults)
		}
	}
}

func BenchmarkParseFloor(b *testing.B) {
	_, message := twentyLines(b)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		floorParse(message)
	}
}

// BenchmarkParseForm is the standard message of the same declaration, to compare.
func BenchmarkParseForm(b *testing.B) {
	d, _ := twentyLines(b)
	message := customsxml.Write(d, customsxml.Options{})
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		if _, faults := customsxml.Parse(message); declarations.Rejected(faults) {
			b.Fatal(strings.TrimSpace(string(message)))
		}
	}
}

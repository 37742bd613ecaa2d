package edifact

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNumbers: reading rule 8.
func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		digits int
		fault  string
		zero   bool
	}{
		{"0", 1, "", false}, {"-18.0", 3, "", false}, {"1234,5", 5, "", false}, {"0.5", 2, "", false}, {"007", 3, "", true}, {"-00.5", 3, "", true},
		{"1,234.5", 2, CodeDecimal, false}, {"1.2.3", 3, CodeNumeric, false}, {".5", 1, CodeDecimalPlace, false}, {"5.", 1, CodeDecimalPlace, false},
		{"+5", 0, CodeNumeric, false}, {"1E5", 1, CodeNumeric, false}, {"1 000", 1, CodeNumeric, false}, {"-", 0, CodeNumeric, false}, {"--1", 0, CodeNumeric, false},
	} {
		digits, fault := number(c.text)
		if fault != c.fault || fault == "" && (digits != c.digits || leadingZero(c.text) != c.zero) {
			t.Errorf("%q: %d digits, %q, zero %v", c.text, digits, fault, leadingZero(c.text))
		}
	}
}

// TestStructure: one change to a message that is right, and what is found.
func TestStructure(t *testing.T) {
	t.Parallel()
	gate := string(sampleText(t, "CODECO_D00B_gate_out.edi"))
	for _, c := range []struct {
		name, from, to string
		want           string // code, segment, tag, element:component; strict
	}{
		{"a segment that the message does not have", "RFF+RE:7Q4P9K'", "PRI+AAA:1'", "EDI-1024 10 PRI 0:0"},
		{"a segment in a place for another", "CNT+16:1'", "BGM+36'", "EDI-1025 16 BGM 0:0"},
		{"a mandatory segment is missing", "BGM+36+GOUT2611240881+9'\nDTM+137:202611242203:203'\n", "DTM+137:202611242203:203'\nFTX+AAI+++A'\n", "EDI-1026 2 DTM 0:0"},
		{"a segment too often", "MEA+AAE+G+KGM:24180'", strings.Repeat("SEL+A'\n", 9) + "SEL+A'", "EDI-1027 22 SEL 0:0"},
		{"a group too often", "NAD+MS+CNDLCT01:160:ZZZ'", strings.Repeat("NAD+MS+A'\n", 9), "EDI-1028 15 NAD 0:0"},
		{"an element too many", "SEL+QZ778812+CA'", "SEL+QZ778812+CA+1+2+3+4+5+6'", "EDI-1030 14 SEL 5:1"},
		{"a component too many", "SEL+QZ778812+CA'", "SEL+QZ778812:X+CA'", "EDI-1030 14 SEL 1:2"},
		{"a mandatory element is empty", "NAD+CF+QZL:160:20'", "NAD++QZL:160:20'", "EDI-1029 6 NAD 1:0"},
		{"only a tag", "RFF+RE:7Q4P9K'", "RFF'", "EDI-1029 10 RFF 1:0"},
		{"a mandatory component is empty", "RFF+RE:7Q4P9K'", "RFF+:7Q4P9K'", "EDI-1029 10 RFF 1:1"},
		{"a code that is not in the list", "RFF+RE:7Q4P9K'", "RFF+XXX:7Q4P9K'", "EDI-1037 10 RFF 1:1"},
		{"no number", "CNT+16:1'", "CNT+16:ONE'", "EDI-1033 16 CNT 1:2"},
		{"a leading zero", "CNT+16:1'", "CNT+16:01'", "EDI-1046 16 CNT 1:2"},
		{"a trailing component", "SEL+QZ778812+CA'", "SEL+QZ778812+CA:'", "EDI-1021 14 SEL 2:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(gate, c.from) {
				t.Fatalf("no %q", c.from)
			}
			ic := Parse([]byte(strings.Replace(gate, c.from, c.to, 1)), Options{Strict: true})[0]
			var got []string
			for _, f := range ic.Messages[0].Findings {
				got = append(got, strings.Fields(told([]Finding{f}))[0]+" "+place(f))
			}
			if slices.Contains(got, c.want) {
				return
			}
			t.Errorf("want %s (-want +got):\n%s", c.want, cmp.Diff([]string{c.want}, got))
		})
	}
}

func place(f Finding) string {
	fields := strings.Fields(told([]Finding{f}))
	for i, w := range fields {
		if w == "segment" {
			return strings.Join(fields[i+1:i+4], " ")
		}
	}
	return ""
}

// TestTree: groups as the directory nests them.
func TestTree(t *testing.T) {
	t.Parallel()
	m := Parse(sampleText(t, "COHAOR_D00B_inspection_order.edi"), Options{})[0].Messages[0]
	var b strings.Builder
	var show func(g *Group, depth int)
	show = func(g *Group, depth int) {
		b.WriteString(strings.Repeat(" ", depth) + string(rune('0'+g.Number)) + ":")
		for i := range g.Segments {
			b.WriteString(" " + g.Segments[i].Tag())
		}
		b.WriteString("\n")
		for _, inner := range g.Groups {
			show(inner, depth+1)
		}
	}
	root := m.Tree()
	show(root, 0)
	box := " 4: EQD RFF RFF RFF DTM DTM LOC FTX GOR HAN HAN\n  5: TDT\n   6: LOC\n  7: NAD\n"
	want := "0: UNH BGM DTM DTM CNT UNT\n 1: RFF DTM\n 2: NAD\n  3: CTA COM\n 2: NAD\n 2: NAD\n" + box + box
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if s := root.Groups[4].First("RFF", "ABT"); s == nil || s.Value(1, 2) != "090220261000123456" || root.First("XXX") != nil || root.Groups[4].First("RFF", "ZZ") != nil {
		t.Errorf("First: %v", s)
	}
}

package mail

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

func TestReadAddresses(t *testing.T) {
	t.Parallel()
	desk := Mailbox{Address: "desk@t04.example"}
	cases := []struct {
		name  string
		list  string
		want  []Mailbox
		codes []string // code@line:column
	}{
		{"one", "desk@t04.example", []Mailbox{desk}, nil},
		{"separators", "desk@t04.example; b@t04.example,\n c@t04.example;", []Mailbox{desk, {"", "b@t04.example"}, {"", "c@t04.example"}}, nil},
		{"names", `值班室 <desk@t04.example>, "Night, desk; T04" <n@t04.example>`, []Mailbox{{"值班室", "desk@t04.example"}, {"Night, desk; T04", "n@t04.example"}}, nil},
		{"twice, the domain in capitals", "desk@t04.example,desk@T04.Example", []Mailbox{desk}, nil},
		{"a plus and a dot", "in.spection+a@t04.example", []Mailbox{{"", "in.spection+a@t04.example"}}, nil},
		{"nothing", " ,;\n", nil, []string{"NOT-1312@0:0"}},
		{"no host", "desk", nil, []string{"NOT-1311@1:1"}},
		{"the second is wrong", "desk@t04.example,\n  night at t04.example; x@@y", nil, []string{"NOT-1311@2:3", "NOT-1311@2:25"}},
		{"a quoted local part could leave its brackets", `"a> BODY=8BITMIME"@t04.example`, nil, []string{"NOT-1311@1:1"}},
		{"a line end in a name", "\"a\r\nBcc: x@y.example\" <desk@t04.example>", nil, []string{"NOT-1311@1:1", "NOT-1311@2:1"}},
		{"an encoded line end in a name", "=?utf-8?Q?a=0D=0ABcc:x?= <desk@t04.example>", nil, []string{"NOT-1311@1:1"}},
		{"a literal", "desk@[127.0.0.1]", nil, []string{"NOT-1311@1:1"}},
		{"another script", "值班@码头.example", nil, []string{"NOT-1311@1:1"}},
		{"dots", "a..b@t04.example, .a@t04.example, a.@t04.example, a@t04..example", nil,
			[]string{"NOT-1311@1:1", "NOT-1311@1:19", "NOT-1311@1:35", "NOT-1311@1:51"}},
		{"too long", strings.Repeat("a", 65) + "@t04.example", nil, []string{"NOT-1311@1:1"}},
		{"a group", "desk: a@t04.example;", nil, []string{"NOT-1311@1:1"}},
		{"a comment that turns", "desk@t04.example (\u202e)", nil, []string{"NOT-1311@1:1"}},
	}
	for _, c := range cases {
		got, faults := ReadAddresses(c.list)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		var codes []string
		for _, f := range faults {
			codes = append(codes, f.Code+"@"+strconv.Itoa(f.Line)+":"+strconv.Itoa(f.Column))
		}
		if diff := cmp.Diff(c.codes, codes); diff != "" {
			t.Errorf("%s, faults (-want +got):\n%s", c.name, diff)
		}
	}
	var many strings.Builder
	for n := range MaxRecipients + 1 {
		many.WriteString("d" + strconv.Itoa(n) + "@t04.example\n")
	}
	if _, faults := ReadAddresses(many.String()); len(faults) != 1 || faults[0].Code != CodeManyBoxes {
		t.Errorf("too many: %v", faults)
	}
	if _, faults := ReadAddresses(strings.Repeat("x,", 1_000_000)); len(faults) != maxFaults {
		t.Errorf("a million wrong ones: %d faults", len(faults))
	}
}

func FuzzReadAddresses(f *testing.F) {
	f.Add(`值班室 <desk@t04.example>, "Night, \"desk\"" <n@t04.example>; x`)
	f.Add("a@b\r\nBcc: x@y")
	f.Add("=?utf-8?Q?a=0D=0A?= <a@b.c>")
	f.Add("a@b.c (comment), <a@b.c>, group:a@b.c;")
	f.Fuzz(func(t *testing.T, list string) {
		boxes, faults := ReadAddresses(list)
		if (len(boxes) > 0) == (len(faults) > 0) {
			t.Fatalf("%d addresses with %d faults", len(boxes), len(faults))
		}
		for _, fault := range faults {
			if fault.Severity != declarations.Reject || fault.Line > strings.Count(list, "\n")+1 {
				t.Errorf("fault %+v", fault)
			}
		}
		for _, box := range boxes {
			if strings.ContainsAny(box.header(), "\r\n\x00") && strings.ContainsAny(strings.ReplaceAll(box.header(), "\r\n ", ""), "\r\n\x00") {
				t.Errorf("header %q", box.header())
			}
			if strings.ContainsAny(box.Address, " <>\r\n\t\x00") || strings.Count(box.Address, "@") != 1 {
				t.Errorf("address %q", box.Address)
			}
			again, err := ParseMailbox(box.String())
			if err != nil || again != box {
				t.Errorf("%+v is written %q and read as %+v, %v", box, box.String(), again, err)
			}
		}
	})
}

package codes_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/codes"
)

const head = "code,name_zh,name_en,valid_from,valid_to,status,note\n"

func TestFaultyTablesAreRefusedLineByLine(t *testing.T) {
	t.Parallel()
	f := func(line, col int, code string, args ...string) codes.Fault {
		fault := codes.Fault{File: "x.csv", Line: line, Column: col, Code: code}
		for i := 0; i < len(args); i += 2 {
			if fault.Args == nil {
				fault.Args = map[string]string{}
			}
			fault.Args[args[i]] = args[i+1]
		}
		return fault
	}
	for _, tc := range []struct {
		name, text string
		want       []codes.Fault
	}{
		{"bad status word", head + "1,甲,a,,,sure,\n", []codes.Fault{f(2, 11, codes.CodeStatus, "value", "sure")}},
		{"ends before it begins", head + "1,甲,a,2026-02-01,2026-01-31,confirmed,\n",
			[]codes.Fault{f(2, 0, codes.CodeValidity, "valid_from", "2026-02-01", "valid_to", "2026-01-31")}},
		{"day of another form", head + "1,甲,a,20260101,,confirmed,\n", []codes.Fault{f(2, 9, codes.CodeDay, "column", "valid_from", "value", "20260101")}},
		{"day that does not exist", head + "1,甲,a,,2026-02-30,confirmed,\n", []codes.Fault{f(2, 10, codes.CodeDay, "column", "valid_to", "value", "2026-02-30")}},
		{"twice without days", head + "1,甲,a,,,confirmed,\n2,乙,b,,,confirmed,\n1,丙,c,,,confirmed,\n", []codes.Fault{f(4, 0, codes.CodeTwice, "code", "1", "line", "2")}},
		{"twice on one day", head + "1,甲,a,,2026-01-31,confirmed,\n1,丙,c,2026-01-31,,confirmed,\n", []codes.Fault{f(3, 0, codes.CodeTwice, "code", "1", "line", "2")}},
		{"too few cells", head + "1,甲,a\n2,乙,b,,,confirmed,\n", []codes.Fault{f(2, 0, codes.CodeCells, "found", "3", "columns", "7")}},
		{"quotation mark within", head + "1,甲\"x,a,,,confirmed,\n", []codes.Fault{f(2, 6, codes.CodeQuotes)}},
		{"quotation mark without end", head + "1,\"甲,a,,,confirmed,\n", []codes.Fault{f(2, 23, codes.CodeQuotes)}},
		{"GB18030", head + "1,\xbc\xd7,a,,,confirmed,\n2,\xd2\xd2,b,,,confirmed,\n", []codes.Fault{f(2, 3, codes.CodeNotUTF8), f(3, 3, codes.CodeNotUTF8)}},
		{"no column", "code,name_zh,status\n1,甲,confirmed\n", []codes.Fault{f(1, 0, codes.CodeNoColumn, "column", "name_en")}},
		{"column twice", "code,name_zh,name_en,status,status\n", []codes.Fault{f(1, 29, codes.CodeColumn, "column", "status")}},
		{"nothing", "", []codes.Fault{f(0, 0, codes.CodeNoEntry)}},
		{"header alone", head, []codes.Fault{f(0, 0, codes.CodeNoEntry)}},
		{"no name", head + "1,,,,,confirmed,\n", []codes.Fault{f(2, 0, codes.CodeNoName)}},
		{"blank after a code", head + "1 ,甲,a,,,confirmed,\n", []codes.Fault{f(2, 1, codes.CodeCharacter, "column", "code")}},
		{"line break in a name", head + "1,甲,\"a\nb\",,,confirmed,\n", []codes.Fault{f(2, 7, codes.CodeCharacter, "column", "name_en")}},
		{"flag of another language", "code,name_zh,name_en,status,active\n1,甲,a,confirmed,是\n", []codes.Fault{f(2, 19, codes.CodeFlag, "column", "active", "value", "是")}},
		{"entry that nothing finds", head + ",甲,a,,,confirmed,\n", []codes.Fault{f(2, 0, codes.CodeNoCode)}},
		{"remark that says nothing", "# from a friend\n" + head + "1,甲,a,,,confirmed,\n", []codes.Fault{f(1, 1, codes.CodeRemark, "text", "# from a friend")}},
		{"places below a remark", "# complete\n" + head + "1,甲,a,,,sure,\n", []codes.Fault{f(3, 11, codes.CodeStatus, "value", "sure")}},
		{"everything is told", head + "1,甲,a,,,sure,\n2,,,,,confirmed,\n", []codes.Fault{f(2, 11, codes.CodeStatus, "value", "sure"), f(3, 0, codes.CodeNoName)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			table, err := codes.Read("x", strings.NewReader(tc.text))
			var bad *codes.FaultsError
			if !errors.As(err, &bad) {
				t.Fatalf("no faults but %v, %v", table, err)
			}
			if diff := cmp.Diff(tc.want, bad.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNotAFault(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"byte order mark and CRLF":   "\uFEFF" + strings.ReplaceAll(head, "\n", "\r\n") + "1,甲,a,,,confirmed,\r\n",
		"one after the other":        head + "1,甲,a,,2026-01-31,confirmed,\n1,乙,b,2026-02-01,,confirmed,\n",
		"the same code in two lists": "scope,code,name_zh,name_en,status\nA,1,甲,a,confirmed\nB,1,甲,a,confirmed\n",
		"case matters":               head + "a,甲,a,,,confirmed,\nA,乙,b,,,confirmed,\n",
		"no line break at the end":   head + "1,甲,a,,,confirmed,",
	} {
		if _, err := codes.Read("x", strings.NewReader(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGapIsReadFromTheFile(t *testing.T) {
	t.Parallel()
	table := mustRead(t, "x", "# incomplete: only the north\n"+head+"1,甲,a,,,confirmed,\n")
	if table.Complete() || table.Gap != "only the north" {
		t.Errorf("gap %q", table.Gap)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(head + "1,甲,a,2026-01-01,,confirmed,\n")
	f.Add("# incomplete: sample\r\n\uFEFFcode,name_zh\n\"")
	f.Add("scope,code,name_zh,name_en,status,active\nA,,甲,a,confirmed,N\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := codes.Read("x", strings.NewReader(text))
		var bad *codes.FaultsError
		if (err == nil) == errors.As(err, &bad) && err != nil {
			t.Fatalf("an error that is no fault: %v", err)
		}
		if err != nil {
			return
		}
		for i := range table.Entries {
			e := &table.Entries[i]
			if e.Code == "" && e.Scope == "" {
				continue
			}
			day := e.ValidFrom
			if found, ok := table.FindIn(e.Scope, e.Code, day); !ok || day != "" && found != e {
				t.Errorf("entry %d (%q %q) is not found on %q", i, e.Scope, e.Code, day)
			}
		}
	})
}

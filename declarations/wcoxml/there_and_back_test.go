package wcoxml

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/declarations/customsxml"
	"kouan/declarations/testfacts"
)

// homes are the fields of the domain whose name in the map is another.
var homes = map[string]string{
	"items[].container_numbers[]":             "containers[].item_numbers",
	"items[].documents[].type_code":           "documents[].type_code",
	"items[].documents[].number":              "documents[].number",
	"items[].packages[].count":                "other_packages[].count",
	"items[].packages[].kind_code":            "other_packages[].kind_code",
	"declaration.previous_documents[].number": "declaration.related_declaration_number",
}

// home is the name of a mapped field in the domain.
func home(canonical string) string {
	if h, ok := homes[canonical]; ok {
		return h
	}
	return canonical
}

// carriedOneWay are written and, by the map, not read back.
var carriedOneWay = []string{"transport.trading_country", "declaration.package_kind_code"}

func pattern(path string) string { return numbers.ReplaceAllString(path, "[]") }

// flat gives the values of a declaration by canonical path.
func flat(t *testing.T, d *declarations.Declaration) map[string]string {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, x := range v {
				walk(strings.TrimPrefix(path+"."+name, "."), x)
			}
		case []any:
			for i, x := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), x)
			}
		default:
			out[path] = fmt.Sprint(v)
		}
	}
	walk("", tree)
	return out
}

// alpha turns the numeric codes of old messages into the present ones.
func alpha(name, value string) string {
	for table, of := range map[string][]string{"countries": {"country"}, "currencies": {"currency"}} {
		for _, word := range of {
			if e, ok := codes.Default().Table(table).FindBy("old_numeric", value); ok && strings.Contains(name, word) {
				return e.Code
			}
		}
	}
	return value
}

func TestDecMessageSamplesThereAndBack(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	for _, p := range Pairs() {
		if p.Scope == "both" && p.ReadTarget {
			read[home(p.Canonical)] = true
		}
	}
	files, err := filepath.Glob(filepath.Join(testfacts.Path(t, "samples", "decmessage"), "valid-*.xml"))
	if err != nil || len(files) < 27 {
		t.Fatalf("%d samples: %v", len(files), err)
	}
	opt := Options{Unverified: true}
	written, table, kept := map[string][]byte{}, map[string]int{}, 0
	for _, file := range files {
		name := filepath.Base(file)
		source, faults := customsxml.Parse(readFile(t, file))
		if declarations.Rejected(faults) {
			t.Fatalf("%s: %v", name, faults)
		}
		out, losses := Write(&source.Declaration, opt)
		lost := map[string]bool{}
		for _, l := range losses {
			table[pattern(l.Path)+" "+l.Reason]++
			lost[l.Path] = true
			worded(t, []declarations.Fault{l.Fault()})
		}
		if !lost["declaration"] { // the function code of a draft has no counterpart, and the schema demands one
			written[name] = out
		}
		again, faults := Parse(addFunctionCode(out), opt)
		if declarations.Rejected(faults) {
			t.Errorf("%s: written message is refused: %v\n%s", name, said(faults), out)
			continue
		}
		before, after := flat(t, &source.Declaration), flat(t, &again.Declaration)
		for _, path := range slices.Sorted(maps.Keys(before)) {
			value := alpha(path, before[path])
			switch {
			case after[path] == value && read[pattern(path)]:
				kept++
			case read[pattern(path)] && !lost[path]:
				t.Errorf("%s: %s was %q, came back as %q, and is no loss", name, path, value, after[path])
			case after[path] != value && !lost[path] && !within(path, lost) && !slices.Contains(carriedOneWay, path):
				t.Errorf("%s: %s %q is lost unseen", name, path, value)
			}
		}
	}
	xsdValid(t, written)
	var b strings.Builder
	fmt.Fprintf(&b, "%d samples, %d values of fields with a read target came back.\nField, reason and number of what the WCO message does not carry as it stands:\n", len(files), kept)
	for _, line := range slices.Sorted(maps.Keys(table)) {
		fmt.Fprintf(&b, "%s %d\n", line, table[line])
	}
	golden(t, "lost_by_definition.txt", b.String())
}

// within reports whether a value is lost as a part of something that is.
func within(path string, lost map[string]bool) bool {
	for l := range lost {
		if strings.HasPrefix(path, l+".") || strings.HasPrefix(path, l+"[") {
			return true
		}
	}
	return false
}

// addFunctionCode makes a draft readable, whose function code WCO cannot say.
func addFunctionCode(message []byte) []byte {
	if strings.Contains(string(message), "<FunctionCode>") {
		return message
	}
	return []byte(strings.Replace(string(message), "<Declaration>", "<Declaration><FunctionCode>9</FunctionCode>", 1))
}

package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/i18n"
)

// said prints a fault as code, path, line:column and its arguments in order of name.
func said(faults []declarations.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, fmt.Sprintf("%s %s %d:%d %v", f.Code, f.Path, f.Line, f.Column, f.Args))
	}
	return out
}

func TestJSONFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		want     []string
	}{
		{"nothing", " \n", []string{"DEC-1007  0:0 map[]"}},
		{"byte order mark", "\ufeff{}", []string{"DEC-1001  1:1 map[reason:byte_order_mark]"}},
		{"array at the top", "[]", []string{"DEC-1004  1:1 map[got:array want:object]"}},
		{"null at the top", " null", []string{"DEC-1004  1:2 map[got:null want:object]"}},
		{"no JSON", "hello", []string{"DEC-1001  1:1 map[reason:json_syntax]"}},
		{"cut short", `{"items":[{"hs_code":"1"`, []string{"DEC-1001 items[0].hs_code 1:25 map[reason:json_ends_early]"}},
		{"comma at the end", "{\"items\":[{},\n]}", []string{"DEC-1001 items[0] 1:13 map[reason:json_syntax]"}},
		{"data behind the end", "{}\n {}", []string{"DEC-1011  2:2 map[]"}},
		{"brace behind the end", "{}}", []string{"DEC-1011  1:3 map[]"}},
		{"unknown member", "{\n  \"declaration\": {\"colour\": {\"a\": [1]}}}", []string{"DEC-1002 declaration.colour 2:19 map[name:colour]"}},
		{"member in another case", `{"Items":[]}`, []string{"DEC-1002 Items 1:2 map[name:Items]"}},
		{"repeated member", "{\"items\":[],\n\"items\":[]}", []string{"DEC-1003 items 2:1 map[name:items]"}},
		{"repeated by an escape", `{"items":[],"\u0069tems":[]}`, []string{"DEC-1003 items 1:13 map[name:items]"}},
		{"number for a text", `{"items":[{},{"hs_code":8431390000}]}`, []string{"DEC-1004 items[1].hs_code 1:25 map[got:number want:string]"}},
		{"object for a list", `{"items":{}}`, []string{"DEC-1004 items 1:10 map[got:object want:array]"}},
		{"text for a flag", `{"declaration":{"is_combined_port":"Z"}}`, []string{"DEC-1004 declaration.is_combined_port 1:36 map[got:string want:boolean]"}},
		{"list for a decimal", `{"items":[{"unit_price":[1]}]}`, []string{"DEC-1004 items[0].unit_price 1:25 map[got:array want:string_or_number]"}},
		{"null for a decimal", `{"items":[{"unit_price":null}]}`, []string{"DEC-1004 items[0].unit_price 1:25 map[got:null want:string_or_number]"}},
		{"number in a list of texts", `{"items":[{"goods_attribute_codes":["1",2]}]}`, []string{"DEC-1004 items[0].goods_attribute_codes[1] 1:41 map[got:number want:string]"}},
		{"unknown special business", `{"declaration":{"special_business_flags":["transit","party"]}}`, []string{
			"DEC-1004 declaration.special_business_flags 1:42 map[got:value known:international_event, special_military_goods, international_aid, international_conference, direct_release, diplomatic_courtesy, transit value:party want:one_of]"}},
		{"all faults in one pass, characters counted", "{\"items\":[{\"goods_name\":\"口岸\",\"hs_code\":1,\n\"x\":2}],\"y\":3", []string{
			"DEC-1004 items[0].hs_code 1:40 map[got:number want:string]",
			"DEC-1002 items[0].x 2:1 map[name:x]",
			"DEC-1002 y 2:9 map[name:y]",
			"DEC-1001 y 2:14 map[reason:json_ends_early]"}},
		{"bytes that are not UTF-8", "{\"items\":[{\"goods_name\":\"a\xff\"}]}", []string{"DEC-1006 items[0].goods_name 1:27 map[encoding:UTF-8]"}},
		{"half a surrogate pair", `{"items":[{"goods_name":"\ud800"}]}`, []string{"DEC-1001 items[0].goods_name 1:26 map[reason:half_surrogate]"}},
		{"character that XML cannot carry", `{"items":[{"goods_name":"a\u0000"}]}`, []string{"DEC-1001 items[0].goods_name 1:27 map[character:U+0000 reason:forbidden_character]"}},
		{"form feed", `{"items":[{"goods_name":"\\\f"}]}`, []string{"DEC-1001 items[0].goods_name 1:28 map[character:U+000C reason:forbidden_character]"}},
		{"U+FFFF", "{\"items\":[{\"goods_name\":\"\uffff\"}]}", []string{"DEC-1001 items[0].goods_name 1:26 map[character:U+FFFF reason:forbidden_character]"}},
		{"escape that does not exist", `{"items":[{"goods_name":"\x"}]}`, []string{"DEC-1001 items[0].goods_name 1:26 map[reason:json_string]"}},
		{"member name that is no text", `{1:2}`, []string{"DEC-1001  1:2 map[reason:json_member_name]"}},
		{"control character as it is", "{\"items\":[{\"goods_name\":\"\x01\"}]}", []string{"DEC-1001 items[0].goods_name 1:26 map[reason:json_string]"}},
		{"value with no place in the message", `{"declaration":{"form_type":"CLX"}}`, []string{"DEC-1004 declaration.form_type 1:29 map[element:Type got:value value:CLX want:positions]"}},
		{"gap between positions", `{"valuation":{"special_relationship":"0","royalties_paid":"1"}}`, []string{"DEC-1004 valuation.special_relationship 1:38 map[element:PromiseItmes got:value value:01 want:positions]"}},
		{"carried group that is modelled", `{"carried":[{"element":"DecHead","xml":"<DecHead/>"}]}`, []string{"DEC-1008 carried[0] 1:13 map[element:DecHead reason:modelled]"}},
		{"carried group with a document type", `{"items":[{"carried":[{"element":"Foo","xml":"<!DOCTYPE a><Foo/>"}]}]}`,
			[]string{"DEC-1008 items[0].carried[0] 1:23 map[element:Foo reason:has_directive]"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rows := Read([]byte(tc.in), JSON)
			if len(rows) != 1 || rows[0].Locate == nil {
				t.Fatalf("rows %v", rows)
			}
			if diff := cmp.Diff(tc.want, said(rows[0].Faults)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, f := range rows[0].Faults {
				for _, lang := range i18n.Languages() {
					if words := i18n.For(lang).Fault(f.Code, f.Args); strings.Contains(words, "(?)") {
						t.Errorf("words in %s lack an argument: %s", lang, words)
					}
				}
			}
			if !declarations.Rejected(rows[0].Faults) {
				t.Error("not rejected")
			}
		})
	}
}

func TestJSONIsBounded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, code string }{
		{"10,000 levels", strings.Repeat("[", 10_000), declarations.CodeTooDeep},
		{"10,000 levels below a member", `{"a":` + strings.Repeat(`{"a":`, 10_000), declarations.CodeTooDeep},
		{"50 MB", `{"items":[` + strings.Repeat(" ", 50<<20) + "]}", declarations.CodeTooLarge},
		{"a million empty lines", `{"items":[` + strings.Repeat("{},", 1_000_000) + "{}]}", declarations.CodeTooLarge},
		{"a million unknown members", "{" + strings.Repeat(`"":0,`, 800_000) + `"":0}`, declarations.CodeUnknownMember},
		{"a million wrong values", `{"items":[` + strings.Repeat("1,", 1_000_000) + "1]}", declarations.CodeWrongType},
		{"one string", `{"` + strings.Repeat("口", 1_000_000) + `":1}`, declarations.CodeUnknownMember},
		{"a string without an end", `"` + strings.Repeat(`\`, 4_000_000), declarations.CodeJSONSyntax},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			row := Read([]byte(tc.in), JSON)[0]
			if len(row.Faults) == 0 || row.Faults[0].Code != tc.code {
				t.Fatalf("got %.300v, want %s", said(row.Faults), tc.code)
			}
			if len(row.Faults) > maxFaults || len(row.Faults[0].Path) > 2000 {
				t.Errorf("%d faults, path of %d bytes", len(row.Faults), len(row.Faults[0].Path))
			}
		})
	}
}

func TestJSONLocate(t *testing.T) {
	t.Parallel()
	const in = "{\n  \"declaration\": {\"remarks\": \"口岸\", \"contract_number\": \"A\"},\n" +
		"  \"valuation\": {\"freight\": {\"currency\": \"USD\"}},\n" +
		"  \"items\": [\n    {\"hs_code\": \"1\"},\n    {\"carried\": [{\"element\": \"X\", \"xml\": \"<X/>\"}], \"hs_code\": \"2\"}\n  ]\n}"
	row := Read([]byte(in), JSON)[0]
	if row.Faults != nil {
		t.Fatal(said(row.Faults))
	}
	for path, want := range map[string]string{
		"declaration.contract_number":  "2:55",
		"declaration.client_reference": "2:18", // missing: the object around it
		"valuation.freight.currency":   "3:41",
		"valuation.freight.value":      "3:28",
		"items":                        "4:12",
		"items[0].hs_code":             "5:17",
		"items[1]":                     "6:5",
		"items[1].hs_code":             "6:63",
		"items[1].goods_name":          "6:5",
		"items[1].carried[0].xml":      "6:42",
		"items[2].hs_code":             "4:12",
		"containers[0].number":         "1:1",
		"":                             "1:1",
	} {
		place, line, column := row.Locate(path)
		if got := fmt.Sprintf("%d:%d", line, column); got != want || place != path {
			t.Errorf("%s: %s at %s, want %s", path, place, got, want)
		}
	}
}

// Rule faults are placed in the user's own document, in either format.
func TestCheckPlacesTheFaultsOfRules(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "customsxml", "testdata", "valid-01-import-one-line.xml"))
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(string(data), "<CodeTS>8431390000<", "<CodeTS>843139000<", 1)
	row := Read([]byte(wrong), XML)[0]
	var got []string
	for _, f := range row.Check() {
		got = append(got, fmt.Sprintf("%s %s %d:%d", f.Code, f.Path, f.Line, f.Column))
	}
	if diff := cmp.Diff([]string{"DEC-0024 /DecMessage/DecLists/DecList[1]/CodeTS 99:7"}, got); diff != "" {
		t.Errorf("XML (-want +got):\n%s", diff)
	}
	out, err := MarshalIndent(&row.Declaration)
	if err != nil {
		t.Fatal(err)
	}
	row = Read(out, JSON)[0]
	got = nil
	for _, f := range row.Check() {
		got = append(got, f.Code+" "+f.Path)
		if line := strings.Split(string(out), "\n")[f.Line-1]; line[f.Column-1:] != `"843139000",` {
			t.Errorf("JSON place %d:%d is %q", f.Line, f.Column, line)
		}
	}
	if diff := cmp.Diff([]string{"DEC-0024 items[0].hs_code"}, got); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

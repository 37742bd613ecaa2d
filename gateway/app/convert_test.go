package app

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/declarations/customsxml"
	"kouan/declarations/intake"
)

const onePlain = "../../declarations/customsxml/testdata/valid-01-import-one-line.xml"

// ownTable writes a declaration as a table whose reference has a header that
// only the mapping knows, under another currency when one is given.
func ownTable(t *testing.T, dir, currency string) (table, mapping string) {
	t.Helper()
	body, err := os.ReadFile(onePlain)
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := customsxml.Parse(body)
	if currency != "" {
		doc.Declaration.Items[0].Currency = currency
	}
	header, rows := intake.Lines(&doc.Declaration, false)
	for i := range header {
		if header[i] == "Client reference" {
			header[i] = "OurNumber"
		}
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(append([][]string{header}, rows...)); err != nil {
		t.Fatal(err)
	}
	table, mapping = filepath.Join(dir, "own.csv"), filepath.Join(dir, "mapping.json")
	for name, text := range map[string][]byte{table: out.Bytes(), mapping: []byte(`{"OurNumber":"declaration.client_reference"}`)} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return table, mapping
}

// check and convert judge by the same tables and rules, and read the same headers.
func TestConvertJudgesAsCheckDoes(t *testing.T) {
	t.Parallel()
	table, mapping := ownTable(t, t.TempDir(), "")
	strange, _ := ownTable(t, t.TempDir(), "QQQ")
	brought := t.TempDir()
	codesFile(t, brought, "currencies.csv", "code,name_zh,name_en,status,old_numeric,active\nUSD,美元,US dollar,confirmed,502,Y\nCNY,人民币,yuan,confirmed,142,Y\nQQQ,试验,brought,confirmed,,Y\n")
	for name, tc := range map[string]struct {
		args string
		code int
		says string
	}{
		"a header that nobody knows":      {table, exitFailed, "CSV-1002"},
		"known by the mapping":            {"--mapping " + mapping + " " + table, exitDone, ""},
		"a mapping that is none":          {"--mapping " + table + " " + table, exitUsage, table},
		"a code that no table has":        {"--mapping " + mapping + " " + strange, exitFailed, "DEC-0021"},
		"the operator's table has it":     {"--codes " + brought + " --mapping " + mapping + " " + strange, exitDone, ""},
		"the operator turned the rule":    {"--rule V021=warn --mapping " + mapping + " " + strange, exitDone, "DEC-0021"},
		"a rule that is none":             {"--rule V999=warn --mapping " + mapping + " " + strange, exitUsage, "V999=warn"},
		"a folder of tables is not there": {"--codes " + filepath.Join(brought, "none") + " " + onePlain, exitFailed, "none"},
	} {
		for _, command := range []string{"check", "convert --to decmessage", "convert --to json"} {
			t.Run(command+": "+name, func(t *testing.T) {
				t.Parallel()
				code, out, errs := gatewaySays(t, strings.Fields(command+" --lang en "+tc.args)...)
				if code != tc.code || !strings.Contains(errs+out, tc.says) {
					t.Errorf("exit %d, want %d with %q: %s%s", code, tc.code, tc.says, errs, out)
				}
				if command == "convert --to json" && code == exitDone && !strings.Contains(out, `"client_reference": "EX2026010500000001"`) {
					t.Errorf("converted to %s", out)
				}
			})
		}
	}
}

package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/gateway/api"
)

func TestRulesOnTheCommandLine(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args string
		code int
		want []string
	}{
		{"rules --lang en", exitDone, []string{"V014 DEC-0014 reject all confirmed validate", "rules: 82 of 82", "by severity: reject 64, warn 18", "by status: confirmed 29, secondary 36, unverified 17", "by stage: customsxml 7, intake 1, store 1, strictxml 2, validate 71", "[country fields] Zzaniu/loop_server"}},
		{"rules --lang zh-Hans --rule V067=off,V078=reject", exitDone, []string{"V067 DEC-0067 off (由运营方从 reject 调整)", "V078 DEC-0078 reject (由运营方从 warn 调整)", "规则 82 条（应为 82 条）", "[国别（地区）栏目]"}},
		{"rules --rule V001=off --lang en", exitUsage, []string{"V001=off turns no rule"}},
		{"rules --rule V067=maybe --lang en", exitUsage, []string{"V067=maybe turns no rule"}},
		{"serve --rule V999=off --lang en", exitUsage, []string{"V999=off turns no rule"}},
	} {
		t.Run(tc.args, func(t *testing.T) {
			t.Parallel()
			code, out, errs := gatewaySays(t, strings.Fields(tc.args)...)
			if code != tc.code {
				t.Errorf("exit code %d, want %d: %s", code, tc.code, errs)
			}
			said := out
			if code != exitDone {
				said = errs
			}
			for _, want := range tc.want {
				if !strings.Contains(strings.Join(strings.Fields(said), " "), want) {
					t.Errorf("%s does not say %q:\n%.900s", tc.args, want, said)
				}
			}
		})
	}
}

func TestRulesAsJSON(t *testing.T) {
	t.Parallel()
	code, out, errs := gatewaySays(t, "rules", "--json", "--rule", "V067=warn")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != knownRules {
		t.Fatalf("%d lines, want %d", len(lines), knownRules)
	}
	var r api.Rule
	if err := json.Unmarshal([]byte(lines[66]), &r); err != nil || r.ID != "V067" || r.Severity != "warn" || r.Turned != "reject" {
		t.Errorf("%s: %+v, %v", lines[66], r, err)
	}
}

// check judges by the rules as they are turned, and by the operator's tables.
func TestCheckJudgesByRulesAndTables(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	body, err := os.ReadFile("../../declarations/customsxml/testdata/valid-01-import-one-line.xml")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := write("d.xml", strings.Replace(string(body), "<DeclTotal>1500</DeclTotal>", "<DeclTotal>0</DeclTotal>", 1))
	plain := write("p.xml", string(body))
	write("trade_modes.2020-01-01.csv", "code,name_zh,name_en,status,active\n0130,易货贸易,barter trade,secondary,Y\n")
	for _, tc := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"as the table says", []string{"check", file}, exitFailed, "DEC-0067"},
		{"turned off", []string{"check", "--rule", "V067=off", file}, exitDone, ""},
		{"the built-in tables", []string{"check", plain}, exitDone, ""},
		{"an operator's table", []string{"check", "--codes", dir, plain}, exitFailed, "DEC-0018"},
	} {
		code, _, errs := gatewaySays(t, append(tc.args, "--lang", "en")...)
		if code != tc.code || !strings.Contains(errs, tc.want) {
			t.Errorf("%s: exit code %d, want %d, complaints %q, want %q", tc.name, code, tc.code, errs, tc.want)
		}
	}
}

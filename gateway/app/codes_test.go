package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kouan/declarations/codes"
)

// gatewaySays runs a command to its end.
func gatewaySays(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(t.Context(), args, nil, &bytes.Buffer{}, &o, &e)
	return code, o.String(), e.String()
}

func TestCodesOnTheCommandLine(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		args string
		code int
		want []string // in the output, or in the complaints when the code is not 0
	}{
		{"all tables", "codes list --lang en", exitDone, []string{"countries", "codes: 268", "built in", "incomplete: only some customs districts"}},
		{"all tables in Chinese", "codes list --lang zh-Hans", exitDone, []string{"国别（地区）代码", "代码数：268", "不完整：只收录了部分直属关区"}},
		{"one table", "codes list duty_modes --lang en", exitDone, []string{"1 levy at the statutory rate", "one third-party source only"}},
		{"names in Chinese", "codes list duty_modes --lang zh-Hans", exitDone, []string{"照章征税", "仅有一个第三方来源"}},
		{"names in English for others", "codes list duty_modes --lang ru", exitDone, []string{"levy at the statutory rate", "подтверждено"}},
		{"unverified is said", "codes find 0908 --lang en", exitDone, []string{"customs_offices 0908", "unverified"}},
		{"a number means two things", "codes find 142 --lang en", exitDone, []string{"countries CHN", "currencies CNY"}},
		{"void is said", "codes find 3039 --table trade_modes --lang en", exitDone, []string{"no longer used"}},
		{"nothing found", "codes find zzzzzz --lang en", exitFailed, []string{"nothing found for “zzzzzz”"}},
		{"no such table", "codes list colours --lang en", exitUsage, []string{"there is no code table “colours”", "attached_document_codes, countries"}},
		{"no such table to look in", "codes find a --table colours --lang en", exitUsage, []string{"there is no code table “colours”"}},
		{"not a day", "codes list --date 2026-02-30 --lang en", exitUsage, []string{"“2026-02-30” is not a day"}},
		{"no such folder", "codes list --codes /nowhere/at/all --lang en", exitFailed, []string{"there is no file"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
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
				if !strings.Contains(strings.Join(strings.Fields(said), " "), want) { // whatever the widths of columns
					t.Errorf("%s does not say %q:\n%.600s", tc.args, want, said)
				}
			}
		})
	}
}

func TestCodesAsJSON(t *testing.T) {
	t.Parallel()
	code, out, errs := gatewaySays(t, "codes", "find", "142", "--json", "--lang", "en")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var tables []string
	for line := range strings.Lines(out) {
		var row struct {
			Table, Code, Status string
			Extra               map[string]string
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if row.Extra["old_numeric"] == "142" {
			tables = append(tables, row.Table+" "+row.Code)
		}
	}
	if got := strings.Join(tables, ", "); got != "countries CHN, currencies CNY" {
		t.Errorf("142 is %s", got)
	}
}

func codesFile(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOperatorsTablesOnTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	codesFile(t, dir, "duty_modes.2026-04-01.csv", "code,name_zh,name_en,status\n1,一,april,confirmed\n")
	codesFile(t, dir, "customs_ports.2026-04-01.csv", "code,name_zh,name_en,status\nJPN033,东京,Tokyo,confirmed\n")
	for day, want := range map[string]string{"2026-03-31": "levy at the statutory rate", "2026-04-01": "april"} {
		_, out, errs := gatewaySays(t, "codes", "list", "duty_modes", "--codes", dir, "--date", day, "--lang", "en")
		if !strings.Contains(out, want) {
			t.Errorf("on %s: %s%s, want %s", day, out, errs, want)
		}
	}
	code, _, errs := gatewaySays(t, "codes", "list", "customs_ports", "--codes", dir, "--date", "2026-03-31", "--lang", "en")
	if code != exitFailed || !strings.Contains(errs, "has no code in force on 2026-03-31") {
		t.Errorf("a table before its first day: %d %s", code, errs)
	}
	codesFile(t, dir, "duty_modes.csv", "code,name_zh,name_en,status\n1,一,one,sure\n2,二,two,perhaps\n")
	code, _, errs = gatewaySays(t, "codes", "list", "--codes", dir, "--lang", "en")
	for _, want := range []string{dir + "/duty_modes.csv:2:11 COD-1006 - status “sure” is unknown", "duty_modes.csv:3:11 COD-1006", "None of its tables is used"} {
		if code != exitFailed || !strings.Contains(errs, want) {
			t.Errorf("faulty folder: %d, without %q:\n%s", code, want, errs)
		}
	}
	code, _, errs = gatewaySays(t, "serve", "--codes", dir, "--db", "sqlite:"+filepath.Join(dir, "k.db"), "--channels", channelsFile(t), "--lang", "en")
	if code != exitFailed || !strings.Contains(errs, "duty_modes.csv:2:11 COD-1006") {
		t.Errorf("serve over faulty tables: %d %s", code, errs)
	}
}

func channelsFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "channels.json")
	text := `[{"name":"files","wire":"filedrop","folder":"` + t.TempDir() + `"}]`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A running gateway takes a new table without a new start, and keeps the one
// it has when the new one is faulty.
func TestServingFollowsTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newConsole(nil, bytes.NewReader(nil), &bytes.Buffer{}, &bytes.Buffer{})
	source, err := codeFolder{dir}.source(c)
	if err != nil {
		t.Fatal(err)
	}
	var logs bytes.Buffer
	logger, err := newLogger(&logs, &Common{LogFormat: "text"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{cfg: Config{Codes: dir, CodesEvery: 5 * time.Millisecond}, codes: source, logger: logger}
	ended := make(chan error, 1)
	stop := follow(t, h, ended)
	codesFile(t, dir, "duty_modes.csv", "code,name_zh,name_en,status\n1,一,brought,confirmed\n")
	within(t, "the new table", func() bool {
		e, ok := h.codes.Set().Table("duty_modes").Find("1", "")
		return ok && e.NameEn == "brought"
	})
	edition := h.codes.Set().Edition()
	codesFile(t, dir, "duty_modes.csv", "code,name_zh,name_en,status\n1,一,brought,confirmed\n2,二,faulty,sure\n")
	time.Sleep(100 * time.Millisecond)
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if h.codes.Set().Edition() != edition {
		t.Error("a faulty table is in force")
	}
	if !strings.Contains(logs.String(), "duty_modes.csv:3: COD-1006") || strings.Count(logs.String(), "refused") != 1 {
		t.Errorf("the log says\n%s", &logs)
	}
}

// The demo answers about codes without a key.
func TestDemoServesCodes(t *testing.T) {
	dir := t.TempDir()
	g := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, "--traffic=false")
	resp, err := http.Get(g.url + "/api/v1/codes/countries?q=142")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got struct {
		Edition string
		Items   []codes.Entry
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || got.Edition != codes.Default().Edition() || len(got.Items) != 1 || got.Items[0].Code != "CHN" {
		t.Errorf("%d %+v, %v", resp.StatusCode, got, err)
	}
	http.DefaultClient.CloseIdleConnections()
	if code := g.end(t); code != exitDone {
		t.Errorf("exit code %d: %s", code, g.errors)
	}
}

func follow(t *testing.T, h *house, ended chan<- error) context.CancelFunc {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	go func() { ended <- h.followCodes(ctx) }()
	return stop
}

func within(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !yes(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 10 s", what)
		}
	}
}

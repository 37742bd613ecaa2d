package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kouan/i18n"
)

// localesCopy is a folder with the catalogues of the program, to be changed.
func localesCopy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, i18n.Files()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// change replaces a text in a file of the folder.
func change(t *testing.T, dir, file, old, new string) {
	t.Helper()
	path := filepath.Join(dir, file)
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), old) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(body), old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTheTextsOfTheProgramAreWhole(t *testing.T) {
	t.Parallel()
	code, out, errs := gatewaySays(t, "i18n", "check", "--lang", "en", "--json")
	var r i18nReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v: %s%s", err, out, errs)
	}
	if code != exitDone || len(r.Findings) > 0 || r.Keys < 2000 || len(r.Languages) != 6 {
		t.Errorf("exit code %d, %d keys, findings %+v", code, r.Keys, r.Findings)
	}
	for _, n := range r.Languages {
		sum := 0
		for _, c := range n.Texts {
			sum += c
		}
		if sum != r.Keys || n.Terms["proposed"]+n.Terms["seen"] < 200 {
			t.Errorf("%s: %v of %d texts, terms %v", n.Language, n.Texts, r.Keys, n.Terms)
		}
	}
}

func TestCheckTellsWhatIsBroken(t *testing.T) {
	t.Parallel()
	dir := localesCopy(t)
	change(t, dir, "en.json", `"status.released": "released"`, `"status.released": "released for demurrage"`)
	change(t, dir, "de.json", `"one": "{{.count}} Tag",`, ``)
	change(t, dir, "ru.json", `"status.released"`, `"status.releasd"`)
	code, out, errs := gatewaySays(t, "i18n", "check", "--dir", dir, "--lang", "en")
	if code != exitFailed {
		t.Errorf("exit code %d: %s", code, errs)
	}
	for _, want := range []string{"FEE-L27 status.released “demurrage”", "I18N-1004 length.days length.days in de has the plural forms “other”", "I18N-1001 status.released ru lacks", "I18N-1002 status.releasd ru has", "findings: 4"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not told:\n%s", want, out)
		}
	}
}

func TestAStaleTranslationIsAcceptedByNameAndReviewedByLanguage(t *testing.T) {
	t.Parallel()
	dir := localesCopy(t)
	change(t, dir, "zh-Hans.json", `"status.released": "`, `"status.released": "已`)
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := gatewaySays(t, append(append([]string{"i18n"}, args...), "--dir", dir, "--lang", "en")...)
		if code != want {
			t.Errorf("%v: exit code %d, %s%s", args, code, out, errs)
		}
		return out + errs
	}
	if out := run(exitDone, "check"); strings.Count(out, "I18N-1007 status.released") != 6 {
		t.Errorf("stale translations warn:\n%s", out)
	}
	if out := run(exitDone, "stale"); !strings.Contains(out, "status.released en,ja,ko,ru,de,fr 已") || !strings.Contains(out, "6 translations are stale") {
		t.Errorf("the list is\n%s", out)
	}
	if out := run(exitDone, "stale", "--accept", "status.released", "--for", "en,fr,ja"); !strings.Contains(out, "status of 3 translations") {
		t.Error(out)
	}
	if out := run(exitDone, "review", "status.released", "--for", "ru"); !strings.Contains(out, "status of 1 translation was") {
		t.Error(out)
	}
	if out := run(exitDone, "check"); strings.Count(out, "I18N-1007") != 2 {
		t.Errorf("ko and de are left:\n%s", out)
	}
	run(exitUsage, "review", "status.released")
	run(exitUsage, "review", "status.nothing", "--for", "ru")
	run(exitUsage, "stale", "--for", "zh-Hans")
}

func TestRecordKeepsUpWithNewAndGoneKeys(t *testing.T) {
	t.Parallel()
	dir := localesCopy(t)
	for _, lang := range i18n.Languages() {
		change(t, dir, string(lang)+".json", `"status.released"`, `"status.let_go"`)
	}
	code, out, errs := gatewaySays(t, "i18n", "record", "--dir", dir, "--lang", "en")
	if code != exitDone || !strings.Contains(out, "1 new key recorded") || !strings.Contains(out, "1 key that is gone was dropped") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	if _, out, _ := gatewaySays(t, "i18n", "record", "--dir", dir, "--lang", "en"); !strings.Contains(out, "0 new keys") {
		t.Errorf("the second time: %s", out)
	}
	if code, _, errs := gatewaySays(t, "i18n", "check", "--dir", t.TempDir(), "--lang", "en"); code == exitDone || !strings.Contains(errs, "--dir") {
		t.Errorf("a folder without catalogues: exit code %d, %s", code, errs)
	}
}

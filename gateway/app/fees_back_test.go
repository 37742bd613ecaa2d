package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/tariffs"
)

func TestAnExportIsImportedAsItWas(t *testing.T) {
	t.Parallel()
	db := publishedAt(t)
	for _, form := range []string{"--csv", "--xlsx"} {
		for _, from := range [][]string{nil, {"--db", db}} {
			file := filepath.Join(t.TempDir(), "fees"+strings.Replace(form, "--", ".", 1))
			if code, _, errs := gatewaySays(t, append([]string{"fees", "export", form, "--on", "2027-04-01", "--out", file}, from...)...); code != exitDone {
				t.Fatalf("export: %d %s", code, errs)
			}
			if from == nil {
				if code, out, errs := gatewaySays(t, "fees", "import", "--dry-run", "--lang", "en", file); code != exitDone || strings.Contains(out+errs, "FEE-") {
					t.Errorf("%s: %d %s%s", form, code, out, errs)
				}
				continue
			}
			code, out, errs := gatewaySays(t, append([]string{"fees", "import", "--draft", "--by", "Anna", "--lang", "en", file}, from...)...)
			if all := out + errs; code != exitFailed || strings.Count(all, "FEE-") != 1 || !strings.Contains(all, "FEE-1100") {
				t.Errorf("%s: a draft that changes nothing: %d %s", form, code, all)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "fees.csv")
	if code, _, errs := gatewaySays(t, "fees", "export", "--csv", "--db", db, "--on", "2027-04-01", "--out", file); code != exitDone {
		t.Fatal(errs)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(body), ",8123,", ",8100,", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := gatewaySays(t, "fees", "import", "--draft", "--by", "Anna", "--reason", "更正", "--lang", "en", "--db", db, file)
	if code != exitDone || strings.Count(out, "~ rates ") != 1 || !strings.Contains(out, `amount: "8123" → "8100"`) {
		t.Errorf("one changed price: %d %s%s", code, out, errs)
	}
	if code, out, errs := gatewaySays(t, "fees", "import", "--lang", "en", file); code != exitFailed || strings.Count(out+errs, tariffs.CodeOtherList) != 1 {
		t.Errorf("a file of the edition held against the tables of the program: %d %s%s", code, out, errs)
	}
}

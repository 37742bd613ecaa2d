package i18n

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// own reads each file by itself, before fallbacks hide what is missing.
func own(t *testing.T) map[Lang]map[string]text {
	t.Helper()
	all := map[Lang]map[string]text{}
	for _, lang := range Languages() {
		texts, err := loadFile(locales, lang)
		if err != nil {
			t.Fatal(err)
		}
		all[lang] = texts
	}
	return all
}

// everyForm has the forms of texts that count beside the other texts.
func everyForm(texts map[string]text) map[string]text {
	all := map[string]text{}
	for key, tx := range texts {
		all[key] = tx
		if tx.forms != nil {
			for c, form := range tx.forms.texts {
				all[key+" "+string(c)] = form
			}
		}
	}
	return all
}

func sortedKeys(texts map[string]text) []string {
	keys := make([]string, 0, len(texts))
	for key := range texts {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func TestEveryLanguageHasEveryKey(t *testing.T) {
	t.Parallel()
	all := own(t)
	want := sortedKeys(all[ZhHans])
	for _, lang := range Languages() {
		if diff := cmp.Diff(want, sortedKeys(all[lang])); diff != "" {
			t.Errorf("keys of %s against zh-Hans (-want +got)\n%s", lang, diff)
		}
	}
}

func TestEveryLanguageHasTheSamePlaceholders(t *testing.T) {
	t.Parallel()
	all := own(t)
	for key, want := range all[ZhHans] {
		for _, lang := range Languages() {
			if diff := cmp.Diff(want.names(), all[lang][key].names()); diff != "" {
				t.Errorf("placeholders of %s in %s against zh-Hans (-want +got)\n%s", key, lang, diff)
			}
		}
	}
}

// TestTextsThatCountHaveTheFormsOfTheirLanguage: equal key sets go down to the
// categories. Loading refuses a category too many or too few; here, no
// language counts with one text where another needs several.
func TestTextsThatCountHaveTheFormsOfTheirLanguage(t *testing.T) {
	t.Parallel()
	all, n := own(t), 0
	for key := range all[ZhHans] {
		for _, lang := range Languages() {
			tx := all[lang][key]
			if all[Ru][key].forms != nil && len(Categories(lang)) > 1 && tx.forms == nil {
				t.Errorf("%s has forms in ru and one text in %s", key, lang)
			}
			if tx.forms == nil {
				continue
			}
			n++
			if all[Ru][key].forms == nil {
				t.Errorf("%s has forms in %s and one text in ru", key, lang)
			}
			if !slices.Contains(tx.names(), tx.forms.by) {
				t.Errorf("%s in %s counts by %q, which its text does not show", key, lang, tx.forms.by)
			}
			if tx.forms.by != all[Ru][key].forms.by {
				t.Errorf("%s counts by %q in %s and by %q in ru", key, tx.forms.by, lang, all[Ru][key].forms.by)
			}
		}
	}
	if n == 0 {
		t.Error("no text counts: the search is broken")
	}
}

func TestNoTextIsEmptyOrUntidy(t *testing.T) {
	t.Parallel()
	for lang, texts := range own(t) {
		for key, tx := range everyForm(texts) {
			whole := strings.Join(tx.words, "X")
			if whole == "" || whole != strings.TrimSpace(whole) || strings.Contains(whole, missing) ||
				strings.Contains(whole, "  ") || strings.ContainsAny(whole, "!！<>\n\t") {
				t.Errorf("%s in %s: %q", key, lang, whole)
			}
		}
	}
}

// repertoire is the national character set of each language. A sentence left
// in another language, or a character of the wrong form (单 in Japanese, 単 in
// Chinese), does not fit it.
var repertoire = map[Lang]encoding.Encoding{
	ZhHans: simplifiedchinese.HZGB2312,
	En:     charmap.Windows1252,
	Ja:     japanese.ShiftJIS,
	Ko:     korean.EUCKR,
	Ru:     charmap.Windows1251,
	De:     charmap.Windows1252,
	Fr:     charmap.Windows1252,
}

func TestTextsStayInTheirScript(t *testing.T) {
	t.Parallel()
	const name = "口岸" // the product's own name
	for lang, texts := range own(t) {
		for key, tx := range everyForm(texts) {
			whole := strings.ReplaceAll(strings.Join(tx.words, " "), name, "")
			characters := repertoire[lang]
			if isRemark(key) {
				whole = cited[lang].ReplaceAllString(whole, "")
				if lang == Ja {
					characters = japanese.EUCJP // ports of China have rare characters
				}
			}
			if _, err := characters.NewEncoder().String(whole); err != nil {
				t.Errorf("%s in %s leaves its script (%v): %q", key, lang, err, whole)
			}
			if lang == Ko && strings.ContainsFunc(whole, isHan) {
				t.Errorf("%s in ko has Chinese characters: %q", key, whole)
			}
		}
	}
}

// isRemark: remarks on legal texts cite their numbers and names in Chinese.
func isRemark(key string) bool { return strings.HasPrefix(key, "remark.") }

// cited is what a remark may have of Chinese characters: a name or a number
// that stands by itself, in Japanese in brackets or as the number of a text.
var cited = func() map[Lang]*regexp.Regexp {
	alone := regexp.MustCompile(`[\p{Han}〔〕、−×]+`) // and two signs that old character sets lack
	out := map[Lang]*regexp.Regexp{ZhHans: regexp.MustCompile(`[a-z][a-z0-9_]+`), Ja: regexp.MustCompile(`（[^）]*）|[\p{Han}]*〔\d+〕\d+号`)}
	for _, lang := range []Lang{En, Ko, Ru, De, Fr} {
		out[lang] = alone
	}
	return out
}()

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

// sharedWords are texts that two languages have in common by right.
var sharedWords = map[string]bool{
	"ja cli.fault.warning": true, // 警告
	"ja unit.rows":         true, // 行
	"fr length.minutes":    true, // minutes
	// remarks: articles, sections, names of ports
	"ja remark.3867529cbb48": true, "de remark.3867529cbb48": true, "ja remark.eafb906656b8": true, "ja remark.303b1fa993cf": true,
	"de remark.303b1fa993cf": true, "fr remark.303b1fa993cf": true, "de remark.d7e94669b4ef": true, "fr remark.d7e94669b4ef": true,
	"fr remark.e8edaa4ef082": true,
}

// TestNoTextIsACopy catches a text that was taken over and not translated.
func TestNoTextIsACopy(t *testing.T) {
	t.Parallel()
	all := own(t)
	for _, lang := range Languages() {
		for _, from := range []Lang{ZhHans, En} {
			if lang == from {
				continue
			}
			for key, tx := range all[lang] {
				if slices.Equal(tx.words, all[from][key].words) && !sharedWords[string(lang)+" "+key] {
					t.Errorf("%s in %s is the text of %s: %q", key, lang, from, tx.words)
				}
			}
		}
	}
}

// shared opens the folder of facts beside the repository; without it the
// test is skipped, or fails where nothing may be skipped.
func shared(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	dir = filepath.Join(dir, "..", "shared")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatalf("facts are missing: %v", err)
		}
		t.Skipf("facts are missing, nothing compared: %v", err)
	}
	return dir
}

func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(shared(t), "facts", name))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(f).ReadAll()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestEveryRuleHasAText(t *testing.T) {
	t.Parallel()
	rows := table(t, "validation_rules.csv")
	if len(rows) < 82 {
		t.Fatalf("%d rules in the table", len(rows))
	}
	for _, row := range rows {
		key := "fault.DEC-0" + strings.TrimPrefix(row["id"], "V")
		if _, ok := Placeholders(key); !ok {
			t.Errorf("rule %s has no text %s", row["id"], key)
		}
	}
}

func TestEveryReceiptCodeAndStatusHasAText(t *testing.T) {
	t.Parallel()
	doubt := map[Lang]map[string]string{
		ZhHans: {"conflict": "（含义有不同说法）", "unverified": "（含义未核实）"},
		En:     {"conflict": " (sources differ on the meaning)", "unverified": " (meaning unverified)"},
	}
	rows := table(t, "receipt_codes.csv")
	if len(rows) < 52 {
		t.Fatalf("%d codes in the table", len(rows))
	}
	for _, row := range rows {
		key := "receipt." + row["code"]
		for lang, column := range map[Lang]string{ZhHans: "name_zh", En: "name_en"} {
			name := row[column]
			if name == "" {
				name = "无含义代码"
			}
			if diff := cmp.Diff(name+doubt[lang][row["status"]], For(lang).Text(key, nil)); diff != "" {
				t.Errorf("%s in %s against the table (-want +got)\n%s", key, lang, diff)
			}
		}
		if status := row["declaration_status"]; status != "none" {
			if _, ok := Placeholders("status." + status); !ok {
				t.Errorf("code %s leads to status %s, which has no text", row["code"], status)
			}
		}
	}
}

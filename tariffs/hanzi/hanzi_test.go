package hanzi

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

func TestVariantsOfCharacters(t *testing.T) {
	t.Parallel()
	seen := map[rune]bool{}
	for group := range strings.FieldsSeq(variants) {
		for i, r := range group {
			if i > 0 && (seen[r] || !unicode.Is(unicode.Han, r)) {
				t.Errorf("%c stands twice, or is none", r)
			}
			if _, chained := simplified[r]; i == 0 && chained {
				t.Errorf("%c is the end of one group and a variant in another", r)
			}
			if i > 0 {
				seen[r] = true
			}
		}
	}
	texts := occurring(t)
	for from, to := range simplified {
		if !strings.ContainsRune(texts, from) && !strings.ContainsRune(texts, to) {
			t.Errorf("%c and %c occur nowhere", from, to)
		}
	}
}

// occurring are the texts that are searched: tables and words.
func occurring(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"../tables/*.csv", "../../i18n/locales/zh-Hans.json", "../../i18n/locales/ja.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, f := range files {
			body, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(body)
		}
	}
	return all.String()
}

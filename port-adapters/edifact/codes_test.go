package edifact

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"kouan/i18n"
)

// TestEveryCodeIsInTheTableAndHasWords: a code outside the table would be a
// finding without severity.
func TestEveryCodeIsInTheTableAndHasWords(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("codes.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`"(EDI-\d{4})"`).FindAllStringSubmatch(string(src), -1)
	if len(named) != len(codes) || len(codes) < 50 {
		t.Errorf("%d codes are named, %d stand in the table", len(named), len(codes))
	}
	// of list 0085, as far as it is confirmed (edifact.md 2), and 18 (unspecified)
	known := []int{0, 2, 7, 12, 13, 14, 15, 16, 18, 19, 21, 22, 23, 26, 28, 29, 30, 31, 33, 35, 36, 39, 40, 45, 46}
	for _, n := range named {
		c, ok := codes[n[1]]
		if !ok || c.strict == "" || c.tolerant == "" {
			t.Errorf("%s: %+v", n[1], c)
		}
		if _, ok := i18n.Placeholders("fault." + n[1]); !ok {
			t.Errorf("%s has no words", n[1])
		}
		if !slices.Contains(known, c.error) || c.level == Business && c.error != 0 {
			t.Errorf("%s has error %d", n[1], c.error)
		}
	}
}

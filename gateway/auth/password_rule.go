package auth

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Length of a password, in code points. A password that is the only factor
// has at least 15 (NIST SP 800-63B-4 section 3.1.1.2); the same section asks
// for at least 64 to be taken, for no rules of composition, no change without
// a reason, and a comparison with what is commonly used or expected.
const (
	LeastPassword = 15
	MostPassword  = 128
)

// What may be wrong with a password: reasons, and keys of words.
const (
	PasswordShort   = "short"
	PasswordLong    = "long"
	PasswordCommon  = "common"  // made of what everybody tries first
	PasswordContext = "context" // made of the person's or the service's own words
)

//go:embed common.txt
var commonText string

// common are pieces of which common passwords are made, longest first.
var common = sync.OnceValue(func() []string {
	var out []string
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	return out
})

// leastOwn is how many characters of a password must be left when everything
// that is expected is taken out of it, and leastDistinct how many of them
// must be different. Own choices: the guideline names no number.
const (
	leastOwn      = 8
	leastDistinct = 5
)

// JudgePassword says what is wrong with a password for a person of these
// names; empty: nothing.
func JudgePassword(password string, names ...string) string {
	password = norm.NFC.String(password)
	switch n := utf8.RuneCountInString(password); {
	case n < LeastPassword:
		return PasswordShort
	case n > MostPassword:
		return PasswordLong
	}
	raw := strings.ToLower(norm.NFKC.String(password))
	for _, form := range []string{raw, unleet(raw)} {
		if poor(form) {
			return PasswordCommon
		}
		own := without(form, ownWords(names))
		if poor(own) {
			return PasswordContext
		}
		if poor(without(own, common())) {
			return PasswordCommon
		}
	}
	return ""
}

func poor(s string) bool {
	rest := collapse([]rune(s))
	seen := map[rune]bool{}
	for _, r := range rest {
		seen[r] = true
	}
	return len(rest) < leastOwn || len(seen) < leastDistinct
}

// ownWords are the words of the service and of the person.
func ownWords(names []string) []string {
	out := []string{"kouan", "口岸", "dalian", "大连", "gateway", "port", "customs", "海关", "authority", "single window", "singlewindow"}
	for _, name := range names {
		for _, part := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if n := utf8.RuneCountInString(part); n >= 3 || n >= 2 && part[0] >= utf8.RuneSelf {
				out = append(out, part, unleet(part))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

func without(s string, words []string) string {
	for _, w := range words {
		s = strings.ReplaceAll(s, w, "")
	}
	return s
}

// unleet undoes the replacements that everybody knows.
func unleet(s string) string {
	return strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t").Replace(s)
}

// collapse takes out what adds length and nothing else: a character again and
// again, runs of neighbours (abcd, 4321), and a piece that only repeats.
func collapse(s []rune) []rune {
	for n := 1; n <= len(s)/2; n++ {
		if len(s)%n == 0 && repeats(s, n) {
			s = s[:n]
			break
		}
	}
	var out []rune
	for i, r := range s {
		if i > 0 && r == s[i-1] || i > 1 && step(s[i-1], r) != 0 && step(s[i-1], r) == step(s[i-2], s[i-1]) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// step is 1 or -1 between neighbours, 0 comes after 9.
func step(a, b rune) rune {
	switch {
	case b-a == 1, b-a == -1:
		return b - a
	case a == '9' && b == '0':
		return 1
	case a == '0' && b == '9':
		return -1
	}
	return 0
}

func repeats(s []rune, n int) bool {
	for i := n; i < len(s); i++ {
		if s[i] != s[i-n] {
			return false
		}
	}
	return true
}

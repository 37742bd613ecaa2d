package i18n

import "testing"

func TestCodeShowsWhatHasNoWord(t *testing.T) {
	t.Parallel()
	p := For(En)
	if got := p.Code("gap", "sample"); got != "only a few codes that were seen" {
		t.Errorf("sample is %q", got)
	}
	if got := p.Code("gap", "only the north"); got != "only the north" {
		t.Errorf("an operator's words are %q", got)
	}
}

package desk_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// unheard are files whose commits put nothing into a timeline.
var unheard = []string{"terminal.go", "terminal_message.go", "notice_round.go", "fee_edition.go", "fee_edition_draft.go", "fee_edition_publish.go", "fee_quote.go"}

// TestEveryActIsToldThroughOneDoor: a commit that goes around write would put
// an entry into a timeline that no endpoint is told of.
func TestEveryActIsToldThroughOneDoor(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	doors := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(body)
		commits := strings.Count(text, ".Store.Commit(")
		switch {
		case file == "push.go":
			doors = commits
		case commits == 0:
		case slices.Contains(unheard, file):
			if strings.Contains(text, "store.Event{") || strings.Contains(text, "c.Events") {
				t.Errorf("%s commits timeline entries around write", file)
			}
		default:
			t.Errorf("%s commits around write", file)
		}
	}
	if doors != 1 {
		t.Errorf("push.go commits at %d places, want one", doors)
	}
}

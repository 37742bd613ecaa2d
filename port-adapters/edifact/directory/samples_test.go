package directory_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kouan/port-adapters/edifact"
)

// Findings that say that a layout does not fit what was sent.
var misfits = []string{
	edifact.CodeUnchecked, edifact.CodeUnknownSegment, edifact.CodePosition, edifact.CodeMissing, edifact.CodeSegmentTwice,
	edifact.CodeGroupTwice, edifact.CodeElementMissing, edifact.CodeTooMany, edifact.CodeTooLong, edifact.CodeTooShort,
	edifact.CodeNumeric, edifact.CodeRepetition,
}

func TestTheSamplesFit(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/*.edi")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d samples: %v", len(files), err)
	}
	messages := 0
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "BAD_") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, ic := range edifact.Parse(body, edifact.Options{Strict: true}) {
			for _, f := range ic.Faults(string(body)) {
				if slices.Contains(misfits, f.Code) {
					t.Errorf("%s:%d:%d %s %s %v", filepath.Base(file), f.Line, f.Column, f.Code, f.Path, f.Args)
				}
			}
			messages += len(ic.Messages)
		}
	}
	if messages < len(files)/2 {
		t.Errorf("only %d messages were read", messages)
	}
}

package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kouan/declarations/testfacts"
)

func measured(t *testing.T) []coverageRow {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main(context.Background(), []string{"coverage", "--json"}, nil, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("coverage ended with %d: %s", code, errs.String())
	}
	var rows []coverageRow
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// Every element of the interface is read and written; the four that are
// abolished are written empty. How many are judged may only grow.
func TestCoverageOfDecMessage(t *testing.T) {
	t.Parallel()
	sum := coverageRow{Message: "DecMessage", Group: totalGroup}
	var total coverageRow
	for _, r := range measured(t) {
		switch {
		case r.Message != "DecMessage":
		case r.Group == totalGroup:
			total = r
		default:
			sum.add(r)
			if r.Read != r.Elements || r.Written+r.Empty != r.Elements || r.Validated > r.Elements {
				t.Errorf("%s is not covered: %+v", r.Group, r)
			}
		}
	}
	want := coverageRow{Message: "DecMessage", Group: totalGroup, Elements: 408, Read: 408, Written: 404, Empty: 4, Validated: total.Validated}
	if diff := cmp.Diff(want, total); diff != "" {
		t.Errorf("total (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(sum, total); diff != "" {
		t.Errorf("total (-sum of the groups +got):\n%s", diff)
	}
	if total.Validated < 184 {
		t.Errorf("%d elements are judged, were 184", total.Validated)
	}
}

func TestCoverageHasTheGroupsOfTheInterface(t *testing.T) {
	t.Parallel()
	f, err := os.Open(testfacts.Path(t, "formats", "decmessage-fields.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, line := range lines[1:] {
		want[strings.TrimSuffix(line[0], "@")]++
	}
	got := map[string]int{}
	for _, r := range measured(t) {
		if r.Message == "DecMessage" && r.Group != totalGroup {
			got[r.Group] += r.Elements
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("elements (-interface +measured):\n%s", diff)
	}
}

func TestCoverageForPeople(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := Main(context.Background(), []string{"coverage"}, nil, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("coverage ended with %d: %s", code, errs.String())
	}
	if text := out.String(); !strings.HasPrefix(text, "MESSAGE ") || !strings.Contains(text, "\nDecMessage  total              408       408   404      4      ") {
		t.Errorf("coverage prints\n%s", text)
	}
}

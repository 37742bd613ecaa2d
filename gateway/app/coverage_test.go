package app

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kouan/declarations/testfacts"
	"kouan/declarations/wcoxml"
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
	want := map[string]int{}
	for _, line := range testfacts.Lines(t, "formats", "decmessage-fields.csv")[1:] {
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

// Every leaf path that the published messages use is read and written, and is
// among those of the layout that is measured.
func TestCoverageOfWCO(t *testing.T) {
	t.Parallel()
	rows, err := wcoCoverage()
	if err != nil {
		t.Fatal(err)
	}
	total := withTotal(rows)[len(rows)]
	if total.Elements != 343 || total.Read != 343 || total.Written != 343 || total.Validated != 343 {
		t.Errorf("leaves of the layout: %+v", total)
	}
	var m wcoMessage
	m.fill(wcoxml.Root())
	leaves := map[string]bool{}
	for _, l := range m.leaves {
		leaves[l.node.Path()] = true
	}
	for _, line := range testfacts.Lines(t, "formats", "wco-paths.csv")[1:] {
		if path := strings.TrimSuffix(line[0], "/DateTimeString"); !leaves[path] {
			t.Errorf("%s is in use and not measured", path)
		}
	}
}

func TestCoverageForPeople(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := Main(context.Background(), []string{"coverage"}, nil, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("coverage ended with %d: %s", code, errs.String())
	}
	if text := strings.Join(strings.Fields(out.String()), " "); !strings.HasPrefix(text, "MESSAGE GROUP ELEMENTS READ WRITTEN EMPTY VALIDATED DecMessage DecMessage 1 1 1 0 1 ") ||
		!strings.Contains(text, " DecMessage total 408 408 404 4 ") || !strings.HasSuffix(text, " WCO DEC total 343 343 343 0 343") {
		t.Errorf("coverage prints\n%s", text)
	}
}

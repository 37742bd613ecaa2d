package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kouan/declarations/receipts"
	"kouan/declarations/testfacts"
)

// samples is a folder of the synthetic samples.
func samples(t *testing.T, name string) string {
	t.Helper()
	return testfacts.Path(t, "samples", name)
}

func TestEveryValidSampleIsUnderstood(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(samples(t, "decmessage"), "valid-*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d samples, %v", len(files), err)
	}
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, unreadable := readFacts(document)
		if unreadable != "" || f.reference == "" || f.direction == "" || f.office == "" {
			t.Errorf("%s: %q, %+v", filepath.Base(file), unreadable, f)
		}
		if label := labelOf(document); label != f.reference {
			t.Errorf("%s: label %q, want %q", filepath.Base(file), label, f.reference)
		}
	}
}

func TestOfficeAndDayFallBackToWhatReceiptsCanHold(t *testing.T) {
	t.Parallel()
	for office, want := range map[string]string{"0902": "0902", "": "0900", "09A2": "0900", "09022": "0900"} {
		if got := (&facts{office: office}).officeCode(); got != want {
			t.Errorf("office %q: got %s, want %s", office, got, want)
		}
	}
	for day, want := range map[string]string{"20260105": "2026-01-05", "20261305": "", "": ""} {
		if got := (&facts{day: day}).importExportDay(); got != want {
			t.Errorf("day %q: got %s, want %s", day, got, want)
		}
	}
}

// FuzzAnswers: whatever a document says, its answers can be written, and read
// by whoever reads real ones.
func FuzzAnswers(f *testing.F) {
	f.Add(decMessage("SBXREL0000000001", "I"))
	f.Add(decMessage("SBXRET<&>", "E"))
	f.Add([]byte("<DecMessage/>"))
	f.Add(ofStep("SBXINS0000000001", stepSummary, ""))
	f.Fuzz(func(t *testing.T, document []byte) {
		c := &Customs{}
		c.init()
		facts, unreadable := readFacts(document)
		if len(facts.reference) > 64 || len(facts.seqNo) > 64 {
			t.Skip("longer than receipts may be")
		}
		story := storyOf(facts.reference, unreadable, 0)
		if facts.step == stepSummary {
			story = story.ofSummary()
		}
		p := c.plan(&arrival{id: messageID(1), name: "I_1"}, &facts, story, time.Unix(1_767_585_600, 0))
		for i := range story.steps {
			a, err := c.answer(&task{plan: p, step: i})
			if err != nil {
				t.Fatal(err)
			}
			event, faults := receipts.Parse(a.Body, a.Name+".xml")
			if len(faults) > 0 || event.Code != story.steps[i].code || !strings.Contains(event.Text, mark) {
				t.Fatalf("%+v %+v\n%s", event, faults, a.Body)
			}
		}
	})
}

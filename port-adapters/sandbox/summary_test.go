package sandbox

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/receipts"
)

// ofStep is the least declaration of one step of a two-step one.
func ofStep(reference string, step byte, seqNo string) []byte {
	x := string(decMessage(reference, "I"))
	x = strings.Replace(x, "<SeqNo/>", "<SeqNo>"+seqNo+"</SeqNo>", 1)
	return []byte(strings.Replace(x, "</DecHead>", "<Type>  "+string(step)+"</Type></DecHead>", 1))
}

// TestTwoStepDeclarationHearsSummaryCodesThenTheOrdinaryOnes plays both steps
// of each story; the second message stands under the number of the first.
func TestTwoStepDeclarationHearsSummaryCodesThenTheOrdinaryOnes(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string][2]string{
		"SBXREL1": {"imported 7 SpL SpJ Sp1 SpK", "imported 7 L J P R"},
		"SBXINS1": {"imported 7 SpL SpJ SpC Sp1 SpK", "imported 7 L J C P R"},
		"SBXRET1": {"imported 7 SpL SpE", "imported 7 L J P R"},
		"SBXSUS1": {"imported 7 SpL SpJ Sp1 SpK", "imported 7 L H J P R"},
		"SBXLOS1": {"7 SpL SpJ Sp1 SpK", "7 L J P R"},
		"SBXREV1": {"imported 7 SpL SpJ Sp1 SpK", "imported 7 L J R P"},
		"EX1":     {"imported 7 SpL SpJ Sp1 SpK", "imported 7 L J P R"},
	} {
		t.Run(reference, func(t *testing.T) {
			t.Parallel()
			c := &Customs{}
			inBubble(t, c, func(e *ear) {
				a := e.arrival(1, reference)
				a.document = ofStep(reference, stepSummary, "")
				c.take(a)
				time.Sleep(time.Minute)
				synctest.Wait()
				if diff := cmp.Diff(want[0], e.codes()); diff != "" {
					t.Fatalf("summary (-want +got):\n%s", diff)
				}
				summary := entryOf(t, e.all()[len(e.all())-1])
				a = e.arrival(2, reference)
				a.document = ofStep(reference, stepFull, summary[0])
				c.take(a)
				time.Sleep(time.Minute)
				synctest.Wait()
				if diff := cmp.Diff(want[0]+" "+want[1], e.codes()); diff != "" {
					t.Fatalf("full declaration (-want +got):\n%s", diff)
				}
				if full := entryOf(t, e.all()[len(e.all())-1]); full != summary {
					t.Errorf("numbers %v, those of the summary were %v", full, summary)
				}
				for i, a := range e.all() {
					if !strings.Contains(string(a.Body), mark) {
						t.Errorf("answer %d does not say that it is a sandbox:\n%s", i, a.Body)
					}
					if i > 0 && a.At.Before(e.all()[i-1].At) && a.Code != "P" {
						t.Errorf("%s is dated before the one that it follows", a.Code)
					}
				}
			})
		})
	}
}

// entryOf are SeqNo and entry number of a receipt.
func entryOf(t *testing.T, a Answer) [2]string {
	t.Helper()
	e, faults := receipts.Parse(a.Body, a.Name+".xml")
	if len(faults) > 0 || e.EntryNumber == "" {
		t.Fatalf("%+v, %v", e, faults)
	}
	return [2]string{e.SequenceNumber, e.EntryNumber}
}

package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// decMessage is the least that customs reads.
func decMessage(reference, direction string) []byte {
	return []byte(`<?xml version="1.0" encoding="UTF-8"?><DecMessage xmlns="http://www.chinaport.gov.cn/dec" Version="4.8">` +
		`<DecHead><SeqNo/><IEFlag>` + direction + `</IEFlag><AgentCode>2199980002</AgentCode><CustomMaster>0902</CustomMaster><IEDate>20260105</IEDate></DecHead>` +
		`<DecSign><OperType>C</OperType><ClientSeqNo>` + reference + `</ClientSeqNo></DecSign></DecMessage>`)
}

func messageID(n int) string { return fmt.Sprintf("019b8a3f-0000-7000-8000-%012x", n) }

// ear records the answers that it hears, in order.
type ear struct {
	mu    sync.Mutex
	heard []Answer
	deaf  int // refuses so many answers first
}

func (e *ear) hear(_ context.Context, a Answer) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.deaf > 0 {
		e.deaf--
		return errors.New("deaf")
	}
	e.heard = append(e.heard, a)
	return nil
}

// all is what was heard so far.
func (e *ear) all() []Answer {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}

// codes is what was heard.
func (e *ear) codes() string {
	var out []string
	for _, a := range e.all() {
		out = append(out, a.Code)
	}
	return strings.Join(out, " ")
}

func (e *ear) bodies() map[string][]string {
	out := make(map[string][]string)
	for _, a := range e.all() {
		out[a.Code] = append(out[a.Code], string(a.Body))
	}
	return out
}

// inBubble runs customs under a false clock and stops it at the end.
func inBubble(t *testing.T, c *Customs, play func(*ear)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c.Start(ctx)
		play(&ear{})
		cancel()
		c.Wait()
	})
}

func (e *ear) arrival(n int, reference string) arrival {
	return arrival{id: messageID(n), name: "I_" + reference, document: decMessage(reference, "I"), reply: e.hear}
}

func TestStories(t *testing.T) {
	t.Parallel()
	cases := []struct{ reference, want string }{
		{"SBXREL0000000001", "imported 7 L J P R"},
		{"EX20260105000001", "imported 7 L J P R"},
		{"SBX", "imported 7 L J P R"},
		{"SBXINS0000000001", "imported 7 L J C P R"},
		{"SBXRET0000000001", "imported 7 L E"},
		{"SBXSUS0000000001", "imported 7 L H J P R"},
		{"SBXLOS0000000001", "7 L J P R"},
		{"SBXREV0000000001", "imported 7 L J R P"},
		{"SBXTWI0000000001", "imported imported 7 7 L L J J P P R R"},
		{"SBXLAT0000000001", "imported 7 L J P R"},
	}
	for _, tc := range cases {
		t.Run(tc.reference[:min(6, len(tc.reference))], func(t *testing.T) {
			t.Parallel()
			c := &Customs{}
			inBubble(t, c, func(e *ear) {
				if v := c.take(e.arrival(1, tc.reference)); v.outcome != stored {
					t.Errorf("outcome %v, want stored", v.outcome)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if diff := cmp.Diff(tc.want, e.codes()); diff != "" {
					t.Errorf("heard (-want +got):\n%s", diff)
				}
				if !c.Idle() {
					t.Error("not idle after the story")
				}
			})
		})
	}
}

func TestReversedStoryIsDatedInTheRightOrder(t *testing.T) {
	t.Parallel()
	c := &Customs{Delay: time.Second}
	inBubble(t, c, func(e *ear) {
		c.take(e.arrival(1, "SBXREV1"))
		time.Sleep(time.Minute)
		r, p := e.all()[4], e.all()[5]
		if r.Code != "R" || p.Code != "P" || !p.At.Before(r.At) {
			t.Errorf("heard %s of %v then %s of %v, want R first and P dated before it", r.Code, r.At, p.Code, p.At)
		}
	})
}

func TestReleaseAndClosingShareASecondForHalfOfTheMessages(t *testing.T) {
	t.Parallel()
	c := &Customs{Delay: time.Second}
	inBubble(t, c, func(e *ear) {
		for n := range 40 {
			c.take(e.arrival(n+1, fmt.Sprintf("SBXREL%d", n)))
		}
		time.Sleep(time.Minute)
		dates := map[string]time.Time{}
		same := 0
		for _, a := range e.all() {
			if a.Code == "P" {
				dates[a.OrigMsgID] = a.At
			}
		}
		for _, a := range e.all() {
			if a.Code == "R" && a.At.Equal(dates[a.OrigMsgID]) {
				same++
			}
		}
		if same == 0 || same == 40 {
			t.Errorf("%d of 40 in the same second, want some and not all", same)
		}
	})
}

func TestLateStoryHoldsTheAnswerAndStoresAtOnce(t *testing.T) {
	t.Parallel()
	c := &Customs{LateBy: 20 * time.Second}
	inBubble(t, c, func(e *ear) {
		if v := c.take(e.arrival(1, "SBXLAT1")); v.hold != 20*time.Second {
			t.Errorf("first answer held %v, want 20s", v.hold)
		}
		if v := c.take(e.arrival(1, "SBXLAT1")); v.hold != 0 || v.outcome != duplicate {
			t.Errorf("second: held %v, outcome %v, want a duplicate at once", v.hold, v.outcome)
		}
		time.Sleep(19 * time.Second)
		synctest.Wait()
		if got := e.codes(); got != "" {
			t.Errorf("heard %q before the time-out", got)
		}
	})
}

func TestRefusingStoryTakesTheFourthDelivery(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	inBubble(t, c, func(e *ear) {
		var got []outcome
		for range 5 {
			got = append(got, c.take(e.arrival(1, "SBXDWN1")).outcome)
		}
		if diff := cmp.Diff([]outcome{refused, refused, refused, stored, duplicate}, got); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if d := c.Deliveries(); len(d) != 1 || d[0].Times != 2 {
			t.Errorf("deliveries %+v, want one taken twice", d)
		}
	})
}

func TestCorrectedAttemptIsReleasedAndDatedAfterTheReturn(t *testing.T) {
	t.Parallel()
	c := &Customs{Delay: 100 * time.Millisecond}
	inBubble(t, c, func(e *ear) {
		c.take(e.arrival(1, "SBXRET1"))
		time.Sleep(450 * time.Millisecond) // within the second of the return
		synctest.Wait()
		c.take(e.arrival(2, "SBXRET1"))
		time.Sleep(time.Minute)
		if diff := cmp.Diff("imported 7 L E imported 7 L J P R", e.codes()); diff != "" {
			t.Fatalf("heard (-want +got):\n%s", diff)
		}
		if returned, declared := e.all()[3].At, e.all()[5].At; !returned.Before(declared) {
			t.Errorf("returned %v, declared again %v, want later", returned, declared)
		}
		// Another declarant's reference of the same name is a first attempt.
		other := e.arrival(3, "SBXRET1")
		other.document = []byte(strings.Replace(string(other.document), "2199980002", "2199980003", 1))
		c.take(other)
		time.Sleep(time.Minute)
		if got := e.codes(); !strings.HasSuffix(got, "imported 7 L E") {
			t.Errorf("heard %q, want the other declarant returned", got)
		}
	})
}

func TestRepeatedMessageIsCountedAndAnsweredWithTheFirstAnswers(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	inBubble(t, c, func(e *ear) {
		c.take(e.arrival(1, "SBXREL1"))
		time.Sleep(time.Minute)
		if v := c.take(e.arrival(1, "SBXREL1")); v.outcome != duplicate {
			t.Errorf("outcome %v, want duplicate", v.outcome)
		}
		time.Sleep(time.Minute)
		for code, bodies := range e.bodies() {
			if len(bodies) != 2 || bodies[0] != bodies[1] {
				t.Errorf("%s was answered %d times, differently or not twice:\n%s", code, len(bodies), strings.Join(bodies, "\n"))
			}
		}
		if v := c.Violations(); len(v) != 0 {
			t.Errorf("violations %v", v)
		}
	})
}

func TestOtherBytesUnderOneIDAreAViolation(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	inBubble(t, c, func(e *ear) {
		c.take(e.arrival(1, "SBXREL1"))
		if v := c.take(e.arrival(1, "SBXREL2")); v.outcome != conflict {
			t.Errorf("outcome %v, want conflict", v.outcome)
		}
		wire := e.arrival(1, "SBXREL1")
		wire.wireSHA = "other envelope"
		if v := c.take(wire); v.outcome != conflict {
			t.Errorf("other envelope: outcome %v, want conflict", v.outcome)
		}
		if v := c.Violations(); len(v) != 2 || v[0].MessageID != messageID(1) {
			t.Errorf("violations %+v, want two of the message", v)
		}
	})
}

func TestNumbersSurviveARestartAndAreUnique(t *testing.T) {
	t.Parallel()
	tell := func() map[string]string {
		numbers := map[string]string{}
		c := &Customs{}
		inBubble(t, c, func(e *ear) {
			for n := range 50 {
				a := e.arrival(n+1, fmt.Sprintf("SBXREL%d", n))
				if n%2 == 1 {
					a.document = decMessage(fmt.Sprintf("SBXREL%d", n), "E")
				}
				c.take(a)
			}
			time.Sleep(time.Minute)
			for _, a := range e.all() {
				if a.Code == "R" {
					root, faults := strictxml.Read(a.Body, strictxml.Limits{})
					if declarations.Rejected(faults) {
						t.Errorf("unreadable answer: %v", faults)
						continue
					}
					numbers[a.OrigMsgID] = root.ChildText("CUS_CIQ_NO") + " " + root.ChildText("ENTRY_ID")
				}
			}
		})
		return numbers
	}
	first, second := tell(), tell()
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("after a restart (-first +second):\n%s", diff)
	}
	seen := map[string]bool{}
	for id, n := range first {
		seqNo, entryNo, _ := strings.Cut(n, " ")
		if len(seqNo) != 18 || len(entryNo) != 18 || seen[seqNo] || seen[entryNo] {
			t.Errorf("message %s: numbers %q", id, n)
		}
		if (seqNo[0] == 'E') != (entryNo[8] == '0') || !strings.HasPrefix(entryNo, "0902") {
			t.Errorf("numbers %q disagree about direction or office", n)
		}
		seen[seqNo], seen[entryNo] = true, true
	}
	if len(first) != 50 {
		t.Errorf("%d declarations closed, want 50", len(first))
	}
}

func TestCollidingNumbersMoveOn(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	c.init()
	crowded := func(hash uint64) string { return fmt.Sprint(hash % 3) }
	seen := map[string]bool{}
	for _, id := range []string{"a", "b", "c"} {
		n := c.number(id, crowded)
		if seen[n] {
			t.Errorf("%s got %s, which is taken", id, n)
		}
		seen[n] = true
		if again := c.number(id, crowded); again != n {
			t.Errorf("%s got %s and then %s", id, n, again)
		}
	}
}

func TestKnownSeqNoIsKept(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	inBubble(t, c, func(e *ear) {
		a := e.arrival(1, "SBXREL1")
		a.document = []byte(strings.Replace(string(a.document), "<SeqNo/>", "<SeqNo>I20260000999900118</SeqNo>", 1))
		c.take(a)
		time.Sleep(time.Minute)
		for _, heard := range e.all() {
			if !strings.Contains(string(heard.Body), "I20260000999900118") {
				t.Errorf("%s lost the number:\n%s", heard.Code, heard.Body)
			}
		}
	})
}

func TestDeafListenerHearsEverythingInOrder(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	inBubble(t, c, func(e *ear) {
		e.deaf = 25
		c.take(e.arrival(1, "SBXREL1"))
		time.Sleep(10 * time.Minute)
		if diff := cmp.Diff("imported 7 L J P R", e.codes()); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
		if c.Unheard() != 0 {
			t.Errorf("%d given up", c.Unheard())
		}
	})
}

func TestAnswersAreGivenUpAfterABound(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	inBubble(t, c, func(e *ear) {
		e.deaf = 1 << 30
		c.take(e.arrival(1, "SBXRET1"))
		time.Sleep(24 * time.Hour)
		if c.Unheard() != 4 || !c.Idle() {
			t.Errorf("%d given up, idle %v, want all 4", c.Unheard(), c.Idle())
		}
	})
}

func TestUnreadableDocumentIsNotStored(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, document string }{
		{"not XML", "{}"},
		{"document type", `<!DOCTYPE x><DecMessage/>`},
		{"other root", `<Manifest/>`},
		{"no head", `<DecMessage><DecSign><ClientSeqNo>SBXREL1</ClientSeqNo></DecSign></DecMessage>`},
		{"no reference", `<DecMessage><DecHead/><DecSign/></DecMessage>`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := &Customs{}
			inBubble(t, c, func(e *ear) {
				a := e.arrival(1, "")
				a.document = []byte(tc.document)
				if v := c.take(a); v.outcome != stored || !v.failed {
					t.Errorf("verdict %+v, want taken and failed", v)
				}
				time.Sleep(time.Minute)
				if got := e.codes(); got != declarations.CodeImportFailed {
					t.Errorf("heard %q, want %s", got, declarations.CodeImportFailed)
				}
			})
		})
	}
}

func TestFaultsDependOnTheSeedAndNotOnTheOrder(t *testing.T) {
	t.Parallel()
	play := func(seed uint64, reverse bool) string {
		c := &Customs{Seed: seed, Silent: true}
		c.Misbehave(Faults{FailRate: 0.3, DropAnswerRate: 0.3, Delay: time.Second})
		got := make([]string, 100)
		for i := range got {
			if reverse {
				i = len(got) - 1 - i
			}
			v := c.take((&ear{}).arrival(i, "SBXREL1"))
			got[i] = fmt.Sprint(v.outcome, v.drop, v.hold)
		}
		return strings.Join(got, ";")
	}
	if play(1, false) != play(1, true) {
		t.Error("seed 1: another order of arrival makes other faults")
	}
	if play(1, false) == play(2, false) {
		t.Error("seeds 1 and 2 make the same faults")
	}
	for _, want := range []string{"3 false 0s", "0 true 1s", "0 false 1s"} {
		if !strings.Contains(play(1, false), want) {
			t.Errorf("no %q among 100 messages", want)
		}
	}
}

func TestDuplicateFaultDoublesTheAnswers(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	c.Misbehave(Faults{DuplicateRate: 1})
	inBubble(t, c, func(e *ear) {
		c.take(e.arrival(1, "SBXRET1"))
		time.Sleep(time.Minute)
		if diff := cmp.Diff("imported imported 7 7 L L E E", e.codes()); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
		if e.all()[0].ID == e.all()[1].ID || e.all()[0].Name == e.all()[1].Name || string(e.all()[0].Body) != string(e.all()[1].Body) {
			t.Errorf("copies must differ in id and name and agree in content: %+v", e.all()[:2])
		}
	})
}

func TestEveryAnswerSaysThatItIsASandbox(t *testing.T) {
	t.Parallel()
	c := &Customs{}
	inBubble(t, c, func(e *ear) {
		for i := range stories {
			c.take(e.arrival(i+1, stories[i].prefix+"1"))
		}
		bad := e.arrival(100, "")
		bad.document = []byte("x")
		c.take(bad)
		time.Sleep(time.Hour)
		for _, a := range e.all() {
			if !strings.Contains(string(a.Body), mark) {
				t.Errorf("%s does not say it:\n%s", a.Code, a.Body)
			}
		}
	})
}

package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/inspection"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/sandbox/magic"
)

// gate is the gateway's end of a terminal's answers.
type gate struct {
	mu     sync.Mutex
	events []inspection.Event
	refuse map[inspection.Kind]error // asked once for each event
	ill    int                       // fails so often first
}

func (g *gate) hear(_ context.Context, a TerminalAnswer) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ill > 0 {
		g.ill--
		return errors.New("not now")
	}
	g.events = append(g.events, a.Event)
	return g.refuse[a.Event.Kind]
}

func (g *gate) said() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var words []string
	for _, e := range g.events {
		words = append(words, string(e.Kind))
	}
	return strings.Join(words, " ")
}

// inPort plays with a terminal under a false clock.
func inPort(t *testing.T, terminal *Terminal, play func(*testing.T, *gate)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		terminal.Start(ctx)
		play(t, &gate{})
		cancel()
		terminal.Wait()
	})
}

// notice is version v of a notice with boxes.
func notice(v int, boxes ...string) *inspection.Notice {
	n := &inspection.Notice{Number: "N1", Version: v, Change: inspection.Issue, Terminal: "T01"}
	for _, b := range boxes {
		n.Boxes = append(n.Boxes, inspection.Box{ContainerNumber: b, Site: "S1", YardPlace: "A-01-02"})
	}
	return n
}

func letterOf(id, kind string, sequence int64, n *inspection.Notice, g *gate) *incoming {
	return &incoming{wire: "webhook", id: id, format: "json", kind: kind, subject: "notice/" + n.Number, sequence: sequence,
		body: fmt.Appendf(nil, "%s %d", kind, sequence), notice: n, reply: g.hear}
}

func settle() {
	time.Sleep(time.Minute)
	synctest.Wait()
}

func TestTerminalSaysWhatItsBoxesAskFor(t *testing.T) {
	t.Parallel()
	work := "accepted box_locked move_started move_done ready"
	for script, want := range map[magic.Script]string{
		magic.Works:       work,
		magic.SiteFull:    "rejected",
		magic.BoxGone:     "rejected",
		magic.OtherReason: "rejected",
		magic.Silent:      "",
		magic.Forgets:     "",
		magic.Twice:       "accepted accepted box_locked box_locked move_started move_started move_done move_done ready ready",
		magic.Disorder:    "ready move_done move_started box_locked accepted",
		magic.Flips:       "accepted rejected box_locked move_started move_done ready",
		magic.Missing:     "accepted box_locked exception",
		magic.Late:        work,
	} {
		t.Run(script.Slug(), func(t *testing.T) {
			t.Parallel()
			terminal := &Terminal{Name: "T01"}
			inPort(t, terminal, func(t *testing.T, g *gate) {
				terminal.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, magic.Number(script, 1)), g))
				settle()
				if diff := cmp.Diff(want, g.said()); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
				for i, e := range g.events {
					if !strings.Contains(e.Text, mark) || !strings.HasPrefix(e.Reference, "SANDBOX-") || e.Version != 1 || e.AnswersID != "m1" || e.OccurredAt.IsZero() {
						t.Errorf("event %d: %+v", i, e)
					}
					if e.Kind == inspection.Rejected && script != magic.Flips && e.Reason == "" {
						t.Errorf("a rejection without a reason: %+v", e)
					}
				}
				if script == magic.SiteFull && !g.events[0].Earliest.After(g.events[0].OccurredAt) {
					t.Errorf("no time is proposed: %+v", g.events[0])
				}
				if v := terminal.Violations(); len(v) > 0 || !terminal.Idle() {
					t.Errorf("violations %+v, idle %v", v, terminal.Idle())
				}
			})
		})
	}
}

func TestCopiesAreTheSameAndDisorderIsDatedInOrder(t *testing.T) {
	t.Parallel()
	terminal := &Terminal{}
	inPort(t, terminal, func(t *testing.T, g *gate) {
		terminal.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, magic.Number(magic.Twice, 1)), g))
		settle()
		for i := 0; i < len(g.events); i += 2 {
			if diff := cmp.Diff(g.events[i], g.events[i+1]); diff != "" {
				t.Errorf("copy of %s (-first +second):\n%s", g.events[i].Kind, diff)
			}
		}
	})
	terminal = &Terminal{}
	inPort(t, terminal, func(t *testing.T, g *gate) {
		terminal.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, magic.Number(magic.Disorder, 1)), g))
		settle()
		for i := range g.events[1:] {
			if !g.events[i+1].OccurredAt.Before(g.events[i].OccurredAt) {
				t.Errorf("%s is dated %v, before it %s %v", g.events[i+1].Kind, g.events[i+1].OccurredAt, g.events[i].Kind, g.events[i].OccurredAt)
			}
		}
	})
}

func TestTerminalFollowsAWholeLife(t *testing.T) {
	t.Parallel()
	terminal := &Terminal{Name: "T01"}
	inPort(t, terminal, func(t *testing.T, g *gate) {
		box := magic.Number(magic.Works, 7)
		terminal.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, box), g))
		settle()
		same := notice(2, box)
		terminal.take(letterOf("m2", inspection.LetterChanged, 2, same, g)) // nothing that moves the box
		settle()
		moved := notice(3, box)
		moved.Boxes[0].Site = "S2"
		terminal.take(letterOf("m3", inspection.LetterChanged, 3, moved, g))
		settle()
		terminal.take(letterOf("m4", inspection.LetterReminder, 4, moved, g)) // has answered
		settle()
		terminal.take(letterOf("m5", inspection.LetterReleased, 5, moved, g))
		settle()
		want := "accepted box_locked move_started move_done ready" + " accepted" + " accepted move_started move_done ready" + " unlocked moved_back"
		if diff := cmp.Diff(want, g.said()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if d := terminal.Deliveries(); len(d) != 5 || d[4].Notice != "N1" || d[2].Version != 3 {
			t.Errorf("deliveries %+v", d)
		}
	})
}

func TestCancellationEndsTheWork(t *testing.T) {
	t.Parallel()
	terminal := &Terminal{}
	inPort(t, terminal, func(t *testing.T, g *gate) {
		n := notice(1, magic.Number(magic.Works, 1))
		terminal.take(letterOf("m1", inspection.LetterIssued, 1, n, g))
		time.Sleep(terminal.delay() * 5 / 2)
		synctest.Wait()
		gone := *n
		gone.Version, gone.Change = 2, inspection.Cancel
		terminal.take(letterOf("m2", inspection.LetterCancelled, 2, &gone, g))
		settle()
		if got := g.said(); got != "accepted box_locked unlocked" || !terminal.Idle() {
			t.Errorf("said %q, idle %v; want the lock lifted and nothing else after the cancellation", got, terminal.Idle())
		}
	})
}

func TestSecondChannelIsAnsweredWithTheSameReferences(t *testing.T) {
	t.Parallel()
	terminal := &Terminal{}
	inPort(t, terminal, func(t *testing.T, g *gate) {
		n := notice(1, magic.Number(magic.Works, 1))
		terminal.take(letterOf("m1", inspection.LetterIssued, 1, n, g))
		settle()
		again := letterOf("m2", inspection.LetterIssued, 1, n, g)
		again.wire = "mail"
		terminal.take(again)
		settle()
		last := g.events[len(g.events)-1]
		if last.Kind != inspection.Accepted || last.Reference != g.events[0].Reference {
			t.Errorf("the second channel is answered %+v, want the first answer %+v", last, g.events[0])
		}
		if v := terminal.Violations(); len(v) > 0 {
			t.Errorf("two channels are two queues, but: %+v", v)
		}
	})
}

func TestRefusedAnswersEndAndOthersAreTriedAgain(t *testing.T) {
	t.Parallel()
	terminal := &Terminal{}
	inPort(t, terminal, func(t *testing.T, g *gate) {
		g.ill = 3
		g.refuse = map[inspection.Kind]error{inspection.Locked: fmt.Errorf("409: %w", portadapters.ErrPermanent)}
		terminal.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, magic.Number(magic.Works, 1)), g))
		settle()
		var got []string
		for _, a := range terminal.Answers() {
			got = append(got, string(a.Event.Kind)+" "+a.Outcome)
		}
		want := []string{"accepted heard", "box_locked refused", "move_started heard", "move_done heard", "ready heard"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}
	})
}

func TestTerminalKeepsALedgerOfWhatIsDoneToIt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		do   func(*Terminal, *gate)
		want []string
	}{
		{"a repetition is no violation", func(t *Terminal, g *gate) {
			for range 3 {
				t.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, "CSQU3054383"), g))
			}
		}, nil},
		{"a gap is none: what was superseded never comes", func(t *Terminal, g *gate) {
			t.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, "CSQU3054383"), g))
			t.take(letterOf("m3", inspection.LetterChanged, 3, notice(3, "CSQU3054383"), g))
		}, nil},
		{"two subjects do not wait for each other", func(t *Terminal, g *gate) {
			other := letterOf("m1", inspection.LetterIssued, 1, notice(1, "CSQU3054383"), g)
			other.subject = "notice/N2"
			t.take(letterOf("m2", inspection.LetterIssued, 2, notice(1, "CSQU3054383"), g))
			t.take(other)
		}, nil},
		{"other bytes", func(t *Terminal, g *gate) {
			t.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, "CSQU3054383"), g))
			t.take(letterOf("m1", inspection.LetterIssued, 2, notice(1, "CSQU3054383"), g))
		}, []string{"other bytes under the same id"}},
		{"the second before the first", func(t *Terminal, g *gate) {
			t.take(letterOf("m2", inspection.LetterChanged, 2, notice(2, "CSQU3054383"), g))
			t.take(letterOf("m1", inspection.LetterIssued, 1, notice(1, "CSQU3054383"), g))
		}, []string{"order of a subject is broken"}},
		{"an older version under a later sequence", func(t *Terminal, g *gate) {
			t.take(letterOf("m1", inspection.LetterChanged, 1, notice(2, "CSQU3054383"), g))
			t.take(letterOf("m2", inspection.LetterIssued, 2, notice(1, "CSQU3054383"), g))
		}, []string{"an older version after a newer one"}},
		{"the notice of another terminal, and why it was selected", func(t *Terminal, g *gate) {
			n := notice(1, "CSQU3054383")
			n.Terminal, n.ReasonClass = "T02", "risk"
			t.take(letterOf("m1", inspection.LetterIssued, 1, n, g))
		}, []string{"a notice of another terminal", "why goods were selected is told to a terminal"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			terminal := &Terminal{Name: "T01"}
			c.do(terminal, &gate{})
			var got []string
			for _, v := range terminal.Violations() {
				got = append(got, v.Kind)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

package api

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"testing"
)

const (
	racers = 50
	rounds = 6
)

// race lets all racers ask at the same moment.
func race(ask func(i int) answer) []answer {
	out := make([]answer, racers)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range racers {
		wg.Go(func() {
			<-start
			out[i] = ask(i)
		})
	}
	close(start)
	wg.Wait()
	return out
}

func count(answers []answer, status int) (n int) {
	for _, a := range answers {
		if a.status == status {
			n++
		}
	}
	return n
}

// outgoing is how many messages wait to leave: one for each submission.
func (b *bundle) outgoing(t *testing.T) int { return b.rows(t)["outbox"] }

func TestRacersOnOneKeyGetOneAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for round := range rounds {
		body := jsonOf(t, fmt.Sprintf("RACEKEY%d", round))
		answers := race(func(int) answer {
			return b.postJSON(t, "alice", all, body, "Idempotency-Key", fmt.Sprintf("round-%d", round))
		})
		fresh := 0
		for _, a := range answers {
			if a.status != http.StatusCreated || !bytes.Equal(a.body, answers[0].body) {
				t.Errorf("round %d: %d %s, want the one answer %s", round, a.status, a.body, answers[0].body)
			}
			if a.header.Get("Idempotency-Replayed") == "" {
				fresh++
			}
		}
		if fresh != 1 {
			t.Errorf("round %d: %d answers are not marked as replayed, want 1", round, fresh)
		}
		if got := b.outgoing(t); got != round+1 {
			t.Fatalf("round %d: %d messages go out, want %d", round, got, round+1)
		}
	}
}

func TestRacersSendingADraftUnderOneKeyGetOneAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for round := range rounds {
		draft := read[Accepted](t, b.postJSON(t, "alice", all+"?draft=1", jsonOf(t, fmt.Sprintf("RACESEND%d", round))), http.StatusCreated)
		answers := race(func(int) answer {
			return b.ask(t, "alice", http.MethodPost, all+"/"+draft.ID+"/submission", nil, "Idempotency-Key", fmt.Sprintf("send-%d", round))
		})
		for _, a := range answers {
			if a.status != http.StatusCreated || !bytes.Equal(a.body, answers[0].body) {
				t.Errorf("round %d: %d %s, want the one answer %s", round, a.status, a.body, answers[0].body)
			}
		}
		if got := b.outgoing(t); got != round+1 {
			t.Fatalf("round %d: %d messages go out, want %d", round, got, round+1)
		}
	}
}

func TestRacersOnOneReferenceMakeOneDeclaration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for round := range rounds {
		body := jsonOf(t, fmt.Sprintf("RACEREF%d", round))
		answers := race(func(i int) answer {
			if i%2 == 0 {
				return b.postJSON(t, "alice", all, body)
			}
			return b.postJSON(t, "alice", all, body, "Idempotency-Key", fmt.Sprintf("racer-%d-%d", round, i))
		})
		if n, same := count(answers, http.StatusCreated), count(answers, http.StatusOK); n != 1 || same != racers-1 {
			t.Errorf("round %d: %d created and %d repeated, want 1 and %d", round, n, same, racers-1)
		}
		if got := b.outgoing(t); got != round+1 {
			t.Fatalf("round %d: %d messages go out, want %d", round, got, round+1)
		}
	}
}

func TestRacersWithOtherContentsLeaveOneWinner(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for round := range rounds {
		bodies := make([][]byte, racers)
		for i := range bodies {
			bodies[i] = jsonOf(t, fmt.Sprintf("RACEOTHER%d", round), contract(fmt.Sprintf("C-%d", i)))
		}
		answers := race(func(i int) answer { return b.postJSON(t, "alice", all, bodies[i]) })
		if n, refused := count(answers, http.StatusCreated), count(answers, http.StatusConflict); n != 1 || refused != racers-1 {
			t.Errorf("round %d: %d created and %d refused, want 1 and %d", round, n, refused, racers-1)
		}
		if got := b.outgoing(t); got != round+1 {
			t.Fatalf("round %d: %d messages go out, want %d", round, got, round+1)
		}
	}
}

func TestRacersOnOneReceiptAreHeardOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for round := range rounds {
		ref := fmt.Sprintf("RACERCP%d", round)
		b.submitted(t, ref)
		body := importResponse(ref, fmt.Sprintf("I2026000099990%04d", round), "0")
		answers := race(func(int) answer { return b.postXML(t, "customs", receipts, body) })
		if first, again := count(answers, http.StatusAccepted), count(answers, http.StatusOK); first != 1 || again != racers-1 {
			t.Errorf("round %d: %d first and %d repeated, want 1 and %d: %s", round, first, again, racers-1, answers[0].body)
		}
	}
}

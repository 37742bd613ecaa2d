package sandbox

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSchedulerHandsOutTasksWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &scheduler[*task]{}
		start := time.Now()
		add := func(seconds int) { s.add(&task{at: start.Add(time.Duration(seconds) * time.Second), step: seconds}) }
		for _, seconds := range []int{3, 1, 7} { // before run
			add(seconds)
		}
		work := make(chan *task)
		go s.run(ctx, time.Now, work)
		synctest.Wait()
		for _, seconds := range []int{5, 0, 2} { // while it waits for another
			add(seconds)
		}
		var got []int
		for range 6 {
			due := <-work
			got = append(got, due.step)
			if at := time.Since(start); at != time.Duration(due.step)*time.Second {
				t.Errorf("task of second %d is handed out after %v", due.step, at)
			}
		}
		if diff := cmp.Diff([]int{0, 1, 2, 3, 5, 7}, got); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
		cancel()
	})
}

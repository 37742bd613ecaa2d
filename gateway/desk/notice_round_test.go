package desk_test

import (
	"testing"
	"time"

	"kouan/gateway/store"
)

// One notice that cannot be read must not hold up those behind it.
func TestABrokenNoticeDoesNotHoldUpTheRound(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "sftp/json", "mail/mail")
	first, second := q.ordered(t, order("O1", "t01", box)), q.ordered(t, order("O2", "t01", "ZZZU0000026"))
	broken := q.row(t, first.Number)
	if err := q.store.Commit(t.Context(), store.Change{NoticeEvents: []store.NoticeEvent{{NoticeID: broken.ID, ID: q.NewID(), Identity: "broken", Kind: "ready",
		Actor: "terminal", Source: "t01", ContentSHA: "0", Content: []byte("{"), OccurredAt: 1, HeardAt: 1}}}); err != nil {
		t.Fatal(err)
	}
	before := q.row(t, second.Number)
	q.now = q.now.Add(31 * time.Minute)
	if _, err := q.RoundNotices(t.Context()); err == nil {
		t.Error("the round says nothing of the notice that it could not move")
	}
	if after := q.row(t, second.Number); after.Version == before.Version {
		t.Error("the notice behind it was not moved")
	}
	if put := q.row(t, first.Number); put.NextAt <= q.now.UnixMilli() {
		t.Error("the broken notice is due at once again")
	}
}

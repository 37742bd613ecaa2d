// Package storetest is the conformance suite of the store: whatever database
// is behind it, the same tests pass.
//
// Contract: Run opens stores itself, several on one database where a test
// needs two processes. The package knows only the store's exported surface.
package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"kouan/gateway/store"
)

// Run runs the suite. fresh returns the URL of a new, empty database.
func Run(t *testing.T, fresh func(t *testing.T) string) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *bundle)
	}{
		{"one of 50 racers on an idempotency key wins", idempotencyRace},
		{"one of 50 racers on a reference wins", referenceRace},
		{"a poisoned change fails alone", poisonedAlone},
		{"an update applies to the version that was read, once", versions},
		{"every version of a document is kept", eachVersion},
		{"one of many writers gets the next version", oneWriter},
		{"one request is open at a time and settled once", requests},
		{"a delivered message moves its request to sent", requestLeaves},
		{"versions and requests go through a backup", versionsRestored},
		{"the doctor sees lost versions", doctorSeesVersions},
		{"drafts without a reference do not collide", drafts},
		{"sent marks only the attempt that is queued", sentMarks},
		{"what a column cannot hold is refused alike", invalid},
		{"a change left before it was begun is not written", leftEarly},
		{"a full queue refuses at once", fullQueue},
		{"close lets waiting changes be written", closeDrains},
		{"pages go through all rows once, newest first", pages},
		{"tenants are blind to each other", blind},
		{"messages and receipts keep the order of attachment", messageOrder},
		{"receipts are heard once, counted and matched once", receipts},
		{"numbers find their declaration", finders},
		{"partners and keys", partners},
		{"a file of a drop folder has one row", inboxFiles},
		{"facts are kept once, found by their numbers", facts},
		{"a fact is joined once to each of its declarations", factLinks},
		{"one of 20 racers withdraws a fact", factWithdrawal},
		{"facts and deadlines come back from a backup", factBackup},
		{"a deadline moves under its version", deadlines},
		{"the doctor sees broken facts and deadlines", factDoctor},
		{"statistics are what counting by hand gives", statistics},
		{"statistics follow corrections and receipts", statisticsFollow},
		{"statistics are the same after a restore", statisticsRestored},
		{"statistics of nothing are nothing", statisticsOfNothing},
		{"an upload is kept with its parts until it expires", uploads},
		{"a notice is kept and found as it was written", noticeKept},
		{"one of many writers gets the next version of a notice", noticeVersionRace},
		{"a box is in one open notice per purpose", boxRace},
		{"notices are listed by all that narrows them", noticeLists},
		{"who follows the stamps misses no change of a notice", noticeFeed},
		{"figures of notices are what counting by hand gives", noticeFigures},
		{"a complaint is found by who may see it", complaints},
		{"one of many wins an act on a complaint", complaintRace},
		{"complaints are listed by urgency", complaintLists},
		{"complaints and people come back from a backup", complaintsRestored},
		{"people have one name and one newest version", people},
		{"sessions and links of people end once", peopleSessions},
		{"tries are counted for all", tries},
		{"messages, capabilities and aliases of terminals", terminals},
		{"the newest report of a box stands", boxPlaces},
		{"a link is used once and in time", links},
		{"the doctor sees broken notices", noticeDoctor},
		{"notices and pushes come back from a backup", noticesRestored},
		{"endpoints have their names while they live", endpoints},
		{"pushes are numbered in the order of their commits", pushLines},
		{"a push that fails takes no number away", pushFails},
		{"newer news supersedes what waits", superseding},
		{"changes of one transaction supersede in their order", supersedingTogether},
		{"deliveries are listed by all that narrows them", deliveries},
		{"attempts are numbered on", attempts},
		{"the doctor sees broken pushes", pushDoctor},
		{"editions follow each other and keep what they were", feeEditions},
		{"nothing of an edition is written over", feeOverwrite},
		{"one of many drafts follows an edition", feeRace},
		{"an edition is followed or withdrawn, never both", feeWithdrawRace},
		{"a quotation keeps its bytes", feeQuotes},
		{"editions and quotations come back from a backup", feesRestored},
		{"a checked account is kept as it was written", feeBillKept},
		{"nothing of an account outlives its deletion", feeBillDeleted},
		{"one of 20 racers rates a body for an account", feeRatingOnce},
		{"replies to a rating are numbered", feeReplies},
		{"figures of bodies count an account once", feeFigures},
		{"accounts and ratings come back from a backup", feeBillsRestored},
		{"the doctor sees broken accounts and ratings", feeBillDoctor},
		{"what accounts and ratings cannot hold is refused alike", feeBillInvalid},
		{"each version of a third party's service is kept", feeServices},
		{"what cannot leave is parked and comes back", parking},
		{"new items are handed over under the rules of claims", handingOver},
		{"an engine is told what is left to claim", handOverTells},
		{"a receiver that is down is remembered", breakers},
		{"the head of a line leaves first", headOfLine},
		{"a dead head holds its line only", deadHead},
		{"skipped receivers are left out", skipped},
		{"every item is claimed once among rotating shards", claimAll},
		{"two owners share the shards", sharing},
		{"a shard with work under way drains before it goes", draining},
		{"a late result under an old lease is fenced off", fencing},
		{"an earlier life's items are recovered", earlierLife},
		{"replay and cancel apply in the named states only", requeue},
		{"the ledger balances and the doctor sees a loss", ledgerBalances},
		{"a process that is ready has written", ready},
		{"two writers and two stores make one sound audit log", auditLog},
		{"several processes migrate at once", migrateTogether},
		{"a backup under load restores", backupUnderLoad},
		{"a damaged backup restores nothing", damagedBackup},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, setup(t, fresh))
		})
	}
}

// bundle is one database with a store on it.
type bundle struct {
	*store.Store
	url   string
	fresh func(*testing.T) string
}

func setup(t *testing.T, fresh func(*testing.T) string) *bundle {
	t.Helper()
	b := &bundle{url: fresh(t), fresh: fresh}
	b.Store = Open(t, b.url, store.Options{})
	return b
}

// open starts another store on the same database, as another process would.
func (b *bundle) open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), b.url, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func (b *bundle) commit(t *testing.T, c store.Change) {
	t.Helper()
	if err := b.Commit(t.Context(), c); err != nil {
		t.Fatalf("commit: %v", err)
	}
}

// ID is a new id, later ones greater.
func ID() string { return uuid.Must(uuid.NewV7()).String() }

// now is a fixed instant in the past: items made at it are due.
const now = int64(1_700_000_000_000)

func digest(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// Acceptance is the change of one accepted declaration: everything that is
// written before a partner gets its answer. The bytes are of about the sizes
// that real ones have.
func Acceptance(tenant, reference, key string, document, in, out []byte) store.Change {
	id, message := ID(), ID()
	return store.Change{
		Insert: &store.Declaration{Tenant: tenant, ID: id, Reference: reference, Attempt: 1, OwnState: "queued", Status: "queued",
			Version: 1, Direction: "import", Office: "0908", Document: document, ContentSHA: digest(document), Faults: []byte("[]"),
			OutSequence: 1, CreatedAt: now, UpdatedAt: now},
		Messages: []store.Message{
			{Tenant: tenant, DeclarationID: id, ID: ID(), Attempt: 1, Direction: "in", Kind: "submission", ContentType: "application/json",
				SHA256: digest(in), Body: in, Peer: tenant, At: now},
			{Tenant: tenant, DeclarationID: id, ID: message, Attempt: 1, Direction: "out", Kind: "decmessage", FileName: message,
				ContentType: "application/xml", SHA256: digest(out), Body: out, At: now + 1},
		},
		Events: []store.Event{{Tenant: tenant, DeclarationID: id, ID: ID(), Identity: "submitted/1", Kind: "submitted", Attempt: 1,
			At: now, HeardAt: now, Source: tenant, Status: "queued"}},
		Outbox: []store.OutboxItem{{ID: message, Receiver: "customs", Subject: id, Sequence: 1, Tenant: tenant, DeclarationID: id,
			MessageID: message, Attempt: 1, CreatedAt: now}},
		Idempotency: &store.Idempotency{Tenant: tenant, Key: key, RequestSHA: digest(in), Status: 201, ContentType: "application/json",
			Body: []byte(`{"id":"` + id + `"}`), CreatedAt: now},
		Audit: []store.AuditEntry{{At: now, Actor: tenant, Action: "declaration.submit", Tenant: tenant, Subject: id, Digest: digest(document)}},
	}
}

func accept(tenant, reference string) store.Change {
	return Acceptance(tenant, reference, ID(), []byte("document of "+reference), []byte("in "+reference), []byte("out "+reference))
}

// together runs f n times at once and returns the errors.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	done := make(chan struct{})
	start := make(chan struct{})
	for i := range n {
		go func() {
			<-start
			errs[i] = f(i)
			done <- struct{}{}
		}()
	}
	close(start)
	for range n {
		<-done
	}
	return errs
}

// eventually asks until the answer is yes, for what depends on a database's clock.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !yes() {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: not within 30 s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error %v, want %v", what, got, want)
	}
}

func wantConflict(t *testing.T, what string, got error, on string) {
	t.Helper()
	if !store.IsConflict(got, on) {
		t.Errorf("%s: error %v, want conflict on %s", what, got, on)
	}
}

func wantSound(t *testing.T, s *store.Store) {
	t.Helper()
	findings, err := s.DoctorAll(t.Context(), nil)
	if err != nil || len(findings) > 0 {
		t.Errorf("doctor finds %v, %v", findings, err)
	}
	report, err := s.AuditVerify(t.Context(), nil)
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("audit log: %v, %v", report.Problems, err)
	}
}

func number(prefix string, i int) string { return fmt.Sprintf("%s%06d", prefix, i) }

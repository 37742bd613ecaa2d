package store

import (
	"path/filepath"
	"strings"
	"testing"
)

// The queries that run all the time, or on tables that grow for ever, are
// answered from an index. SQLite decides without statistics, so its plan is
// the same on every machine.
func TestQueriesUseTheirIndex(t *testing.T) {
	t.Parallel()
	s := openTest(t, "sqlite:"+filepath.Join(t.TempDir(), "k.db"), Options{})
	for _, c := range []struct{ name, query, want string }{
		{"due items", dueItems(8, 64), "outbox_claim (state=? AND shard=? AND next_at<?)"},
		{"bytes of due items", dueItems(8, 64), "SEARCH p USING INDEX sqlite_autoindex_pushes_1 (receiver=? AND id=?)"},
		{"due items of one receiver", dueFor, "outbox_claim (state=? AND shard=?)"},
		{"count due items", countDue, "COVERING INDEX outbox_claim (state=? AND shard=? AND next_at<?)"},
		{"park a receiver", dueOfReceivers(1), "outbox_claim (state=? AND shard=? AND next_at<?)"},
		{"park lines", dueOfLines, "outbox_claim (state=? AND shard=? AND next_at<?)"},
		{"unpark a receiver", parkedOf, "outbox_claim (state=? AND shard=? AND next_at>?)"},
		{"unpark a line", unparkLine, "(receiver=? AND subject=?)"},
		{"unpark the next", unparkNext, "(receiver=? AND subject=? AND sequence=?)"},
		{"head of line", dueItems(1, 1), "(receiver=? AND subject=? AND sequence<?)"},
		{"next due", dueLater, "COVERING INDEX outbox_claim (state=? AND shard=? AND next_at>?)"},
		{"ledger", readLedger, "COVERING INDEX declarations_status"},
		{"timeline", eventsOf, "(tenant=? AND declaration_id=?)"},
		{"messages of a declaration", listMessages + `WHERE tenant = ? AND declaration_id = ?`, "(tenant=? AND declaration_id=?)"},
		{"receipts of a declaration", listReceipts + `WHERE tenant = ? AND declaration_id = ?`, "receipts_declaration"},
		{"unmatched", unmatchedAll, "(state=?)"},
		{"unmatched by sequence", unmatchedBy, "receipts_sequence (state=? AND sequence_number=?)"},
		{"unmatched by reference", unmatchedBy, "receipts_reference (state=? AND client_reference=?)"},
		{"unmatched by message", unmatchedBy, "receipts_message (state=? AND message_id=?)"},
		{"by reference", readDeclaration + `WHERE d.reference = ? AND d.tenant = ?`, "(reference=? AND tenant=?)"},
		{"dead letters", listOutboxState, "outbox_claim (state=?)"},
		{"record a result", `UPDATE outbox SET state = ? WHERE id = ? AND epoch = ? AND state = 'sending'`, "(id=?)"},
		{"claim", `UPDATE outbox SET state = ? WHERE id IN (?, ?) AND state NOT IN ('sending')`, "(id=?)"},
		{"copy heard", `UPDATE receipts SET copies = copies + 1 WHERE identity = ?`, "(identity=?)"},
		{"facts of a declaration", factsOf, "fact_links_declaration (tenant=? AND declaration_id=?)"},
		{"facts by number", factsBySubject, "facts_subject (subject=?"},
		{"numbers of facts", knownOfMany, "facts_subject (subject=?"},
		{"facts to spread", factsToSpread, "facts_spread (spread=?)"},
		{"unmatched facts", unmatchedFacts, "facts_state (state=?)"},
		{"declarations of a number", candidatesBySubject, "(subject=?"},
		{"declarations of a fact", linksOfFact, "(fact_id=?"},
		{"deadlines of a declaration", deadlinesOf, "(tenant=? AND declaration_id=?)"},
		{"notices of a terminal", noticesOfTerminal, "notices_terminal (terminal=? AND id<?)"},
		{"feed of a terminal", feedOfTerminal, "notices_terminal_stamp (terminal=? AND stamp>?)"},
		{"notices of a tenant", noticesOfTenant, "notices_tenant (tenant=? AND id<?)"},
		{"feed of a tenant", feedOfTenant, "notices_tenant_stamp (tenant=? AND stamp>?)"},
		{"feed of all", feedOfAll, "notices_stamp (stamp>?)"},
		{"notices of a declaration", noticesOfDeclarant, "notices_declaration (declaration_id=? AND id<?)"},
		{"notices of customs", noticesOfIssuer, "notices_issued (issued_by=? AND id<?)"},
		{"notices for persons", noticesForPersons, "notices_person (needs_person=? AND id<?)"},
		{"due notices", noticesDue, "notices_due (next_at>? AND next_at<?)"},
		{"figures of notices", noticeFigures, "notices_created (created_at>? AND created_at<?)"},
		{"open notice of a box", openNoticeOf, "(open_key=?)"},
		{"events of a notice", noticeEventsOf, "(notice_id=?)"},
		{"messages of terminals in a state", terminalMessagesInState, "(state=?"},
		{"messages of a terminal", terminalMessagesOf, "terminal_messages_source (source=? AND id<?)"},
		{"messages of terminals", terminalMessagesOfAll, "(id<?)"},
		{"unmatched messages of a notice", unmatchedTerminal, "terminal_messages_waiting (state=? AND notice=?)"},
		{"boxes at a terminal", boxesAt, "box_places_terminal (terminal=? AND container>?)"},
		{"complaints in a state", feeComplaintsInState, "fee_complaints_state (state=?"},
		{"open complaints", feeComplaintsOpen, "fee_complaints_state (state=?"},
		{"figures of complaints", feeComplaintEntries, "fee_complaints_created (created_at>?)"},
		{"events of a complaint", feeComplaintEventsOf, "(complaint_id=?)"},
		{"sessions of a person", userSessionsOf, "user_sessions_user (user_id=?)"},
		{"active endpoints", activeEndpoints, "endpoints_state (state=?)"},
		{"sequences of lines", readLines[8], "MULTI-INDEX OR"},
		{"sequence of a line", readLines[1], "(receiver=? AND subject=?)"},
		{"open lines", openLines[8], "outbox_2 (receiver=? AND subject=? AND sequence<?)"},
		{"open line", openLines[1], "outbox_2 (receiver=? AND subject=? AND sequence<?)"},
		{"supersede", supersedeItems, "(receiver=? AND subject=? AND sequence<?)"},
		{"body of a push", pushBody, "(receiver=? AND id=?)"},
		{"deliveries of a line", deliveriesOfLine, "SEARCH o USING INDEX sqlite_autoindex_outbox_2 (receiver=? AND subject=?)"},
		{"deliveries of an endpoint", deliveriesOf, "(receiver=? AND id<?)"},
		{"deliveries of a subject", deliveriesOfSubject, "receiver_sequences_subject (subject=?)"},
		{"dead deliveries", deliveriesInState, "outbox_claim (state=?)"},
		{"due deadlines", dueDeadlines, "deadlines_due (state=?"},
	} {
		if plan := planOf(t, s, c.query); !strings.Contains(plan, c.want) {
			t.Errorf("%s: plan without %q:\n%s", c.name, c.want, plan)
		}
	}
}

// planOf is how SQLite goes about a query, one step a line.
func planOf(t *testing.T, s *Store, query string) string {
	t.Helper()
	var plan strings.Builder
	rows, err := s.rd.Queryx(`EXPLAIN QUERY PLAN ` + strings.ReplaceAll(query, "?", "'1'"))
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(detail + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

package api

import (
	"strings"
	"testing"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/i18n"
)

// TestEveryWordOfClearanceExists: the keys are made of the words of the
// domain, so that no search of the source finds them.
func TestEveryWordOfClearanceExists(t *testing.T) {
	t.Parallel()
	keys := []string{"clearance.combined.known_pair", "clearance.combined.unknown_pair"}
	add := func(prefix string, words ...string) {
		for _, w := range words {
			keys = append(keys, prefix+w)
		}
	}
	for _, k := range clearance.Kinds {
		add("event.fact_", string(k))
	}
	add("event.", "fact_withdrawn", "deadline_set", "deadline_7", "deadline_3", "deadline_1", "deadline_overdue", "deadline_met",
		"duty_deadline_set", "duty_deadline_7", "duty_deadline_3", "duty_deadline_1", "duty_deadline_overdue", "duty_deadline_met")
	add("clearance.stage.", "declared", "manifest", "ship_arrival", "cargo_arrival", "summary_accepted", "pickup_released", "full_declaration",
		"accepted", "inspection", "released", "leave_port", "sale_or_use", "closed", "leg_departed", "leg_arrived")
	for _, s := range []clearance.StageState{clearance.Done, clearance.Allowed, clearance.UnderWay, clearance.Waiting, clearance.Blocked, clearance.Unknown, clearance.Late} {
		add("clearance.state.", string(s))
	}
	add("clearance.detail.", "manifest_mismatch", "manifest_returned", "no_receipt_yet", "expected", "transfer", "transfer_under_way",
		"transfer_other_site", "conditional_pickup", "merged_check", "ordinary_exit")
	for _, s := range []clearance.AdvanceState{clearance.InAdvance, clearance.AfterArrival, clearance.InAdvanceSoFar, clearance.AdvanceNotKnown} {
		add("clearance.advance.", string(s))
	}
	for _, s := range []clearance.ManifestState{clearance.ManifestMissing, clearance.ManifestMatched, clearance.ManifestMismatch, clearance.ManifestReturned} {
		add("clearance.manifest.", string(s))
	}
	for _, s := range []clearance.TwoStepState{clearance.SummaryDraft, clearance.SummarySent, clearance.SummaryReceived, clearance.SummaryInspection,
		clearance.SummaryAccepted, clearance.PickedUp, clearance.FullDraft, clearance.FullSent, clearance.FullReceived, clearance.FullAccepted,
		clearance.FullReleased, clearance.TwoStepClosed, clearance.TwoStepDeleted} {
		add("clearance.two_step.", string(s))
	}
	for _, m := range declarations.Modes {
		add("clearance.mode.", string(m))
	}
	add("clearance.payment.", "open", "met", "overdue", "void")
	add("clearance.deadline.", "open", "no_day", "expected", "met", "met_late", "overdue", "void")
	add("clearance.paper.", "licence_k.present", "licence_k.missing", "licence_k.not_applicable", "files_of_y.present", "files_of_y.missing",
		"files_of_y.not_applicable", "pdf_size.present", "pdf_size.exceeded", "pdf_size.unknown", "pdf_size.not_applicable",
		"resend_reason.present", "resend_reason.missing", "summary_files.not_applicable", "others.unknown")
	add("clearance.ship_side.", "ready", "not_declared", "not_released", "blocked", "arrival_missing", "released_late", "quarantine_open")
	known := map[string]bool{}
	for _, lang := range i18n.Languages() {
		words := i18n.For(lang)
		for _, key := range keys {
			known[key] = true
			if text := words.Text(key, map[string]string{"due": "d", "days": "n", "from": "f", "to": "t", "mode": "m"}); text == key || strings.Contains(text, "(?)") {
				t.Errorf("%s in %s: %q", key, lang, text)
			}
		}
	}
	if len(known) != len(keys) {
		t.Errorf("%d keys, %d different ones", len(keys), len(known))
	}
}

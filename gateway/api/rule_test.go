package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/i18n"
)

func TestRulesAreForEverybody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Desk.Overrides = map[string]declarations.Severity{"V067": declarations.Warn, "V044": declarations.Off}
	got := read[Rules](t, b.ask(t, "", http.MethodGet, "/api/v1/rules", nil), http.StatusOK)
	want := Rule{ID: "V067", Code: "DEC-0067", Severity: "warn", Turned: "reject", Applies: "declare", Status: "unverified", Stage: "validate",
		Fields: "GQty, FirstQty, DeclTotal", Source: "inference", Rule: "greater than zero when declared",
		Text: "GQty, FirstQty, DeclTotal must be greater than zero to declare; it is “…”."}
	if len(got.Rules) != 82 || got.Count != 82 {
		t.Fatalf("%d rules, count %d, want 82", len(got.Rules), got.Count)
	}
	if diff := cmp.Diff(want, got.Rules[66]); diff != "" {
		t.Errorf("V067: -want +got\n%s", diff)
	}
	for name, counts := range map[string]map[string]int{"severity": got.BySeverity, "status": got.ByStatus, "stage": got.ByStage} {
		sum := 0
		for _, n := range counts {
			sum += n
		}
		if sum != 82 {
			t.Errorf("by %s: %v, in all %d, want 82", name, counts, sum)
		}
	}
	if diff := cmp.Diff(map[string]int{"confirmed": 29, "secondary": 36, "unverified": 17}, got.ByStatus); diff != "" {
		t.Errorf("by status (facts/README): -want +got\n%s", diff)
	}
	refused(t, b.ask(t, "", http.MethodGet, "/api/v1/rules?x=1", nil), http.StatusUnprocessableEntity, "invalid")
}

// No rule shows a key, a hole or a slug in any language.
func TestEveryRuleHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages() {
		for _, r := range RulesIn(i18n.For(lang), declarations.Judge{}).Rules {
			if r.Text == "" || strings.Contains(r.Text, "fault.") || strings.Contains(r.Text, "rule.") || strings.Contains(r.Text, "(?)") {
				t.Errorf("%s in %s: %q", r.ID, lang, r.Text)
			}
		}
	}
}

// What the operator turned, and the tables he brought, count for submissions.
func TestSubmissionsAreJudgedByTheDesksRules(t *testing.T) {
	t.Parallel()
	free := func(d *declarations.Declaration) { d.Items[0].UnitPrice, d.Items[0].LineAmount = "0", "0" }
	b := setup(t)
	refused(t, b.postJSON(t, "alice", "/api/v1/declarations", jsonOf(t, "RULE1", free)), http.StatusUnprocessableEntity, "invalid")
	b.Desk.Overrides = map[string]declarations.Severity{"V067": declarations.Warn}
	a := read[Accepted](t, b.postJSON(t, "alice", "/api/v1/declarations", jsonOf(t, "RULE1", free)), http.StatusCreated)
	if len(a.Warnings) != 1 || a.Warnings[0].Code != "DEC-0067" {
		t.Errorf("warnings %v, want the one of V067", a.Warnings)
	}
}

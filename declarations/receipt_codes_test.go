package declarations

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReceiptCodesAreTheRowsOfTheFactTable(t *testing.T) {
	t.Parallel()
	type row struct{ Code, Chinese, English, Evidence, Layer, Rank, Status, Final string }
	var want, got []row
	for _, r := range rows(t, "facts", "receipt_codes.csv") {
		want = append(want, row{r["code"], r["name_zh"], r["name_en"], r["status"], r["layer"], r["rank"], r["declaration_status"], r["terminal"]})
	}
	for _, c := range ReceiptCodes {
		final, status := "N", string(c.Status)
		if c.Final {
			final = "Y"
		}
		if status == "" {
			status = "none"
		}
		got = append(got, row{c.Code, c.Chinese, c.English, string(c.Evidence), string(c.Layer), number(c.Rank), status, final})
		if c.Status != "" && !slices.Contains(Statuses, c.Status) {
			t.Errorf("%s: %s is no status", c.Code, c.Status)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestCodesAreCaseSensitive(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]Status{"A": StatusDeleted, "a": "", "E": StatusReturned, "E0": StatusUploaded, "F1": StatusUploadFailed, "F": StatusReleased} {
		if c, ok := LookupReceiptCode(code); !ok || c.Status != want {
			t.Errorf("%s: status %q, want %q", code, c.Status, want)
		}
	}
	if c, ok := LookupReceiptCode("5"); ok {
		t.Errorf("5 is %v, want a code outside the table", c)
	}
}

func TestOnlyReleasesReleaseAndInspectionNever(t *testing.T) {
	t.Parallel()
	got := map[string]ReleaseKind{}
	for _, c := range ReceiptCodes {
		if c.Release != "" {
			got[c.Code] = c.Release
		}
	}
	want := map[string]ReleaseKind{"P": ReleaseFull, "F": ReleaseFull, "I": ReleaseFull, "B": ReleaseGuarantee, "K": ReleaseGuarantee, "SpK": ReleasePickup}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestSummaryCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"L": "SpL", "1": "Sp1", "P": "P", "SpL": "SpL", "7": "7", "": ""} {
		if got := SummaryCode(code); got != want {
			t.Errorf("SummaryCode(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestCorrectionIsAllowedAfterEndingsOnly(t *testing.T) {
	t.Parallel()
	want := []Status{StatusUploadFailed, StatusImportFailed, StatusDeclareFailed, StatusResendRequired, StatusReturned, StatusSummaryReturned}
	var got []Status
	for _, s := range Statuses {
		if CanCorrect(s) {
			got = append(got, s)
		}
		if CanCorrect(s) && !NeedsAttention(s) {
			t.Errorf("%s may be corrected but nobody is told", s)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

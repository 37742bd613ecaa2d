package declarations_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/receipts"
	"kouan/declarations/testfacts"
	"kouan/i18n"
)

// TestResponseCodesAreTheTable: function code, status and who has to act, as
// the profile's page has them.
func TestResponseCodesAreTheTable(t *testing.T) {
	t.Parallel()
	want := map[string]declarations.Status{
		"RES-01": "accepted", "RES-02": "received", "RES-03": "returned", "RES-05": "inspection", "RES-06": "under_review",
		"RES-07": "", "RES-08": "released", "RES-09": "closed", "RES-10": "deleted", "RES-11": "", "RES-13": "tax_due",
		"RES-14": "tax_due", "RES-15": "tax_due", "RES-16": "", "RES-18": "",
	}
	acts := []string{"RES-06", "RES-14", "RES-15", "RES-18"}
	got := map[string]declarations.Status{}
	for _, c := range declarations.ResponseCodes {
		got[c.Code] = c.Status
		if slices.Contains(acts, c.Code) != (len(c.SettledBy) > 0) {
			t.Errorf("%s is settled by %v", c.Code, c.SettledBy)
		}
		for _, s := range c.SettledBy {
			if _, ok := declarations.LookupReceiptCode(s); !ok {
				t.Errorf("%s is settled by %s, which is no code", c.Code, s)
			}
		}
		if found, ok := declarations.LookupReceiptCode(c.Code); !ok || found.Layer != declarations.LayerResponse {
			t.Errorf("%s is not found", c.Code)
		}
		if _, ok := i18n.Placeholders("receipt." + c.Code); !ok {
			t.Errorf("%s has no words", c.Code)
		}
		if (c.Release != "") != (c.Code == "RES-08") {
			t.Errorf("%s releases %q", c.Code, c.Release)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for in, code := range map[string]string{"1": "RES-01", "01": "RES-01", "13": "RES-13", "": "RES-", "x": "RES-x", "123": "RES-123"} {
		if got := declarations.ResponseCode(in); got != code {
			t.Errorf("%q is %s, want %s", in, got, code)
		}
	}
}

func TestFoldOfNotifications(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		heard     string
		status    declarations.Status
		attention bool
	}{
		"registered, accepted, closed":                {"RES-02@1 RES-01@2 RES-13@3 RES-09@4", "closed", false},
		"times that contradict the course":            {"RES-09@1 RES-13@3 RES-01@4 RES-02@5", "closed", false},
		"the final tax notice after the release":      {"RES-01@1 RES-08@2 RES-13@3", "released", false},
		"accepted after the inspection was announced": {"RES-05@1 RES-01@2", "inspection", true},
		"rejected":                                     {"RES-02@1 RES-03@2", "returned", true},
		"declared anew after the rejection":            {"RES-03@1 RES-01@2", "accepted", false},
		"rejected again":                               {"RES-03@1 RES-01@2 RES-03@3", "returned", true},
		"documents required":                           {"RES-01@1 RES-06@2", "under_review", true},
		"documents required, then released":            {"RES-01@1 RES-06@2 RES-08@3", "released", false},
		"payment required":                             {"RES-01@1 RES-13@2 RES-14@3", "tax_due", true},
		"payment required, then reminded, then closed": {"RES-14@3 RES-15@4 RES-09@5", "closed", false},
		"goods exited":                                 {"RES-01@1 RES-08@2 RES-16@3", "released", false},
		"exit queried":                                 {"RES-01@1 RES-09@2 RES-18@3", "closed", true},
		"exit queried, then exited":                    {"RES-09@2 RES-18@3 RES-16@4", "closed", false},
		"corrected by customs":                         {"RES-01@1 RES-07@2", "accepted", false},
		"a request answered":                           {"RES-01@1 RES-11@2", "accepted", false},
		"invalidated after clearance":                  {"RES-01@1 RES-09@2 RES-10@3", "deleted", true},
		"nothing moves what was invalidated":           {"RES-10@1 RES-01@2 RES-09@3", "deleted", true},
		"a function code that nobody knows":            {"RES-01@1 RES-17@2", "accepted", true},
		"history alone is no answer":                   {"RES-07@1 RES-11@2", "sent", false},
		"both worlds, the status words are the same":   {"7@1 L@2 RES-01@3 RES-08@4", "released", false},
		"a notification does not put CHANNEL back":     {"7@1 L@2 P@3 RES-01@4", "released", false},
		"the same second goes by rank":                 {"RES-09@3 RES-01@3 RES-02@3", "closed", false},
		"a notice without a time goes by its rank":     {"RES-02 RES-01@1 RES-08", "released", false},
		"rejected in the second of its registration":   {"RES-03@1 RES-02@1", "returned", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			events := heardNotices(row.heard)
			want := declarations.Fold(own("sent", 1), events)
			if want.Status != row.status || want.Attention != row.attention {
				t.Errorf("%s, attention %v; want %s, %v", want.Status, want.Attention, row.status, row.attention)
			}
			permutations(events, func(order []declarations.Heard) {
				if diff := cmp.Diff(want, declarations.Fold(own("sent", 1), order)); diff != "" {
					t.Fatalf("in another order: -want +got\n%s", diff)
				}
			})
		})
	}
}

// heardNotices is heard for notifications, which have no SeqNo; a word without
// @ has no time.
func heardNotices(line string) []declarations.Heard {
	var out []declarations.Heard
	for _, h := range heard(timed(line)) {
		if declarations.IsResponse(h.Code) {
			h.SequenceNumber = ""
		}
		if h.At.Minute() == 9 {
			h.At = time.Time{}
		}
		out = append(out, h)
	}
	return out
}

func timed(line string) string {
	var out strings.Builder
	for word := range strings.FieldsSeq(line) {
		if !strings.Contains(word, "@") {
			word += "@9"
		}
		out.WriteString(word + " ")
	}
	return out.String()
}

// TestSampleNotificationsGiveTheirStatus: the 20 published notifications, each
// alone, as their file name tells the function code.
func TestSampleNotificationsGiveTheirStatus(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(testfacts.Path(t, "samples", "wco", "responses"), "*.xml"))
	if err != nil || len(files) != 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		e, faults := receipts.Parse(data, filepath.Base(file))
		if len(faults) > 0 {
			t.Errorf("%s: %v", filepath.Base(file), faults)
			continue
		}
		code, known := declarations.LookupReceiptCode("RES-" + filepath.Base(file)[2:4])
		want := code.Status
		if want == "" {
			want = declarations.StatusSent
		}
		got := declarations.Fold(own("sent", 1), []declarations.Heard{{Event: e}})
		if !known || e.Code != code.Code || got.Status != want {
			t.Errorf("%s: %s, %s; want %s, %s", filepath.Base(file), e.Code, got.Status, code.Code, want)
		}
	}
}

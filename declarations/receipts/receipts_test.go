package receipts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/declarations"
	"kouan/declarations/testfacts"
)

type sample struct{ file, layer, shape, correlateBy, code, state string }

func samples(t testing.TB) (string, []sample) {
	t.Helper()
	dir := testfacts.Path(t, "samples", "receipts")
	var out []sample
	for _, r := range testfacts.Lines(t, "samples", "receipts", "index.csv")[1:] {
		out = append(out, sample{r[0], r[1], r[2], r[3], r[4], r[5]})
	}
	if len(out) < 70 {
		t.Fatalf("index.csv has %d rows, want all of them", len(out))
	}
	return dir, out
}

func TestSamplesAreReadAsTheIndexSays(t *testing.T) {
	t.Parallel()
	dir, all := samples(t)
	for _, s := range all {
		t.Run(s.file, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(dir, s.file))
			if err != nil {
				t.Fatal(err)
			}
			e, faults := Parse(data, s.file)
			if s.layer == "garbage" {
				retry := strings.HasPrefix(s.state, "retry") || s.shape == "temporary name"
				if len(faults) == 0 || Truncated(faults) != retry {
					t.Fatalf("event %+v, faults %v: want faults, truncated %v", e, faults, retry)
				}
				return
			}
			if len(faults) > 0 {
				t.Fatalf("faults %v", faults)
			}
			if e.Hash == "" || e.Family == "" {
				t.Errorf("no hash or family: %+v", e)
			}
			checkSample(t, s, &e)
		})
	}
}

func checkSample(t *testing.T, s sample, e *declarations.Event) {
	t.Helper()
	want := s.code
	if s.layer == "import response" || s.layer == "bonded response" {
		want = strings.TrimSuffix(s.state, ", orphan attached")
	}
	if e.Code != want {
		t.Errorf("code %q, want %q", e.Code, want)
	}
	told := map[string]string{
		"ClientSeqNo": e.ClientReference, "EtpsPreentNo": e.ClientReference,
		"CUS_CIQ_NO": e.SequenceNumber, "ID": e.SequenceNumber, "file name": e.FileName,
	}[s.correlateBy]
	if told == "" {
		t.Errorf("nothing to correlate by %s: %+v", s.correlateBy, e)
	}
	if business := s.layer == "business receipt"; business == e.At.IsZero() {
		t.Errorf("time %v of a %s", e.At, s.layer)
	}
	if status, ok := declarations.LookupReceiptCode(e.Code); s.layer == "business receipt" && ok && status.Status != "" &&
		!strings.Contains(s.file, "set-") && s.state != "unmatched" && string(status.Status) != s.state {
		t.Errorf("status %s, want %s", status.Status, s.state)
	}
}

package intake

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/customsxml"
)

func samples(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "customsxml", "testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples %s: %v", pattern, err)
	}
	all := make(map[string][]byte, len(files))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(f)] = data
	}
	return all
}

// XML, JSON and XML again is the same declaration, compact or indented.
func TestSamplesRoundTripThroughJSON(t *testing.T) {
	t.Parallel()
	for name, data := range samples(t, "valid-*.xml") {
		first := Read(data, XML)[0]
		if declarations.Rejected(first.Faults) {
			t.Fatalf("%s: %v", name, said(first.Faults))
		}
		for _, marshal := range []func(*declarations.Declaration) ([]byte, error){Marshal, MarshalIndent} {
			out, err := marshal(&first.Declaration)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			second := Read(out, JSON)[0]
			if second.Faults != nil {
				t.Fatalf("%s as JSON: %v", name, said(second.Faults))
			}
			third := Read(customsxml.Write(&second.Declaration, customsxml.Options{}), XML)[0]
			if third.Faults != nil {
				t.Fatalf("%s as XML again: %v", name, said(third.Faults))
			}
			if diff := cmp.Diff(first.Declaration, third.Declaration); diff != "" {
				t.Errorf("%s (-first +third):\n%s", name, diff)
			}
		}
	}
}

func TestMarshalIsStable(t *testing.T) {
	t.Parallel()
	for name, data := range samples(t, "valid-0*.xml") {
		row := Read(data, XML)[0]
		one, err := Marshal(&row.Declaration)
		if err != nil {
			t.Fatal(err)
		}
		again := Read(one, JSON)[0]
		two, err := Marshal(&again.Declaration)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(one), string(two)); diff != "" {
			t.Errorf("%s (-one +two):\n%s", name, diff)
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, contentType, data string
		want                    Format
		ok                      bool
	}{
		{"JSON by type", "application/json; charset=utf-8", "<a/>", JSON, true},
		{"JSON by suffix", "application/vnd.example+json", "", JSON, true},
		{"XML by type", "text/xml", "{}", XML, true},
		{"XML by suffix", "application/vnd.example+xml", "", XML, true},
		{"other type", "text/html", "{}", "", false},
		{"CSV by type", "text/csv; charset=gbk", "{}", CSV, true},
		{"CSV by its header", "", "\ufeffHS code;Client reference\r\n", CSV, true},
		{"old workbook", "", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLSX, true},
		{"zip", "", "PK\x05\x06", ZIP, true},
		{"no type, JSON", "", "\ufeff\n {}", JSON, true},
		{"octets, XML", "application/octet-stream", "\ufeff<a/>", XML, true},
		{"unreadable type", "///", "[", JSON, true},
		{"neither", "text/plain", "a;b", "", false},
		{"nothing", "", "", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := Detect(tc.contentType, []byte(tc.data)); got != tc.want || ok != tc.ok {
				t.Errorf("got %q %v, want %q %v", got, ok, tc.want, tc.ok)
			}
		})
	}
}

func TestUnknownFormatIsRefused(t *testing.T) {
	t.Parallel()
	row := Read([]byte("a"), Format("edifact"))[0]
	if diff := cmp.Diff([]string{"DEC-1009  0:0 map[]"}, said(row.Faults)); diff != "" || !declarations.Rejected(row.Faults) {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

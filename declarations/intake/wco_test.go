package intake

import (
	"os"
	"path/filepath"
	"testing"

	"kouan/declarations"
	"kouan/declarations/testfacts"
)

// A WCO declaration is told by its root, whatever the sender calls it.
func TestWCOIsRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(testfacts.Path(t, "samples", "wco", "declarations-valid"), "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if f, ok := Detect("application/xml", data); f != WCO || !ok {
		t.Errorf("detected %q", f)
	}
	for _, format := range []Format{WCO, XML} {
		row := Read(data, format)[0]
		if declarations.Rejected(row.Faults) || len(row.Declaration.Items) == 0 {
			t.Errorf("%s as %s: %v", files[0], format, said(row.Faults))
		}
		if place, line, _ := row.Locate("items[0].hs_code"); line == 0 {
			t.Errorf("place %s %d", place, line)
		}
	}
	if f, _ := Detect("", []byte("<DecMessage/>")); f != XML {
		t.Errorf("DecMessage is %q", f)
	}
}

package declarations

import (
	"testing"

	"github.com/go-json-experiment/json"
)

// What was read is there again after JSON, whatever stood in the field.
func TestSpecialBusinessKeepsWhatWasRead(t *testing.T) {
	t.Parallel()
	for value, want := range map[SpecialBusiness]string{
		"0000000":    `[]`,
		"1000001":    `["international_event","transit"]`,
		"1":          `["international_event","as_read:1"]`,
		"0000001X":   `["transit","as_read:0000001X"]`,
		"0200000":    `["as_read:0200000"]`,
		"1000000000": `["international_event","as_read:1000000000"]`,
		"A1":         `["special_military_goods","as_read:A1"]`,
		"":           `["as_read:"]`,
		"是":          `["as_read:是"]`,
	} {
		got, err := json.Marshal(value)
		if err != nil || string(got) != want {
			t.Errorf("%q is written %s, %v, want %s", value, got, err, want)
		}
		var again SpecialBusiness
		if err := json.Unmarshal(got, &again); err != nil || again != value {
			t.Errorf("%s is read %q, %v, want %q", got, again, err, value)
		}
	}
	for _, text := range []string{`["party"]`, `["as_read:1","transit"]`, `["transit","as_read:1"]`, `["as_read:1"]`} {
		var f SpecialBusiness
		if err := json.Unmarshal([]byte(text), &f); err == nil {
			t.Errorf("%s is read %q, want an error", text, f)
		}
	}
}

package describe

import (
	"slices"
	"strings"
	"time"

	"kouan/port-adapters/edifact/directory"
)

// words is the readable form of a value, or the meaning of a code; nothing
// when the value says it itself.
func (d *describer) words(id, value, message string, layout *directory.Element, values []string) string {
	switch {
	case id == "2380":
		return moment(value, beside("2379", layout, values))
	case id == "0017":
		return day(value)
	case id == "0019":
		return clock(value)
	case slices.Contains(quantities, id):
		if n := d.p.Number(strings.Replace(value, ",", ".", 1)); n != value {
			return n
		}
		return ""
	case id == "0065":
		return d.name("edi.message." + value)
	}
	if w := d.name("edi.code." + id + "." + value + "." + message); w != "" {
		return w
	}
	return d.name("edi.code." + id + "." + value)
}

// beside is another component of the same composite.
func beside(id string, layout *directory.Element, values []string) string {
	for i := range layout.Components {
		if layout.Components[i].ID == id && i < len(values) {
			return values[i]
		}
	}
	return ""
}

// quantities are values that are counted or measured; other numbers
// (sequence, UN number of a substance) are names in digits.
var quantities = []string{
	"0036", "0060", "0074", "5004", "5482", "6008", "6066", "6140", "6152", "6162",
	"6168", "6182", "6246", "6314", "6350", "7224",
}

// moments are the representations of list 2379 that ports use, with the form
// they are shown in. Zones follow where the sender names one.
var moments = map[string]struct{ sent, shown string }{
	"101": {"060102", time.DateOnly},
	"102": {"20060102", time.DateOnly},
	"201": {"0601021504", "2006-01-02 15:04"},
	"203": {"200601021504", "2006-01-02 15:04"},
	"204": {"20060102150405", time.DateTime},
	"401": {"1504", "15:04"},
	"610": {"200601", "2006-01"},
}

// zoned are the same with three characters of a time zone behind.
var zoned = map[string]string{"303": "203", "304": "204"}

// moment is a date as people read it; nothing when the value is not what its
// format says.
func moment(value, format string) string {
	if inner, ok := zoned[format]; ok && len(value) > 3 {
		if m := moment(value[:len(value)-3], inner); m != "" {
			return m + " " + Visible(value[len(value)-3:])
		}
		return ""
	}
	f, ok := moments[format]
	if !ok || len(value) != len(f.sent) {
		return ""
	}
	t, err := time.Parse(f.sent, value)
	if err != nil {
		return ""
	}
	return t.Format(f.shown)
}

func day(value string) string {
	if len(value) == 8 {
		return moment(value, "102")
	}
	return moment(value, "101")
}

func clock(value string) string { return moment(value, "401") }

package edifact

import (
	"strings"
	"time"
)

// port is the local time of the place that messages name [P]: Asia/Shanghai,
// which has no summer time since 1991.
var port = time.FixedZone("CST", 8*60*60)

const (
	layout203 = "200601021504"
	dateOnly  = "20060102"
)

// layouts are the formats of list 2379 that are read (edifact.md 3); those
// that name a zone have it behind the digits.
var layouts = map[string]struct {
	layout string
	zone   bool
}{
	"102": {dateOnly, false},
	"201": {"0601021504", false},
	"203": {layout203, false},
	"204": {"20060102150405", false},
	"303": {layout203, true},
	"304": {"20060102150405", true},
}

// readTime reads a time of DTM; false when the format or the value is none of
// those that are read. A zone that is not known is not guessed.
func readTime(value, format string) (time.Time, bool) {
	l, known := layouts[format]
	if !known || len(value) < len(l.layout) || !l.zone && len(value) != len(l.layout) {
		return time.Time{}, false
	}
	zone := port
	if l.zone {
		var ok bool
		if zone, ok = zoneOf(value[len(l.layout):]); !ok {
			return time.Time{}, false
		}
	}
	t, err := time.ParseInLocation(l.layout, value[:len(l.layout)], zone)
	return t, err == nil
}

// zoneOf reads the zone of formats 303 and 304: UTC, GMT, or an offset. CST
// names three zones, so it is read as none.
func zoneOf(s string) (*time.Location, bool) {
	switch strings.ToUpper(s) {
	case "":
		return port, true
	case "UTC", "GMT", "Z":
		return time.UTC, true
	}
	for _, layout := range []string{"-0700", "-07", "-07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			_, offset := t.Zone()
			return time.FixedZone("", offset), true
		}
	}
	return nil, false
}

// at writes a time in local time, format 203.
func at203(qualifier string, t time.Time) Line {
	if t.IsZero() {
		return L("DTM")
	}
	return L("DTM", E(qualifier, t.In(port).Format(layout203), "203"))
}

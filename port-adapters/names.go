package portadapters

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxNameLength is the longest file name in bytes: 255 is what file systems
// take, the rest is for endings and for what the import client puts around it.
const MaxNameLength = 180

// CheckName refuses, as permanent, a file name that could be anything but
// one plain file in one folder on Linux or Windows: path parts, drive letters
// and streams, control and formatting characters, names of devices, endings
// that Windows drops, endings that mean an unfinished file.
func CheckName(name string) error {
	if why := nameFault(name); why != "" {
		return fmt.Errorf("file name %q: %s: %w", name, why, ErrPermanent)
	}
	return nil
}

func nameFault(name string) string {
	switch {
	case name == "":
		return "empty"
	case len(name) > MaxNameLength:
		return "too long"
	case !utf8.ValidString(name):
		return "not UTF-8"
	case strings.ContainsAny(name, `/\:*?"<>|`):
		return "has a character of paths or patterns"
	case strings.HasPrefix(name, "."), strings.HasSuffix(name, "."):
		return "begins or ends with a dot"
	case strings.HasPrefix(name, " "), strings.HasSuffix(name, " "):
		return "begins or ends with a space"
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return "has a control or formatting character"
		}
	}
	lower := strings.ToLower(name)
	if strings.HasSuffix(lower, ".tmp") || strings.HasSuffix(lower, ".temp") {
		return "ends like an unfinished file"
	}
	stem, _, _ := strings.Cut(lower, ".")
	if devices[strings.TrimRight(stem, " ")] {
		return "is the name of a device"
	}
	return ""
}

// devices are reserved by Windows, where the import client runs.
var devices = map[string]bool{
	"con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true,
}

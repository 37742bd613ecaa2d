package i18n

import (
	"maps"
	"strings"
)

// faultPrefix is what the keys of faults begin with.
const faultPrefix = "fault."

// slugs are the arguments of a fault that are no values but words themselves:
// the name of the argument, and what the key of its word begins with. They
// stand in the order in which they are put into words, so that a reason can
// name a unit.
var slugs = []struct{ arg, prefix string }{
	{"unit", "unit."},     // of limit: bytes, elements, rows, objects
	{"want", "kind."},     // kind of value that is expected
	{"got", "kind."},      // kind of value that stands there
	{"kept", "kept."},     // whether what is unknown was kept: true, false
	{"reason", "reason."}, // why
}

// Fault is the text of a fault code. The arguments unit, want, got, kept and
// reason are slugs (not_utf8) and are shown in words; their texts may use the
// other arguments. A slug without a text is shown as it is. The arguments
// themselves are not changed.
func (p Printer) Fault(code string, args map[string]string) string {
	return p.Text(faultPrefix+code, args)
}

// inWords replaces the slugs among the arguments of a fault by their words.
func (p Printer) inWords(args map[string]string) map[string]string {
	own := false
	for _, s := range slugs {
		slug, given := args[s.arg]
		if !given {
			continue
		}
		t, ok := p.words.texts[s.prefix+slug]
		if !ok {
			continue
		}
		if !own {
			args, own = maps.Clone(args), true
		}
		if s.arg == "unit" {
			args["limit"] = p.Number(args["limit"])
		}
		args[s.arg] = t.fill(args)
	}
	return args
}

func isFault(key string) bool { return strings.HasPrefix(key, faultPrefix) }

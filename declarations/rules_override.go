package declarations

import (
	"fmt"
	"strings"
)

// ParseOverride reads how an operator turns a rule: V067=warn, V044=off. Only
// rules that Validate checks can be turned; the others guard the reading.
func ParseOverride(text string) (id string, s Severity, err error) {
	id, value, _ := strings.Cut(text, "=")
	rule, known := RuleByID(id)
	if !known || rule.Stage != StageValidate {
		return "", "", fmt.Errorf("override %s: no rule of stage %s has that number", text, StageValidate)
	}
	switch s = Severity(value); s {
	case Reject, Warn, Off:
		return id, s, nil
	}
	return "", "", fmt.Errorf("override %s: severity is none of %s, %s, %s", text, Reject, Warn, Off)
}

package declarations

import (
	"fmt"
	"strings"
	"time"
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

// clock of China: the validity of a code is a day there.
var chinaTime = time.FixedZone("UTC+8", 8*60*60)

// On is the judge on the day in China that t falls on.
func (j Judge) On(t time.Time) Judge {
	j.Day = t.In(chinaTime).Format(time.DateOnly)
	return j
}

package declarations

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// Table says where a declaration goes: the first route whose conditions all
// hold. An operator keeps it as a JSON array:
//
//	[{"name": "dalian-import", "when": {"direction": "import", "office_prefix": "09"},
//	  "channel": "customs-dxp", "profile": "decmessage-4.8"},
//	 {"name": "rest", "when": {}, "channel": "customs-filedrop", "profile": "decmessage-4.8"}]
type Table []Route

// Route is one row: where to (Channel, the name of a receiver) and in which
// variant of the message (Profile).
type Route struct {
	Name    string     `json:"name"`
	When    Conditions `json:"when,omitzero"`
	Channel string     `json:"channel"`
	Profile string     `json:"profile"`
}

// Conditions of a route; what is empty or absent holds for every declaration.
type Conditions struct {
	Direction    Direction `json:"direction,omitzero"`
	OfficePrefix string    `json:"office_prefix,omitzero"` // of the declaration office (CustomMaster): 09 or 0901
	TradeModes   []string  `json:"trade_modes,omitempty"`  // one of these (TradeMode)
	FormType     string    `json:"form_type,omitzero"`     // Type positions 1-2
	FilingStep   string    `json:"filing_step,omitzero"`   // Type position 3: 0 ordinary (0 or blank), 5 summary, 6 full
	CombinedPort *bool     `json:"combined_port,omitempty"`
}

// Step is how one route fared: Reason names the first condition that does not hold.
type Step struct {
	Route   Route  `json:"route"`
	Matched bool   `json:"matched"`
	Reason  string `json:"reason"`
}

// Route is the first route that matches; ok is false when none does.
func (t Table) Route(d *Declaration) (r Route, ok bool) {
	for i := range t {
		if t[i].When.unmet(d) == "" {
			return t[i], true
		}
	}
	return Route{}, false
}

// Explain goes through the table as Route does and says of every route why it
// was taken or not.
func (t Table) Explain(d *Declaration) []Step {
	steps := make([]Step, len(t))
	taken := ""
	for i, r := range t {
		steps[i] = Step{Route: r}
		switch reason := r.When.unmet(d); {
		case taken != "":
			steps[i].Reason = "not reached: " + taken + " was taken"
		case reason != "":
			steps[i].Reason = reason
		default:
			steps[i].Matched, steps[i].Reason = true, "all conditions hold"
			taken = r.Name
		}
	}
	return steps
}

// unmet is the first condition that does not hold, in words for operators; empty when all hold.
func (c *Conditions) unmet(d *Declaration) string {
	h := &d.Header
	switch {
	case c.Direction != "" && c.Direction != h.TradeDirection:
		return differs("direction", string(h.TradeDirection), string(c.Direction))
	case !strings.HasPrefix(h.DeclarationOfficeCode, c.OfficePrefix):
		return differs("declaration office", h.DeclarationOfficeCode, c.OfficePrefix+"…")
	case len(c.TradeModes) > 0 && !slices.Contains(c.TradeModes, h.TradeModeCode):
		return differs("trade mode", h.TradeModeCode, strings.Join(c.TradeModes, " or "))
	case c.FormType != "" && c.FormType != h.FormType:
		return differs("form type", h.FormType, c.FormType)
	case c.FilingStep != "" && c.FilingStep != step(h.FilingStep):
		return differs("filing step", step(h.FilingStep), c.FilingStep)
	case c.CombinedPort != nil && *c.CombinedPort != h.IsCombinedPort:
		return differs("combined port", fmt.Sprint(h.IsCombinedPort), fmt.Sprint(*c.CombinedPort))
	}
	return ""
}

// step makes one of the two ways to say ordinary (blank or 0).
func step(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

func differs(what, got, want string) string {
	if got == "" {
		got = "empty"
	}
	return what + " is " + got + ", the route wants " + want
}

// any tells that the conditions hold for every declaration.
func (c *Conditions) any() bool {
	return c.Direction == "" && c.OfficePrefix == "" && len(c.TradeModes) == 0 && c.FormType == "" && c.FilingStep == "" && c.CombinedPort == nil
}

// Validate names every problem of a table: routes without name, channel or
// profile, a name twice, an unknown direction or step, no catch-all at the
// end, a catch-all before it.
func (t Table) Validate() error {
	var problems []error
	add := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	seen := map[string]bool{}
	for i := range t {
		r := &t[i]
		switch {
		case r.Name == "":
			add("route %d has no name", i+1)
		case seen[r.Name]:
			add("route %d: the name %s stands twice", i+1, r.Name)
		}
		seen[r.Name] = true
		if r.Channel == "" {
			add("route %d (%s) has no channel", i+1, r.Name)
		}
		if r.Profile == "" {
			add("route %d (%s) has no profile", i+1, r.Name)
		}
		if d := r.When.Direction; d != "" && d != Import && d != Export {
			add("route %d (%s): direction %s is neither import nor export", i+1, r.Name, d)
		}
		if s := r.When.FilingStep; s != "" && s != "0" && s != "5" && s != "6" {
			add("route %d (%s): filing step %s is none of 0, 5, 6", i+1, r.Name, s)
		}
		if r.When.any() && i < len(t)-1 {
			add("route %d (%s) takes everything, the routes after it are never reached", i+1, r.Name)
		}
	}
	if len(t) == 0 || !t[len(t)-1].When.any() {
		add("the last route must be a catch-all without conditions")
	}
	return errors.Join(problems...)
}

// LoadTable reads an operator's table strictly: unknown and doubled members
// are errors, and so is everything that Validate finds.
func LoadTable(data []byte) (Table, error) {
	var t Table
	if err := json.Unmarshal(data, &t, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("read routing table: %w", err)
	}
	if err := t.Validate(); err != nil {
		return nil, fmt.Errorf("routing table: %w", err)
	}
	return t, nil
}

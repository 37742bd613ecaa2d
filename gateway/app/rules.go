package app

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/gateway/api"
)

// ruleFlags stands on every command that judges declarations.
type ruleFlags struct {
	Rules []string `name:"rule" help:"cli.flag.rule" placeholder:"RULE=SEVERITY"`
}

// overrides are the rules that the operator turned.
func (f ruleFlags) overrides() (map[string]declarations.Severity, error) {
	turned := make(map[string]declarations.Severity, len(f.Rules))
	for _, text := range f.Rules {
		id, severity, err := declarations.ParseOverride(text)
		if err != nil {
			return nil, &usageError{key: "cli.error.rule", args: arguments{"value": text}}
		}
		turned[id] = severity
	}
	return turned, nil
}

// judge is what a command judges by: tables, today at the port, overrides.
func (c *console) judge(folder codeFolder, rules ruleFlags) (declarations.Judge, error) {
	turned, err := rules.overrides()
	if err != nil {
		return declarations.Judge{}, err
	}
	source, err := folder.source(c)
	if err != nil {
		return declarations.Judge{}, err
	}
	return declarations.Judge{Codes: source.Set(), Day: codes.DayOf(c.clock()), Overrides: turned}, nil
}

// rulesCommand lists the validation rules.
type rulesCommand struct {
	ruleFlags `embed:""`
	JSON      bool `name:"json" help:"cli.flag.rules_json"`
}

// knownRules is how many rules facts/validation_rules.csv has.
const knownRules = 82

// Run prints each rule with where it comes from, and how many there are.
func (cmd *rulesCommand) Run(c *console) error {
	turned, err := cmd.overrides()
	if err != nil {
		return err
	}
	rules := api.RulesIn(c.words.Printer, declarations.Judge{Overrides: turned})
	if cmd.JSON {
		for i := range rules.Rules {
			line, err := json.Marshal(&rules.Rules[i], json.Deterministic(true))
			if err != nil {
				return fmt.Errorf("write rule %s as JSON: %w", rules.Rules[i].ID, err)
			}
			if err := c.print("%s\n", line); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range rules.Rules {
		if err := c.printRule(&rules.Rules[i]); err != nil {
			return err
		}
	}
	return c.countRules(&rules)
}

// printRule is three lines: what it is, what it says, where it comes from.
func (c *console) printRule(r *api.Rule) error {
	severity := r.Severity
	if r.Turned != "" {
		severity += " (" + c.words.text("cli.rules.turned", arguments{"severity": r.Turned}) + ")"
	}
	return c.print("%s  %s  %s  %s  %s  %s\n    %s\n    [%s] %s\n",
		r.ID, r.Code, severity, r.Applies, r.Status, r.Stage, r.Text, c.words.Fields(r.Fields), r.Source)
}

func (c *console) countRules(rules *api.Rules) error {
	if err := c.say("cli.rules.count", arguments{"count": strconv.Itoa(rules.Count), "want": strconv.Itoa(knownRules)}); err != nil {
		return err
	}
	if err := c.say("cli.rules.by_severity", arguments{"counts": countsOf(rules.BySeverity)}); err != nil {
		return err
	}
	if err := c.say("cli.rules.by_status", arguments{"counts": countsOf(rules.ByStatus)}); err != nil {
		return err
	}
	return c.say("cli.rules.by_stage", arguments{"counts": countsOf(rules.ByStage)})
}

// countsOf is confirmed 29, secondary 36, …
func countsOf(counts map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, name+" "+strconv.Itoa(counts[name]))
	}
	return strings.Join(parts, ", ")
}

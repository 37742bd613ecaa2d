package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kouan/declarations"
	"kouan/i18n"
)

// Rules are all validation rules, with how many there are of each kind.
type Rules struct {
	Rules      []Rule         `json:"rules"`
	Count      int            `json:"count"`
	BySeverity map[string]int `json:"by_severity"`
	ByStatus   map[string]int `json:"by_status"`
	ByStage    map[string]int `json:"by_stage"`
}

// Rule is one validation rule.
type Rule struct {
	ID       string `json:"id" example:"V014"`
	Code     string `json:"code" example:"DEC-0014" doc:"Of its faults"`
	Severity string `json:"severity" enum:"reject,warn,off" doc:"As it is in force here"`
	Turned   string `json:"turned_from,omitzero" enum:"reject,warn" doc:"What the rule table says, when the operator turned the rule"`
	Applies  string `json:"applies" enum:"all,import,export,declare" doc:"To which declarations; declare: OperType C or D"`
	Status   string `json:"status" enum:"confirmed,secondary,unverified,conflict" doc:"How well the rule is borne out; none is official"`
	Stage    string `json:"stage" enum:"strictxml,customsxml,intake,validate,store" doc:"Where it is checked"`
	Fields   string `json:"fields" doc:"Elements of the standard message, or what is judged instead"`
	Source   string `json:"source"`
	Rule     string `json:"rule" doc:"The rule in English, as its source has it"`
	Text     string `json:"text" doc:"In the caller's language; … stands for a value of the document"`
}

// RulesIn are the rules in the words of a language, as judge has them.
func RulesIn(words i18n.Printer, judge declarations.Judge) Rules {
	out := Rules{BySeverity: map[string]int{}, ByStatus: map[string]int{}, ByStage: map[string]int{}}
	for i := range declarations.Rules {
		r := &declarations.Rules[i]
		shown := Rule{
			ID: r.ID, Code: r.Code(), Severity: string(judge.Severity(r)), Applies: string(r.Applies), Status: string(r.Status),
			Stage: string(r.Stage), Fields: r.Fields, Source: r.Source, Rule: r.Text, Text: words.Rule(r.Code(), r.Fields),
		}
		if shown.Severity != string(r.Severity) {
			shown.Turned = string(r.Severity)
		}
		out.Rules = append(out.Rules, shown)
		out.BySeverity[shown.Severity]++
		out.ByStatus[shown.Status]++
		out.ByStage[shown.Stage]++
	}
	out.Count = len(out.Rules)
	return out
}

// rules is GET /api/v1/rules.
func (s *server) rules(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	out := RulesIn(i18n.For(language(r)), s.Desk.Judge())
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

func describeRules(s *server, op *huma.Operation) {
	op.Description = "For everybody. No rule is an official publication: status says how well it is borne out, and the operator can turn each rule that is checked at stage validate."
	op.Responses["200"] = s.described("All rules", typeJSON, s.schema(reflect.TypeFor[Rules]()))
}

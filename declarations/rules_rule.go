package declarations

// Rule is one row of the rule table. Its number is its public fault code.
type Rule struct {
	ID       string // V014
	Severity Severity
	Applies  Applies
	Status   Evidence
	Stage    Stage
	Fields   string // elements of the message, comma separated, or what is judged instead
	Text     string // one line, English; the words for users come from i18n by Code
	Source   string
	// Logic marks a relation between values. Like the null checks it is not
	// applied to OperType E (decmessage.md §3.8: E performs no null or logic check).
	Logic bool
	// Check judges the declaration in c; nil: not checked by Validate (see
	// Stage). V005 has one beside its stage, for forms that are no message.
	Check func(c *check)
}

// Code is the public fault code: DEC-0014 for V014.
func (r Rule) Code() string { return "DEC-0" + r.ID[1:] }

// RuleByCode finds the rule of a fault code.
func RuleByCode(code string) (Rule, bool) {
	for i := range Rules {
		if Rules[i].Code() == code {
			return Rules[i], true
		}
	}
	return Rule{}, false
}

// RuleByID finds a rule by its number.
func RuleByID(id string) (Rule, bool) {
	for i := range Rules {
		if Rules[i].ID == id {
			return Rules[i], true
		}
	}
	return Rule{}, false
}

// judges tells whether Validate asks a rule about a declaration. V063 applies
// to imports in the fact table because two-step filing does; what it refuses
// is its mark on an export.
func (r *Rule) judges(d *Declaration) bool {
	return r.Applies.to(d) || r.ID == "V063" && d.IsExport()
}

// Applies says to which declarations a rule applies.
type Applies string

// Import and export go by the direction; declare means OperType C or D.
const (
	AppliesAll     Applies = "all"
	AppliesImport  Applies = "import"
	AppliesExport  Applies = "export"
	AppliesDeclare Applies = "declare"
)

func (a Applies) to(d *Declaration) bool {
	switch a {
	case AppliesImport:
		return d.Header.TradeDirection == Import
	case AppliesExport:
		return d.Header.TradeDirection == Export
	case AppliesDeclare:
		return d.Declares()
	}
	return true
}

// Evidence says how well a fact is borne out by public sources.
type Evidence string

// Confirmed: two or more independent sources, or real messages. Secondary:
// one source. Unverified: inference or domain knowledge. Conflict: sources
// contradict each other.
const (
	Confirmed  Evidence = "confirmed"
	Secondary  Evidence = "secondary"
	Unverified Evidence = "unverified"
	Conflict   Evidence = "conflict"
)

// Stage is the place where a rule is checked.
type Stage string

// The stages, in the order in which a document passes them.
const (
	StageStrictXML Stage = "strictxml" // bytes are well-formed and safe
	StageMessage   Stage = "customsxml"
	StageIntake    Stage = "intake" // package of message and attachments
	StageValidate  Stage = "validate"
	StageStore     Stage = "store" // needs what was declared before
)

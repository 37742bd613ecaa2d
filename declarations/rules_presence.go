package declarations

// V009: fields that may never be empty. An operation E (upload for an
// electronic manual) is not null-checked; only what ties the message to its
// answers and tells the meaning of its columns stays required.
func requiredAlways(c *check) {
	c.each(always, func(c *check, f *spec, v string) {
		if !blank(v) || c.unchecked && !neededToCorrelate(f.element) {
			return
		}
		c.fault(c.path(f.pathIn(c.d.Header.TradeDirection)), f.element)
	})
}

func neededToCorrelate(element string) bool {
	return element == "OperType" || element == "ClientSeqNo" || element == "IEFlag"
}

// V010: fields that may not be empty when declaring; a two-step summary
// declares fewer of them.
func requiredOnDeclare(c *check) {
	c.each(onDeclare, func(c *check, f *spec, v string) {
		if !blank(v) || c.d.IsSummary() && !inSummary(c.d, f.element) {
			return
		}
		c.fault(c.path(f.pathIn(c.d.Header.TradeDirection)), f.element)
	})
}

// part says when a summary declares a field.
type part uint8

const (
	notInSummary part = iota
	inEvery
	whenLicensed // 涉证: a licence number or a licence document is given
)

// summaryParts are the fields required on declare that a summary (概要申报,
// Type position 3 = 5) declares as well: clearance-modes.md §3.2, secondary.
// The further fields of that list are optional on every declaration (road
// transport has no voyage number) and stay so. Sign and SignDate are no part
// of the form: whoever declares signs.
var summaryParts = map[string]part{
	"CustomMaster": inEvery, "IEPort": inEvery,
	"TradeCoScc": inEvery, "TradeCode": inEvery, "TradeName": inEvery,
	"AgentCodeScc": inEvery, "AgentCode": inEvery, "AgentName": inEvery,
	"TrafMode": inEvery, "TradeMode": inEvery, "GrossWet": inEvery,
	"CodeTS": inEvery, "GName": inEvery, "GQty": inEvery, "GUnit": inEvery,
	"DeclTotal": inEvery, "TradeCurr": inEvery, "OriginCountry": inEvery,
	"OwnerCodeScc": whenLicensed, "OwnerName": whenLicensed,
	"Sign": inEvery, "SignDate": inEvery,
}

func inSummary(d *Declaration, element string) bool {
	switch summaryParts[element] {
	case inEvery:
		return true
	case whenLicensed:
		return d.Header.LicenceNumber != "" || len(d.Documents) > 0
	}
	return false
}

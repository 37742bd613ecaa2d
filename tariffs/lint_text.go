package tariffs

import (
	"regexp"
	"strings"
)

// forbidden are renderings that say something else (terms.csv, false friends).
var forbidden = []struct{ item, rendering string }{
	{"HANDLING_ALL_IN", "charter"}, {"ANCHORAGE", "demurrage"}, {"BERTH_WORKING", "demurrage"}, {"BERTH_IDLE", "demurrage"},
	{"TONNAGE_DUES", "tonnage tax"}, {"TONNAGE_DUES", "Tonnagesteuer"}, {"TOWAGE", "salvage"}, {"YARD", "demurrage"},
}

// renderings: L27. A row without a rendering is one whose reader gets the original.
func (r *lintRow) renderings() {
	given := r.text("item_en")
	if given == "" && r.item != nil {
		r.find("item_en", "FEE-L27", Warn, "reason", "translation_missing")
	}
	name := strings.ToLower(given)
	for _, f := range forbidden {
		if f.item == r.text("item_code") && strings.Contains(name, strings.ToLower(f.rendering)) {
			r.find("item_en", "FEE-L27", Warn, "value", clipped(given), "name", f.rendering, "reason", "false_friend")
		}
	}
}

var (
	textTiers = regexp.MustCompile(`\d+\s*[-–~～至]\s*\d+.*\d+`)
	// One tier in words: 1-7天4元, 8天以上6元, 1 to 7 days 4.
	wordTier = regexp.MustCompile(`(?i)(\d+\D{0,3}(-|–|—|~|～|至|到|to)\s*第?\d+|\d+\D{0,3}(以上|以下|以内|起)|(over|above|up to|from)\s*\d+)\D{0,12}?\d+(\.\d+)?`)
	dates    = regexp.MustCompile(`\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?`)
)

// tiersAsText: L34. Nobody can compute by tiers that stand as words in a cell.
func (r *lintRow) tiersAsText() {
	basis := r.text("basis_zh")
	if textTiers.MatchString(basis) && strings.ContainsAny(basis, "，,；;、") {
		r.find("basis_zh", "FEE-L34", Reject, "value", clipped(basis))
		return
	}
	for _, column := range []string{"basis_zh", "note"} {
		if inTiers(r.text(column)) {
			r.find(column, "FEE-L34", Reject, "value", clipped(r.text(column)))
		}
	}
}

// inTiers reports two tiers or more in words; days and months are no tiers.
func inTiers(text string) bool {
	return len(wordTier.FindAllString(dates.ReplaceAllString(plainDigits(text), "…"), 2)) > 1
}

// deniedSources is the deny list of §12: English disbursement guides for
// Chinese ports that print dues by gross tonnage, light dues, hourly tugs and
// invented circulars. They contradict the law on every line.
var deniedSources = anyOf(
	`port\s+disbursements?\s+guide`, `disbursements?\s+guide`, `disbursement\s+account\s+guide`, `port\s+costs?\s+guide`,
	`light\s+dues`, `GT\s+dues`, `dues\s+(by|per|on)\s+(GT|GRT|gross\s+ton\w*)`, `gross[\s-]tonnage\s+dues`, `tugs?\s+(per|by\s+the)\s+hour`, `hourly\s+tugs?`,
	`使费指南`, `港口使费(估算)?手册`, `灯塔费|灯标费`,
)

// marginsSaid are words of a margin of the agent who collects. None may be on
// a charge that the government sets (M-AGENT-NO-MARGIN).
var marginsSaid = anyOf(
	`(代理|代收|代办|代付)[^，。；,;]{0,6}(手续费|服务费|佣金|费)`, `手续费`, `佣金`, `加成`, `加价`, `垫付费`,
	`mark-?\s?up`, `margin`, `commission\s+of\s+\d`, `\d\s*%\s*commission|commission\s+\d+\s*%`, `agency\s+commission`, `agency\s+(fee|charge)`, `handling\s+fee`, `service\s+fee`,
)

// ofTheBank are charges of a bank for a payment: nobody's margin.
var ofTheBank = regexp.MustCompile(`(?i)银行手续费|bank\s+(commission|charges)`)

func anyOf(patterns ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)` + strings.Join(patterns, "|"))
}

// sources: L35.
func (r *lintRow) sources() {
	for _, column := range []string{"note", "legal_basis", "article", "attachment", "basis_zh", "reason_zh", "when_how_paid_zh", "item_en"} {
		text := r.text(column)
		if text == "" {
			continue
		}
		margin := r.item != nil && r.item.Regime == GovernmentSet && claims(ofTheBank.ReplaceAllString(text, ""), marginsSaid)
		if margin || claims(text, deniedSources) {
			r.find(column, "FEE-L35", Reject, "value", clipped(text))
		}
	}
}

package declarations

// Mode is how a declaration is to be cleared (clearance-modes.md §1), as one
// word. Declared in advance (提前申报) is none: nothing on the wire separates
// it, it is a fact of time.
type Mode string

// The modes.
const (
	ModeOrdinary         Mode = "ordinary"          // 一般申报
	ModeTwoStepSummary   Mode = "two_step_summary"  // 两步申报概要申报
	ModeTwoStepFull      Mode = "two_step_full"     // 两步申报完整申报
	ModeCombinedPort     Mode = "combined_port"     // 组合港
	ModeConsolidatedDuty Mode = "consolidated_duty" // 汇总征税
	ModeRecordList       Mode = "record_list"       // 备案清单
	ModeTransit          Mode = "transit"           // 转关
)

// Modes are all modes in the order of their precedence.
var Modes = []Mode{ModeTwoStepSummary, ModeTwoStepFull, ModeCombinedPort, ModeTransit, ModeConsolidatedDuty, ModeRecordList, ModeOrdinary}

// formModes are the forms of Type positions 1-2 that have a mode of their own
// (facts/declaration_types.csv).
var formModes = map[string]Mode{
	"CL": ModeConsolidatedDuty, // 汇总征税报关单
	"EC": ModeConsolidatedDuty, // 低值快速货物汇总征税报关单
	"ML": ModeRecordList,       // 保税区进出境备案清单
	"LY": ModeRecordList,       // 两单一审备案清单
	"SM": ModeRecordList,       // 水运中转保税区备案清单
	"SL": ModeRecordList,       // 水运中转两单一审备案清单
	"MK": ModeRecordList,       // 公路舱单跨境快速通关备案清单
	"AL": ModeRecordList,       // 极简备案清单
	"BL": ModeRecordList,       // 次简备案清单
}

// ModeOf reads the marks of the header. A declaration may carry several (ML5,
// a summary in a combined port): the one that changes its course most wins,
// that is the step, the port, the transit, and last the form.
func ModeOf(d *Declaration) Mode {
	h := &d.Header
	switch {
	case h.FilingStep == "5":
		return ModeTwoStepSummary
	case h.FilingStep == "6":
		return ModeTwoStepFull
	case h.IsCombinedPort:
		return ModeCombinedPort
	case h.TransitRelationCode == "1": // DeclTrnRel 1, 转关提前报关单
		return ModeTransit
	}
	if m, ok := formModes[h.FormType]; ok {
		return m
	}
	return ModeOrdinary
}

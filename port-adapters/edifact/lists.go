package edifact

import (
	"slices"
	"strings"
)

// references are the codes of list 1153 (reference code qualifier) that do not
// begin with A, as UN/CEFACT publishes the list today (read through a public
// copy: secondary). The list only grows, so it serves the older directories
// too. Codes with A fill their range from A to AXS but for a few, and are not
// told apart here.
var references = slices.Sorted(slices.Values(strings.Fields(`
BA BC BD BE BH BM BN BO BR BT BTP BW CAS CAT CAU CAV CAW CAX CAY CAZ CBA CBB CD CEC CED CFE CFF CFO CG CH CK
CKN CM CMR CN CNO CO COF CP CR CRN CS CST CT CU CV CW CZ DA DAN DB DI DL DM DQ DR EA EB ED EE EEP EI EN EQ ER ERN
ET EX FC FF FI FLW FN FO FS FT FV FX GA GC GD GDN GN HS HWB IA IB ICA ICE ICO II IL INB INN INO IP IS IT IV JB
JE LA LAN LAR LB LC LI LO LRC LS MA MB MF MG MH MR MRN MS MSS MWB NA NF OH OI ON OP OR PB PC PD PE PF PI PK PL
POR PP PQ PR PS PW PY RA RC RCN RE REN RF RR RT SA SB SD SE SEA SF SH SI SM SN SP SQ SRN SS STA SW SZ TB TCR TE
TF TI TIN TL TN TP UAR UC UCN UN UO URI VA VC VGR VM VN VON VOR VP VR VS VT VV WE WM WN WR WS WY XA XC XP ZZZ`)))

// referenced are the messages whose references are checked: orders and reports
// about containers. BAPLIE follows the manual of its users, the messages of
// customs and of ship's agents have references of their own countries.
var referenced = []string{"COPARN", "COPRAR", "COARRI", "CODECO", "COPINO", "COREOR", "COHAOR", "COSTOR"}

// lists checks coded values whose list is on file. Codes that partners agreed
// between them are no fault, so a tolerant reader says nothing.
func (c *checker) lists(seg *Segment) {
	if !c.strict || seg.Tag() != "RFF" || !slices.Contains(referenced, c.m.Type) {
		return
	}
	v := seg.Value(1, 1)
	if v == "" || v[0] == 'A' && v <= "AXS" {
		return
	}
	if _, ok := slices.BinarySearch(references, v); !ok {
		c.say(seg, 1, 0, 1, CodeNotInList, "id", "1153", "value", shown(v))
	}
}

// quantities are values that are numbers although directories since D.96 give
// them as an: measures, counts, ranges, temperatures.
var quantities = []string{"6060", "6066", "6152", "6162", "6246", "6314", "7224"}

// mixedMarks reports a full stop and a comma in one number (reading rule 8).
func mixedMarks(text string) bool {
	return strings.IndexByte(text, '.') >= 0 && strings.IndexByte(text, ',') >= 0
}

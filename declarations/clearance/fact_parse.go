package clearance

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kouan/declarations"
	"kouan/declarations/strictjson"
)

// Fault codes of facts.
const (
	CodeFactKind     = "FCT-1001" // kind is missing or none of the table; args: value, known
	CodeFactTime     = "FCT-1002" // occurred_at is missing; args: name
	CodeFactValue    = "FCT-1003" // a value is not of its form; args: name, value, form (a slug)
	CodeFactSubject  = "FCT-1004" // no number from which a declaration can be found
	CodeFactMany     = "FCT-1005" // too many facts, or none; args: limit
	CodeFactWithdraw = "FCT-1006" // withdraws names no fact of this source that still stands; args: id
	CodeFactForm     = "FCT-1007" // a message whose form is not documented; args: type, known
	CodeFactMissing  = "FCT-1008" // a message without an element; args: element
	CodeFactTwice    = "FCT-1009" // two facts of one request carry the same reference; args: value
)

// MaxFacts bounds the facts of one request.
const MaxFacts = 1000

// most is the length of a text in characters; numbers and names in this trade are far shorter.
const most = 200

// ParseJSON reads one fact or an array of facts. Either every fact is right,
// or there are faults and no facts.
func ParseJSON(data []byte) ([]Fact, []declarations.Fault) {
	values, isList, fault := strictjson.Split(data)
	if fault != nil {
		return nil, []declarations.Fault{*fault}
	}
	if len(values) == 0 || len(values) > MaxFacts {
		return nil, []declarations.Fault{reject(CodeFactMany, "", "limit", strconv.Itoa(MaxFacts))}
	}
	facts := make([]Fact, len(values))
	var faults []declarations.Fault
	references := map[string]bool{}
	for i, v := range values {
		at := ""
		if isList {
			at = "[" + strconv.Itoa(i) + "]."
		}
		if f, badTime := strictjson.Read(v, &facts[i]); f != nil {
			if badTime != "" {
				*f = reject(CodeFactValue, f.Path, "name", f.Path, "value", badTime, "reason", "fact_time")
			}
			f.Path = strings.TrimSuffix(at+f.Path, ".")
			faults = append(faults, *f)
			continue
		}
		faults = append(faults, check(&facts[i], at)...)
		if r := facts[i].Reference; r != "" && references[r] {
			faults = append(faults, reject(CodeFactTwice, at+"reference", "value", shown(r)))
		}
		references[facts[i].Reference] = true
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return facts, nil
}

// check judges one fact; at is the place before a member's name.
func check(f *Fact, at string) []declarations.Fault {
	var faults []declarations.Fault
	add := func(code, name string, args ...string) {
		faults = append(faults, reject(code, at+name, args...))
	}
	if f.Withdraws == "" {
		if !isKind(f.Kind) {
			add(CodeFactKind, "kind", "value", shown(string(f.Kind)), "known", knownKinds())
		}
		if f.OccurredAt.IsZero() {
			add(CodeFactTime, "occurred_at", "name", "occurred_at")
		}
		if f.Subject() == "" {
			faults = append(faults, reject(CodeFactSubject, strings.TrimSuffix(at, ".")))
		}
	}
	if y := f.OccurredAt.UTC().Year(); !f.OccurredAt.IsZero() && (y < 1970 || y > 9999) {
		add(CodeFactValue, "occurred_at", "name", "occurred_at", "value", shown(f.OccurredAt.Format(time.RFC3339)), "reason", "fact_time")
	}
	for _, t := range []struct{ name, value string }{
		{"bill_number", f.BillNumber}, {"voyage_number", f.VoyageNumber}, {"vessel_name", f.VesselName}, {"vessel_imo", f.VesselIMO},
		{"container_number", f.ContainerNumber}, {"entry_number", f.EntryNumber}, {"place", f.Place}, {"code", f.Code},
		{"sequence", f.Sequence}, {"note", f.Note}, {"reference", f.Reference}, {"withdraws", f.Withdraws},
	} {
		if utf8.RuneCountInString(t.value) > most || strings.ContainsFunc(t.value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			add(CodeFactValue, t.name, "name", t.name, "value", shown(t.value), "reason", "fact_text")
		}
	}
	if f.Packages != "" && !f.Packages.Fits(9, 0, false) { // PackNo: 9 digits
		add(CodeFactValue, "packages", "name", "packages", "value", shown(string(f.Packages)), "reason", "fact_packages")
	}
	if f.GrossWeightKg != "" && !f.GrossWeightKg.Fits(19, 5, false) { // GrossWet: 19 digits, 5 decimals
		add(CodeFactValue, "gross_weight_kg", "name", "gross_weight_kg", "value", shown(string(f.GrossWeightKg)), "reason", "fact_weight")
	}
	if n := strings.TrimPrefix(plain(f.VesselIMO), "IMO"); f.VesselIMO != "" && !declarations.CheckIMO(n) {
		add(CodeFactValue, "vessel_imo", "name", "vessel_imo", "value", shown(f.VesselIMO), "reason", "fact_imo")
	}
	if f.ContainerNumber != "" && !declarations.CheckContainer(plain(f.ContainerNumber)) {
		add(CodeFactValue, "container_number", "name", "container_number", "value", shown(f.ContainerNumber), "reason", "fact_box")
	}
	return faults
}

func isKind(k Kind) bool {
	return slices.Contains(Kinds, k)
}

func knownKinds() string {
	names := make([]string, len(Kinds))
	for i, k := range Kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

func shown(s string) string { return strictjson.Shown(s) }

func reject(code, path string, pairs ...string) declarations.Fault {
	return strictjson.Reject(code, path, pairs...)
}

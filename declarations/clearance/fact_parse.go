package clearance

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
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
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, []declarations.Fault{reject(declarations.CodeEmpty, "")}
	}
	values, isList, err := split(data)
	if err != nil {
		return nil, []declarations.Fault{syntax(data, err)}
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
		if err := json.Unmarshal(v, &facts[i], json.RejectUnknownMembers(true)); err != nil {
			faults = append(faults, member(err, at))
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

// split takes the body apart into one value or the elements of an array.
func split(data []byte) (values []jsontext.Value, isList bool, err error) {
	whole := jsontext.Value(data)
	if !whole.IsValid() {
		// find out where: a decoder says it
		d := jsontext.NewDecoder(bytes.NewReader(data))
		for {
			if _, err := d.ReadToken(); err != nil {
				return nil, false, err
			}
		}
	}
	if whole.Kind() != '[' {
		return []jsontext.Value{whole}, false, nil
	}
	err = json.Unmarshal(data, &values)
	return values, true, err
}

func syntax(data []byte, err error) declarations.Fault {
	f := reject(declarations.CodeJSONSyntax, "", "reason", "json_syntax")
	if errors.Is(err, io.ErrUnexpectedEOF) {
		f.Args["reason"] = "json_ends_early"
	}
	var s *jsontext.SyntacticError
	if errors.As(err, &s) {
		head := data[:min(int(s.ByteOffset), len(data))]
		f.Line = 1 + bytes.Count(head, []byte("\n"))
		f.Column = 1 + utf8.RuneCount(head[bytes.LastIndexByte(head, '\n')+1:])
		f.Path = strings.TrimPrefix(strings.ReplaceAll(string(s.JSONPointer), "/", "."), ".")
		if errors.Is(err, jsontext.ErrDuplicateName) {
			name := shown(f.Path[strings.LastIndexByte(f.Path, '.')+1:])
			f.Code, f.Args = declarations.CodeDuplicateKey, map[string]string{"name": name}
		}
	}
	return f
}

// member is the fault of a member that is unknown or of another type.
func member(err error, at string) declarations.Fault {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		name := strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", ".")
		if errors.Is(semantic, json.ErrUnknownName) {
			return reject(declarations.CodeUnknownMember, at+shown(name), "name", shown(name))
		}
		if name == "occurred_at" {
			return reject(CodeFactValue, at+name, "name", name, "value", shown(strings.Trim(string(semantic.JSONValue), `"`)), "reason", "fact_time")
		}
		if name == "" {
			return reject(declarations.CodeWrongType, strings.TrimSuffix(at, "."), "want", "object", "got", kindOf(semantic.JSONKind))
		}
		want := "string"
		if name == "estimated" {
			want = "boolean"
		}
		return reject(declarations.CodeWrongType, at+name, "want", want, "got", kindOf(semantic.JSONKind))
	}
	return reject(declarations.CodeWrongType, at, "want", "object", "got", "string")
}

func kindOf(k jsontext.Kind) string {
	switch k {
	case '"':
		return "string"
	case '0':
		return "number"
	case 't', 'f':
		return "boolean"
	case '[':
		return "array"
	case 'n':
		return "null"
	}
	return "object"
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
	if n := strings.TrimPrefix(plain(f.VesselIMO), "IMO"); f.VesselIMO != "" && !validIMO(n) {
		add(CodeFactValue, "vessel_imo", "name", "vessel_imo", "value", shown(f.VesselIMO), "reason", "fact_imo")
	}
	if f.ContainerNumber != "" && !declarations.CheckContainer(plain(f.ContainerNumber)) {
		add(CodeFactValue, "container_number", "name", "container_number", "value", shown(f.ContainerNumber), "reason", "fact_box")
	}
	return faults
}

// validIMO checks the seventh digit of an IMO number: Σ digit × (7 … 2) mod 10.
func validIMO(n string) bool {
	if len(n) != 7 {
		return false
	}
	sum := 0
	for i := range 7 {
		c := n[i]
		if c < '0' || c > '9' {
			return false
		}
		if i < 6 {
			sum += int(c-'0') * (7 - i)
		}
	}
	return byte(sum%10) == n[6]-'0'
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

// shown bounds what is repeated of a caller's own words.
func shown(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func reject(code, path string, pairs ...string) declarations.Fault {
	f := declarations.Fault{Code: code, Severity: declarations.Reject, Path: path}
	for i := 0; i+1 < len(pairs); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[pairs[i]] = pairs[i+1]
	}
	return f
}

package intake

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
)

// maxFaults bounds what is said about one document.
const maxFaults = 200

// explain goes through a document that the decoder refused and collects all
// its faults: each unknown or repeated member, each value of another type,
// and at last the place where it stops being JSON.
func explain(places *jsonPlaces, data []byte, refusal error) []declarations.Fault {
	e := explainer{places: places, data: data, d: decoder(data), members: map[reflect.Type]map[string]reflect.Type{}}
	if err := e.object(reflect.TypeFor[declarations.Declaration](), ""); err != nil {
		e.syntax(err)
	}
	if len(e.faults) == 0 {
		e.decoderRefusal(refusal)
	}
	return e.faults
}

type explainer struct {
	places  *jsonPlaces
	data    []byte
	d       *jsontext.Decoder
	members map[reflect.Type]map[string]reflect.Type
	faults  []declarations.Fault
}

// errEnough ends the walk when the bound of faults is reached.
var errEnough = errors.New("enough faults")

func (e *explainer) begin() int { return begin(e.data, int(e.d.InputOffset())) }

func (e *explainer) fault(code, path string, at int, args ...string) error {
	e.faults = append(e.faults, e.places.fault(code, path, at, args...))
	if len(e.faults) == maxFaults {
		return errEnough
	}
	return nil
}

// syntax is the fault of the place where the decoder cannot go on.
func (e *explainer) syntax(err error) {
	if errors.Is(err, errEnough) {
		return
	}
	at := int(e.d.InputOffset())
	var s *jsontext.SyntacticError
	if errors.As(err, &s) {
		at = int(s.ByteOffset)
	}
	e.faults = append(e.faults, e.places.fault(declarations.CodeJSONSyntax, dotted(e.d), at, syntaxReason(err)...))
}

// decoderRefusal repeats the decoder's own fault: what this walk lets pass and
// the decoder does not, such as half a surrogate pair.
func (e *explainer) decoderRefusal(refusal error) {
	var syntactic *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(refusal, &syntactic):
		at := int(syntactic.ByteOffset)
		e.faults = append(e.faults, e.places.fault(declarations.CodeJSONSyntax, e.places.pathAt(at), at, syntaxReason(refusal)...))
	case errors.As(refusal, &semantic):
		at := begin(e.data, int(semantic.ByteOffset))
		e.faults = append(e.faults, e.places.fault(declarations.CodeWrongType, e.places.pathAt(at), at,
			append(gotKind(semantic.JSONKind), "want", "field_type")...))
	default:
		e.faults = append(e.faults, e.places.fault(declarations.CodeJSONSyntax, "", 0, syntaxReason(refusal)...))
	}
}

// value reads the next value against a type of the declaration.
func (e *explainer) value(t reflect.Type, path string) error {
	kind := e.d.PeekKind()
	switch {
	case kind == 0:
		_, err := e.d.ReadToken() // its error says what is wrong
		return err
	case t == decimalType:
		return e.scalar(path, kind == '"' || kind == '0', "want", "string_or_number")
	case kind == 'n':
		return e.d.SkipValue() // null is an absent value
	case t == namesType:
		return e.names(path)
	case t == commaType || t == semicolonType:
		return e.list(reflect.TypeFor[string](), path)
	case t.Kind() == reflect.Struct:
		return e.object(t, path)
	case t.Kind() == reflect.Slice:
		return e.list(t.Elem(), path)
	case t.Kind() == reflect.Bool:
		return e.scalar(path, kind == 't' || kind == 'f', "want", "boolean")
	}
	return e.scalar(path, kind == '"', "want", "string")
}

var (
	decimalType   = reflect.TypeFor[declarations.Decimal]()
	namesType     = reflect.TypeFor[declarations.SpecialBusiness]()
	commaType     = reflect.TypeFor[declarations.CommaList]()
	semicolonType = reflect.TypeFor[declarations.SemicolonList]()
)

func (e *explainer) scalar(path string, fits bool, want ...string) error {
	if !fits {
		return e.wrongType(path, want...)
	}
	return e.d.SkipValue()
}

func (e *explainer) wrongType(path string, want ...string) error {
	at, got := e.begin(), gotKind(e.d.PeekKind())
	if err := e.d.SkipValue(); err != nil {
		return err
	}
	return e.fault(declarations.CodeWrongType, path, at, append(want, got...)...)
}

func (e *explainer) object(t reflect.Type, path string) error {
	if e.d.PeekKind() != '{' {
		return e.wrongType(path, "want", "object")
	}
	if _, err := e.d.ReadToken(); err != nil {
		return err
	}
	members := e.membersOf(t)
	seen := map[string]bool{}
	for e.d.PeekKind() != '}' {
		at := e.begin()
		token, err := e.d.ReadToken()
		if err != nil {
			return err
		}
		if token.Kind() != '"' {
			return nil
		}
		name := token.String()
		member, known := members[name]
		place := path + "." + clip(name)
		if path == "" {
			place = clip(name)
		}
		switch {
		case seen[name]:
			err = errors.Join(e.d.SkipValue(), e.fault(declarations.CodeDuplicateKey, place, at, "name", clip(name)))
		case !known:
			err = errors.Join(e.d.SkipValue(), e.fault(declarations.CodeUnknownMember, place, at, "name", clip(name)))
		default:
			err = e.value(member, place)
		}
		if err != nil {
			return err
		}
		seen[name] = true
	}
	_, err := e.d.ReadToken()
	return err
}

func (e *explainer) list(element reflect.Type, path string) error {
	if e.d.PeekKind() != '[' {
		return e.wrongType(path, "want", "array")
	}
	if _, err := e.d.ReadToken(); err != nil {
		return err
	}
	for i := 0; e.d.PeekKind() != ']'; i++ {
		if err := e.value(element, path+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	_, err := e.d.ReadToken()
	return err
}

// names reads the list of special business names and asks the type itself for its vocabulary.
func (e *explainer) names(path string) error {
	if e.d.PeekKind() != '[' {
		return e.wrongType(path, "want", "array")
	}
	at := e.begin()
	value, err := e.d.ReadValue()
	if err != nil {
		return err
	}
	var flags declarations.SpecialBusiness
	var unknown *declarations.UnknownNameError
	switch err := json.Unmarshal(value, &flags); {
	case errors.As(err, &unknown):
		return e.fault(declarations.CodeWrongType, path, at,
			"want", "one_of", "known", strings.Join(unknown.Known, ", "), "got", "value", "value", clip(unknown.Name))
	case err != nil:
		return e.fault(declarations.CodeWrongType, path, at, "want", "strings", "got", "array")
	}
	return nil
}

// membersOf lists the members of an object by the tags of its type.
func (e *explainer) membersOf(t reflect.Type) map[string]reflect.Type {
	if m, ok := e.members[t]; ok {
		return m
	}
	m := make(map[string]reflect.Type, t.NumField())
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		m[name] = field.Type
	}
	e.members[t] = m
	return m
}

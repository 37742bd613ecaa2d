// Package strictjson reads the JSON bodies of reports and orders: one object
// or an array of them, no member unknown, none twice.
//
// Contract: Split takes a body apart, Read fills one value; what is wrong is a
// fault with the place, never an error of the decoder. Paths are those of the
// caller's document: boxes[0].seals. The package does not know what the
// members mean and holds no limit but that of Shown.
package strictjson

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
)

// Split takes a body apart into one value or the elements of an array.
func Split(data []byte) (values []jsontext.Value, isList bool, fault *declarations.Fault) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, false, &declarations.Fault{Code: declarations.CodeEmpty, Severity: declarations.Reject}
	}
	whole := jsontext.Value(data)
	if !whole.IsValid() {
		return nil, false, syntax(data, why(data))
	}
	if whole.Kind() != '[' {
		return []jsontext.Value{whole}, false, nil
	}
	if err := json.Unmarshal(data, &values); err != nil {
		return nil, true, syntax(data, err)
	}
	return values, true, nil
}

// why finds the error of a body that is not valid: a decoder says it.
func why(data []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.ReadToken(); err != nil {
			return err
		}
	}
}

func syntax(data []byte, err error) *declarations.Fault {
	f := &declarations.Fault{Code: declarations.CodeJSONSyntax, Severity: declarations.Reject, Args: map[string]string{"reason": "json_syntax"}}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		f.Args["reason"] = "json_ends_early"
	}
	var s *jsontext.SyntacticError
	if errors.As(err, &s) {
		head := data[:min(int(s.ByteOffset), len(data))]
		f.Line = 1 + bytes.Count(head, []byte("\n"))
		f.Column = 1 + utf8.RuneCount(head[bytes.LastIndexByte(head, '\n')+1:])
		f.Path = Path(s.JSONPointer)
		if errors.Is(err, jsontext.ErrDuplicateName) {
			f.Code, f.Args = declarations.CodeDuplicateKey, map[string]string{"name": Shown(s.JSONPointer.LastToken())}
		}
	}
	return f
}

// Path is a JSON pointer in the form of faults: /boxes/0/seals is boxes[0].seals.
func Path(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if _, err := strconv.ParseUint(token, 10, 32); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(Shown(token))
	}
	return b.String()
}

// Read fills one value. What does not fit is DEC-1002 or DEC-1004; a text that
// is no time comes back in badTime, for which the caller has a code of its own.
func Read(value jsontext.Value, into any) (fault *declarations.Fault, badTime string) {
	err := json.Unmarshal(value, into, json.RejectUnknownMembers(true))
	if err == nil {
		return nil, ""
	}
	f := &declarations.Fault{Code: declarations.CodeWrongType, Severity: declarations.Reject, Args: map[string]string{"want": "object", "got": kind(value.Kind())}}
	var s *json.SemanticError
	if !errors.As(err, &s) {
		return f, ""
	}
	f.Path = Path(s.JSONPointer)
	name := Shown(s.JSONPointer.LastToken())
	if errors.Is(s, json.ErrUnknownName) {
		f.Code, f.Args = declarations.CodeUnknownMember, map[string]string{"name": name}
		return f, ""
	}
	got, text := tokenAt(value, s.JSONPointer)
	f.Args["got"] = kind(got)
	if s.GoType != nil {
		f.Args["want"] = wanted(s.GoType)
	}
	if s.GoType == reflect.TypeFor[time.Time]() && got == '"' {
		return f, cmp.Or(Shown(text), " ") // an empty text is no time either
	}
	return f, ""
}

// tokenAt is the kind of the value at a place, and its text when it is one.
func tokenAt(value jsontext.Value, at jsontext.Pointer) (jsontext.Kind, string) {
	d := jsontext.NewDecoder(bytes.NewReader(value))
	for {
		t, err := d.ReadToken()
		if err != nil {
			return value.Kind(), ""
		}
		in, read := d.StackIndex(d.StackDepth())
		isName := in == '{' && read%2 == 1
		if d.StackPointer() == at && !isName {
			if t.Kind() == '"' {
				return t.Kind(), t.String()
			}
			return t.Kind(), ""
		}
	}
}

func kind(k jsontext.Kind) string {
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

// wanted is the kind of JSON value that a type is written as.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64:
		return "number"
	case reflect.Slice:
		return "array"
	case reflect.Struct:
		if t != reflect.TypeFor[time.Time]() {
			return "object"
		}
	}
	if t == reflect.TypeFor[declarations.Decimal]() {
		return "string_or_number"
	}
	return "string"
}

// Shown bounds what is repeated of a caller's own words.
func Shown(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// Reject is a fault with its arguments in pairs of name and value.
func Reject(code, path string, pairs ...string) declarations.Fault {
	f := declarations.Fault{Code: code, Severity: declarations.Reject, Path: path}
	for i := 0; i+1 < len(pairs); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[pairs[i]] = pairs[i+1]
	}
	return f
}

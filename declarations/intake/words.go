package intake

import (
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// The arguments reason, unit, want and got are slugs; their words are in i18n,
// with the arguments that stand beside them here. What a decoder says in
// English goes nowhere.

// syntaxReason sorts an error of the decoder into the few mistakes that an
// author can be told to correct.
func syntaxReason(err error) []string {
	var s *jsontext.SyntacticError
	detail := ""
	if errors.As(err, &s) && s.Err != nil {
		detail = s.Err.Error()
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return []string{"reason", "json_ends_early"}
	case errors.Is(err, jsontext.ErrNonStringName):
		return []string{"reason", "json_member_name"}
	case strings.Contains(detail, "surrogate"):
		return []string{"reason", "half_surrogate"}
	case strings.Contains(detail, " in string"):
		return []string{"reason", "json_string"}
	}
	return []string{"reason", "json_syntax"}
}

// gotKind names the kind of a value that stands where another is wanted.
func gotKind(kind jsontext.Kind) []string {
	switch kind {
	case '{':
		return []string{"got", "object"}
	case '[':
		return []string{"got", "array"}
	case '"':
		return []string{"got", "string"}
	case '0':
		return []string{"got", "number"}
	case 't', 'f':
		return []string{"got", "boolean"}
	case 'n':
		return []string{"got", "null"}
	}
	return []string{"got", "other_kind"}
}

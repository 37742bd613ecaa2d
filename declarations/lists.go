package declarations

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// CommaList is a list that the message writes in one field with half-width
// commas; in JSON it is an array of strings.
type CommaList string

// SemicolonList is the same with half-width semicolons.
type SemicolonList string

// MarshalJSONTo writes the parts as an array.
func (l CommaList) MarshalJSONTo(enc *jsontext.Encoder) error {
	return marshalList(enc, string(l), ",")
}

// UnmarshalJSONFrom joins an array of strings.
func (l *CommaList) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	s, err := unmarshalList(dec, ",")
	*l = CommaList(s)
	return err
}

// MarshalJSONTo writes the parts as an array.
func (l SemicolonList) MarshalJSONTo(enc *jsontext.Encoder) error {
	return marshalList(enc, string(l), ";")
}

// UnmarshalJSONFrom joins an array of strings.
func (l *SemicolonList) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	s, err := unmarshalList(dec, ";")
	*l = SemicolonList(s)
	return err
}

func marshalList(enc *jsontext.Encoder, s, sep string) error {
	if s == "" {
		return json.MarshalEncode(enc, []string{})
	}
	return json.MarshalEncode(enc, strings.Split(s, sep))
}

func unmarshalList(dec *jsontext.Decoder, sep string) (string, error) {
	var parts []string
	if err := json.UnmarshalDecode(dec, &parts); err != nil {
		return "", err
	}
	return strings.Join(parts, sep), nil
}

// SpecialBusiness is SpecDeclFlag (特种业务标识): seven positions, 1 set. In
// JSON it is the list of the names that are set. What seven zeros and ones
// cannot say (another length, another character) follows as it was read, so
// that nothing is lost: ["transit", "as_read:0000001X"].
type SpecialBusiness string

var specialBusinessNames = [7]string{
	"international_event", "special_military_goods", "international_aid",
	"international_conference", "direct_release", "diplomatic_courtesy", "transit",
}

// asRead begins the text of a SpecialBusiness that its names do not say.
const asRead = "as_read:"

// MarshalJSONTo writes the names that are set.
func (f SpecialBusiness) MarshalJSONTo(enc *jsontext.Encoder) error {
	names := f.names()
	if said, err := specialBusiness(names); err != nil || said != f {
		names = append(names, asRead+string(f))
	}
	return json.MarshalEncode(enc, names)
}

func (f SpecialBusiness) names() []string {
	names := []string{}
	for i, name := range specialBusinessNames {
		if i < len(f) && f[i] == '1' {
			names = append(names, name)
		}
	}
	return names
}

// UnmarshalJSONFrom sets the positions named.
func (f *SpecialBusiness) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var names []string
	if err := json.UnmarshalDecode(dec, &names); err != nil {
		return err
	}
	value, err := specialBusiness(names)
	if err != nil {
		return err
	}
	*f = value
	return nil
}

// specialBusiness is the field that a list says. A text as it was read stands
// last, and the names before it must be the ones that it sets.
func specialBusiness(names []string) (SpecialBusiness, error) {
	b := []byte("0000000")
	for n, name := range names {
		if text, is := strings.CutPrefix(name, asRead); is {
			if n < len(names)-1 || !slices.Equal(SpecialBusiness(text).names(), names[:n]) {
				return "", &UnknownNameError{Name: name, Known: specialBusinessNames[:]}
			}
			return SpecialBusiness(text), nil
		}
		i := slices.Index(specialBusinessNames[:], name)
		if i < 0 {
			return "", &UnknownNameError{Name: name, Known: specialBusinessNames[:]}
		}
		b[i] = '1'
	}
	return SpecialBusiness(b), nil
}

// UnknownNameError says that a list holds a word outside its vocabulary.
type UnknownNameError struct {
	Name  string
	Known []string
}

func (e *UnknownNameError) Error() string {
	return "unknown name " + e.Name + ", known: " + strings.Join(e.Known, ", ")
}

package versions

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kouan/declarations"
)

// plan is what there is to compare in a type, in the order of the form. It is
// taken from the types themselves, so a field that is added to them is
// compared without a word here.
type plan struct{ parts []part }

type partKind uint8

const (
	isText  partKind = iota
	isFlag           // bool: true, or empty
	isNames          // map of text
	isGroup
	isList
)

type part struct {
	name  string // in the canonical form
	index int    // of the field
	kind  partKind
	sub   *plan // of a group, or of a row

	// Of a list: keys are fields that say which row it is; number is the field
	// that counts the rows (-1: none), rest the row without it.
	keys       []int
	number     int
	numberName string
	rest       *plan
}

// keysOf names the fields that say which row it is; rows of other lists have
// nothing but their place.
var keysOf = map[reflect.Type][]string{
	reflect.TypeFor[declarations.Container](): {"number"},
	reflect.TypeFor[declarations.Document]():  {"type_code", "number"},
	reflect.TypeFor[declarations.Extension](): {"path"},
}

// numberOf names the field that counts the rows.
var numberOf = map[reflect.Type]string{reflect.TypeFor[declarations.Item](): "line_number"}

var planOf = sync.OnceValue(func() *plan { return newPlan(reflect.TypeFor[declarations.Declaration]()) })

func newPlan(t reflect.Type) *plan {
	p := &plan{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		made := part{name: name, index: i, number: -1}
		switch f.Type.Kind() {
		case reflect.String:
		case reflect.Bool:
			made.kind = isFlag
		case reflect.Map:
			made.kind = isNames
		case reflect.Struct:
			made.kind, made.sub = isGroup, newPlan(f.Type)
		case reflect.Slice:
			made.list(f.Type.Elem())
		default:
			panic("versions: no comparison for " + f.Type.String() + " of " + t.String() + "." + f.Name)
		}
		p.parts = append(p.parts, made)
	}
	return p
}

func (p *part) list(row reflect.Type) {
	p.kind, p.sub = isList, newPlan(row)
	for i := range p.sub.parts {
		field := &p.sub.parts[i]
		if slices.Contains(keysOf[row], field.name) {
			p.keys = append(p.keys, field.index)
		}
		if field.name == numberOf[row] {
			p.number, p.numberName = field.index, field.name
			p.rest = &plan{parts: slices.Delete(slices.Clone(p.sub.parts), i, i+1)}
		}
	}
}

// text is a value as it is shown; the empty text is an absent value.
func (p *part) text(v reflect.Value) string {
	switch p.kind {
	case isFlag:
		if v.Bool() {
			return "true"
		}
		return ""
	case isNames:
		if v.Len() == 0 {
			return ""
		}
		return row(v)
	}
	return v.String()
}

// same compares everything below a group or row.
func same(p *plan, a, b reflect.Value) bool {
	for i := range p.parts {
		part := &p.parts[i]
		x, y := a.Field(part.index), b.Field(part.index)
		switch part.kind {
		case isText:
			if x.String() != y.String() {
				return false
			}
		case isGroup:
			if !same(part.sub, x, y) {
				return false
			}
		case isList:
			if !sameRows(part.sub, x, y) {
				return false
			}
		default:
			if part.text(x) != part.text(y) {
				return false
			}
		}
	}
	return true
}

func sameRows(p *plan, a, b reflect.Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	for i := range a.Len() {
		if !same(p, a.Index(i), b.Index(i)) {
			return false
		}
	}
	return true
}

// alike counts the values that two rows share, and those in which they
// contradict each other. A value that only one of them has says neither: a
// full declaration has many that its summary had not.
func alike(p *plan, a, b reflect.Value) (shared, against int) {
	for i := range p.parts {
		part := &p.parts[i]
		x, y := a.Field(part.index), b.Field(part.index)
		switch part.kind {
		case isGroup:
			s, n := alike(part.sub, x, y)
			shared, against = shared+s, against+n
		case isList:
			switch {
			case x.Len() == 0 || y.Len() == 0:
			case sameRows(part.sub, x, y):
				shared++
			default:
				against++
			}
		default:
			before, after := part.text(x), part.text(y)
			switch {
			case before == "" || after == "":
			case before == after:
				shared++
			default:
				against++
			}
		}
	}
	return shared, against
}

// numbered tells that the rows of a list count 1, 2, 3 without a gap, so that
// their numbers say nothing but their place.
func numbered(p *part, rows reflect.Value) bool {
	if p.number < 0 {
		return false
	}
	for i := range rows.Len() {
		if rows.Index(i).Field(p.number).String() != strconv.Itoa(i+1) {
			return false
		}
	}
	return true
}

// Paths lists the canonical path of every value, rows without their numbers
// (items[].hs_code), in the order of the form.
func Paths() []string {
	var out []string
	var walk func(prefix string, p *plan)
	walk = func(prefix string, p *plan) {
		for i := range p.parts {
			part := &p.parts[i]
			path := join(prefix, part.name)
			switch part.kind {
			case isGroup:
				walk(path, part.sub)
			case isList:
				walk(path+"[]", part.sub)
			default:
				out = append(out, path)
			}
		}
	}
	walk("", planOf())
	return out
}

// sortedKeys is used where a map must give the same order every time.
func sortedKeys[V any](m map[int]V) []int { return slices.Sorted(maps.Keys(m)) }

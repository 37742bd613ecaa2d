package versions

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
)

// Apply makes the changes of a difference to a document and returns the new
// one; a is not changed. It fails on a path that leads nowhere and on a row
// that is none.
func Apply(a *declarations.Declaration, changes []Change) (*declarations.Declaration, error) {
	top := &change{}
	for i := range changes {
		c := &changes[i]
		if err := top.add(steps(c.Path), c); err != nil {
			return nil, fmt.Errorf("apply %s: %w", c.Path, err)
		}
	}
	out := *a
	if err := top.group(planOf(), reflect.ValueOf(&out).Elem()); err != nil {
		return nil, err
	}
	return &out, nil
}

// change is the changes below one place: members by name, rows by number.
type change struct {
	own     *Change // of a value, or a row that is added
	members map[string]*change
	rows    map[int]*change
	removed map[int]bool // rows of the first document
}

// steps makes items, 2, hs_code of items[2].hs_code.
func steps(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

func (n *change) add(path []string, c *Change) error {
	if len(path) == 0 {
		n.own = c
		return nil
	}
	number, err := strconv.Atoi(path[0])
	if err != nil {
		return below(&n.members, path[0]).add(path[1:], c)
	}
	switch {
	case number < 0:
		return fmt.Errorf("no row %d", number)
	case len(path) == 1 && c.Kind == Removed:
		if n.removed == nil {
			n.removed = map[int]bool{}
		}
		n.removed[number] = true
		return nil
	}
	return below(&n.rows, number).add(path[1:], c)
}

func below[K comparable](m *map[K]*change, key K) *change {
	if *m == nil {
		*m = map[K]*change{}
	}
	if (*m)[key] == nil {
		(*m)[key] = &change{}
	}
	return (*m)[key]
}

func (n *change) group(p *plan, v reflect.Value) error {
	done := 0
	for i := range p.parts {
		part := &p.parts[i]
		m := n.members[part.name]
		if m == nil {
			continue
		}
		done++
		if err := m.part(part, v.Field(part.index)); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	if done < len(n.members) {
		return fmt.Errorf("%d of %d members are unknown", len(n.members)-done, len(n.members))
	}
	return nil
}

func (n *change) part(p *part, v reflect.Value) error {
	switch {
	case n.own != nil && (p.kind == isGroup || p.kind == isList):
		return fmt.Errorf("no single value")
	case p.kind == isGroup:
		return n.group(p.sub, v)
	case p.kind == isList:
		return n.list(p, v)
	case n.own == nil:
		return fmt.Errorf("no value")
	case p.kind == isFlag:
		v.SetBool(n.own.New == "true")
	case p.kind == isNames:
		v.SetZero()
		if n.own.New != "" {
			return json.Unmarshal([]byte(n.own.New), v.Addr().Interface())
		}
	default:
		v.SetString(n.own.New)
	}
	return nil
}

// list builds the rows anew: those that stay in their order, with the added
// ones at their places, and then the changes inside each.
func (n *change) list(p *part, v reflect.Value) error {
	renumber := numbered(p, v)
	out := reflect.MakeSlice(v.Type(), 0, v.Len()+len(n.rows))
	for i := range v.Len() {
		if !n.removed[i] {
			out = reflect.Append(out, v.Index(i))
		}
	}
	for _, i := range sortedKeys(n.removed) {
		if i >= v.Len() {
			return fmt.Errorf("no row %d", i)
		}
	}
	added := map[int]bool{}
	for _, j := range sortedKeys(n.rows) {
		if n.rows[j].own == nil {
			continue
		}
		fresh := reflect.New(v.Type().Elem())
		if err := json.Unmarshal([]byte(n.rows[j].own.New), fresh.Interface()); err != nil {
			return fmt.Errorf("row %d: %w", j, err)
		}
		if j > out.Len() {
			return fmt.Errorf("row %d of %d", j, out.Len())
		}
		out = insert(out, j, fresh.Elem())
		added[j] = true
	}
	for j := range out.Len() {
		if renumber && !added[j] {
			out.Index(j).Field(p.number).SetString(strconv.Itoa(j + 1))
		}
	}
	for _, j := range sortedKeys(n.rows) {
		if j >= out.Len() {
			return fmt.Errorf("no row %d", j)
		}
		if err := n.rows[j].group(p.sub, out.Index(j)); err != nil {
			return fmt.Errorf("row %d: %w", j, err)
		}
	}
	if out.Len() == 0 {
		v.SetZero() // as it is read
		return nil
	}
	v.Set(out)
	return nil
}

func insert(rows reflect.Value, at int, row reflect.Value) reflect.Value {
	out := reflect.MakeSlice(rows.Type(), 0, rows.Len()+1)
	out = reflect.AppendSlice(out, rows.Slice(0, at))
	out = reflect.Append(out, row)
	return reflect.AppendSlice(out, rows.Slice(at, rows.Len()))
}

// Has reports whether a difference touches a path, or anything below it.
func Has(changes []Change, path string) bool {
	return slices.ContainsFunc(changes, func(c Change) bool {
		return c.Path == path || strings.HasPrefix(c.Path, path+".") || strings.HasPrefix(c.Path, path+"[")
	})
}

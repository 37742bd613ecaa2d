package declarations

// This file prepares the field tables for judging: every table is sorted once
// into the few fields that each kind of rule looks at, so that a declaration
// of 20 lines does not visit its thousand fields once per rule.

// slot is one field as rules see it.
type slot[T any] struct {
	spec
	value func(*T) string
}

// spec is what rules need to know of a field, whatever group it is in.
type spec struct {
	element, path, exportPath string
	length, decimals          int
	signed                    bool
	need                      Need
}

func (s *spec) pathIn(dir Direction) string {
	if dir == Export && s.exportPath != "" {
		return s.exportPath
	}
	return s.path
}

// subset is a choice of fields.
type subset uint8

const (
	always    subset = iota // may never be empty
	onDeclare               // may not be empty when declaring
	texts                   // limited by length
	numbers                 // plain decimals
	days                    // yyyyMMdd
	subsets
)

// subsetsOf says which rules look at a field.
func subsetsOf[T any](f *Field[T]) []subset {
	var in []subset
	switch f.Need {
	case Always:
		in = append(in, always)
	case OnDeclare:
		in = append(in, onDeclare)
	}
	switch f.Kind {
	case Text:
		in = append(in, texts)
	case Number, Whole:
		in = append(in, numbers)
	case Day:
		in = append(in, days)
	}
	return in
}

type slots[T any] [subsets][]slot[T]

func sorted[T any](fields []Field[T]) *slots[T] {
	var s slots[T]
	for i := range fields {
		for _, in := range subsetsOf(&fields[i]) {
			s[in] = append(s[in], slotOf(&fields[i]))
		}
	}
	return &s
}

func slotOf[T any](f *Field[T]) slot[T] {
	s := slot[T]{
		spec: spec{
			element: f.Element, path: f.Path, exportPath: f.ExportPath,
			length: f.Length, decimals: f.Decimals, signed: f.Signed, need: f.Need,
		},
		value: f.Value,
	}
	if f.At != nil {
		at := f.At
		s.value = func(t *T) string { return *at(t) }
	}
	return s
}

var (
	headSlots       = composed(sorted(HeadFields))
	importItemSlots = sorted(itemFields)
	exportItemSlots = sorted(exportItemFields)
	containerSlots  = sorted(ContainerFields)
	documentSlots   = sorted(DocumentFields)
	originSlots     = sorted(OriginLinkFields)
	attachmentSlots = sorted(AttachmentFields)
	freeTextSlots   = sorted(FreeTextFields)
	signSlots       = sorted(SignFields)
)

// composed gives the two fields that the message composes of several a value
// that need not be composed to be judged for presence and length.
func composed(s *slots[Declaration]) *slots[Declaration] {
	for _, fields := range s {
		for i := range fields {
			switch fields[i].element {
			case "Type": // composed it has 7 characters at most
				fields[i].value = func(d *Declaration) string { return d.Header.TypeAsRead }
			case "PromiseItmes":
				fields[i].value = promisesForJudging
			}
		}
	}
	return s
}

// promisesForJudging is all five price statements when one of them is longer
// than a statement can be, else the first that is there.
func promisesForJudging(d *Declaration) string {
	if d.Valuation.PromisesAsRead != "" {
		return d.Valuation.PromisesAsRead
	}
	first, long := "", false
	for _, p := range promises(&d.Valuation) {
		if first == "" {
			first = *p
		}
		long = long || len(*p) > 1
	}
	if long {
		return composePromises(&d.Valuation)
	}
	return first
}

// judge looks at one value of a field and reports what is wrong with it.
type judge func(c *check, f *spec, p at, v string)

// each shows judge every field of a subset, in the order of the message.
func (c *check) each(s subset, j judge) {
	d := c.d
	visit(c, headSlots[s], d, at{}, j)
	items := importItemSlots
	if d.IsExport() {
		items = exportItemSlots
	}
	for i := range d.Items {
		visit(c, items[s], &d.Items[i], at{"items", i}, j)
	}
	for i := range d.Containers {
		visit(c, containerSlots[s], &d.Containers[i], at{"containers", i}, j)
	}
	for i := range d.Documents {
		visit(c, documentSlots[s], &d.Documents[i], at{"documents", i}, j)
	}
	visit(c, freeTextSlots[s], d, at{}, j)
	visit(c, signSlots[s], d, at{}, j)
	for i := range d.Attachments {
		visit(c, attachmentSlots[s], &d.Attachments[i], at{"attachments", i}, j)
	}
	for i := range d.OriginLinks {
		visit(c, originSlots[s], &d.OriginLinks[i], at{"origin_links", i}, j)
	}
}

func visit[T any](c *check, fields []slot[T], t *T, p at, j judge) {
	for i := range fields {
		j(c, &fields[i].spec, p, fields[i].value(t))
	}
}

// named picks fields of a table by their elements; it panics on a name that
// the table does not have, which the first test of the package shows.
func named[T any](fields []Field[T], elements ...string) []slot[T] {
	var out []slot[T]
	for _, e := range elements {
		n := len(out)
		for i := range fields {
			if fields[i].Element == e {
				out = append(out, slotOf(&fields[i]))
			}
		}
		if len(out) == n {
			panic("no field " + e)
		}
	}
	return out
}

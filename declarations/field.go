package declarations

// Kind is the value space of a field.
type Kind uint8

// Kinds of the interface: S, N, I, D and DT.
const (
	Text      Kind = iota
	Number         // plain decimal, Length digits in all, Decimals of them after the point
	Whole          // integer of at most Length digits
	Day            // yyyyMMdd
	Instant        // yyyyMMddHHmmssff, hundredths of a second
	DashedDay      // yyyy-MM-dd, in the royalty group alone
)

// Need says when a field may not be empty.
type Need uint8

// OnDeclare applies when OperType is C or D; Always whenever its group exists.
const (
	Optional Need = iota
	OnDeclare
	Always
)

// Field is one element of the standard message: its name there, its path in
// the canonical JSON, its limits, and where its value lives in T.
// One table of fields serves reading, writing, checking and the translation
// of places between XML and JSON.
type Field[T any] struct {
	Element    string // name in the message, misspellings included
	Path       string // canonical path, relative to T
	ExportPath string // canonical path on export, when it differs
	Kind       Kind
	Length     int // a non-ASCII character and a line break count as 2
	Decimals   int
	Signed     bool
	Need       Need
	Codes      CodeTable        // of the values; NoTable when they are no codes of a table named here
	At         func(*T) *string // nil when Wire serves
	Wire       *Wire[T]
}

// Wire converts a field whose message form is not its canonical form.
type Wire[T any] struct {
	Get func(*T) string
	Set func(*T, string)
}

// Value is the field's text as the message has it.
func (f *Field[T]) Value(t *T) string {
	if f.Wire != nil {
		return f.Wire.Get(t)
	}
	return *f.At(t)
}

// Set stores the message form of the field.
func (f *Field[T]) Set(t *T, v string) {
	if f.Wire != nil {
		f.Wire.Set(t, v)
		return
	}
	*f.At(t) = v
}

// PathIn is the canonical path of the field in a declaration of direction dir.
func (f *Field[T]) PathIn(dir Direction) string {
	if dir == Export && f.ExportPath != "" {
		return f.ExportPath
	}
	return f.Path
}

// ItemFields is DecList in writing order for a direction. On export the
// element OriginCountry holds the country of final destination and
// DestinationCountry the country of origin (interface text); the swap is
// made here and nowhere else.
func ItemFields(dir Direction) []Field[Item] {
	if dir == Export {
		return exportItemFields
	}
	return itemFields
}

var exportItemFields = swapCountries(itemFields)

func swapCountries(in []Field[Item]) []Field[Item] {
	out := append([]Field[Item](nil), in...)
	var origin, destination int
	for i := range in {
		switch in[i].Element {
		case "OriginCountry":
			origin = i
		case "DestinationCountry":
			destination = i
		}
	}
	out[origin].At, out[destination].At = in[destination].At, in[origin].At
	out[origin].Path, out[destination].Path = in[destination].Path, in[origin].Path
	return out
}

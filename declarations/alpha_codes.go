package declarations

import "kouan/declarations/codes"

// CodeTable names the code table that the values of a field come from. Only
// those are named that had other codes before August 2018 (decmessage.md §3.6).
type CodeTable uint8

// Countries and currencies had three digits (142, 502) and have ISO letters now.
const (
	NoTable CodeTable = iota
	Countries
	Currencies
)

var tableNames = map[CodeTable]string{Countries: "countries", Currencies: "currencies"}

// UseAlphaCodes puts the letters of ISO in place of the old customs digits in
// every country and currency of the declaration: 142 is CHN where a country
// stands and CNY where a currency does. A value that the tables do not know
// stays as it was read: a rule judges it.
func (d *Declaration) UseAlphaCodes(set *codes.Set) {
	useAlpha(set, codedOfDeclaration, d)
	useAlphaIn(set, codedOfItem, d.Items)
	useAlphaIn(set, codedOfSupplement, d.Supplements)
}

// The fields with such codes; no other group has any.
var (
	codedOfDeclaration = append(coded(HeadFields), append(coded(TaxReturnFields), coded(RoyaltyFields)...)...)
	codedOfItem        = coded(itemFields)
	codedOfSupplement  = coded(SupplementFields)
)

// codedField is a field whose values are codes.
type codedField[T any] struct {
	table string
	at    func(*T) *string
}

func coded[T any](fields []Field[T]) []codedField[T] {
	var out []codedField[T]
	for i := range fields {
		if f := &fields[i]; f.Codes != NoTable {
			out = append(out, codedField[T]{tableNames[f.Codes], f.At})
		}
	}
	return out
}

func useAlphaIn[T any](set *codes.Set, fields []codedField[T], list []T) {
	for i := range list {
		useAlpha(set, fields, &list[i])
	}
}

func useAlpha[T any](set *codes.Set, fields []codedField[T], t *T) {
	for i := range fields {
		v := fields[i].at(t)
		if len(*v) != 3 || !digits(*v) {
			continue
		}
		table := set.Table(fields[i].table)
		if table == nil {
			continue
		}
		// 999 and 436 have no letters: they stay.
		if e, ok := table.FindBy("old_numeric", *v); ok && e.Code != "" {
			*v = e.Code
		}
	}
}

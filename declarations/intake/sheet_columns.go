package intake

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kouan/declarations"
)

//go:embed labels.csv
var labelsCSV string

// Labels are the names of a column in the two languages of the template.
type Labels struct{ Zh, En string }

// column is one column that a sheet may have. Exactly one of set, item, nth
// and itemNth is there: a value of the header, of a goods line, or of one row of
// a small group, of the declaration or of a goods line, whose values stand in
// one cell with semicolons between them.
type column struct {
	path     string   // canonical, items[].hs_code; empty when only the message names it
	covers   []string // further canonical paths whose value this column holds
	element  string   // in the message
	labels   Labels
	example  string
	kind     declarations.Kind
	length   int
	decimals int
	signed   bool
	need     declarations.Need
	text     bool // see isText
	fixed    bool // see isFixedCode
	raw      bool // positions: blanks are data
	set      func(*declarations.Declaration, string)
	get      func(*declarations.Declaration) string // of set
	item     func(declarations.Direction, *declarations.Item) *string
	list     string
	nth      func(*declarations.Declaration, int) *string
	count    func(*declarations.Declaration) int // rows of the list
	itemNth  func(*declarations.Item, int) *string
	itemRows func(*declarations.Item) int
	grouped  bool // of a group that need not be there; its element names it only with the group
}

func (c *column) isList() bool { return c.nth != nil || c.itemNth != nil }

const referencePath = "declaration.client_reference"

// sheetColumns is every column, and how it is found by a name.
type sheetColumns struct {
	all    []*column
	byName map[string]*column // names as headerKey makes them
	byPath map[string]*column
}

// columnsOfSheets is made of the field tables, so that a sheet has the fields
// that the message has; labels.csv names them.
var columnsOfSheets = sync.OnceValue(func() *sheetColumns {
	s := &sheetColumns{byName: map[string]*column{}, byPath: map[string]*column{}}
	fields := headerColumns()
	fields = append(fields, itemColumns()...)
	fields = append(fields, listColumns("containers", declarations.ContainerFields, func(d *declarations.Declaration) *[]declarations.Container { return &d.Containers })...)
	fields = append(fields, listColumns("documents", declarations.DocumentFields, func(d *declarations.Declaration) *[]declarations.Document { return &d.Documents })...)
	fields = append(fields, listColumns("origin_links", declarations.OriginLinkFields, func(d *declarations.Declaration) *[]declarations.OriginLink { return &d.OriginLinks })...)
	fields = append(fields, listColumns("attachments", declarations.AttachmentFields, func(d *declarations.Declaration) *[]declarations.Attachment { return &d.Attachments })...)
	fields = append(fields, listColumns("other_packages", declarations.OtherPackageFields, func(d *declarations.Declaration) *[]declarations.OtherPackage { return &d.OtherPackages })...)
	fields = append(fields, groupColumns()...)
	for _, c := range fields {
		c.text = c.isText()
		c.fixed = c.isFixedCode()
		s.byPath[c.key()] = c
	}
	s.label()
	return s
})

// key is the path, or the element of a column that has no path of its own.
func (c *column) key() string {
	if c.path == "" {
		return c.element
	}
	return c.path
}

// label gives each column its names, in the order of labels.csv, which is the
// order of the template. A name that two columns claim belongs to the first;
// the labels themselves are unique.
func (s *sheetColumns) label() {
	rows, err := csv.NewReader(strings.NewReader(labelsCSV)).ReadAll()
	if err != nil {
		panic("intake: labels.csv: " + err.Error())
	}
	type claim struct {
		name string
		c    *column
	}
	var later []claim
	for _, row := range rows[1:] {
		c := s.byPath[row[0]]
		if c == nil {
			panic("intake: labels.csv names no column: " + row[0])
		}
		c.labels, c.example = Labels{Zh: row[1], En: row[2]}, row[4]
		s.all = append(s.all, c)
		for _, name := range []string{row[1], row[2], row[0]} {
			if k := headerKey(name); s.byName[k] == nil {
				s.byName[k] = c
			}
		}
		later = append(later, claim{row[3], c})
		if !c.grouped {
			later = append(later, claim{c.element, c})
		}
	}
	for _, l := range later {
		if k := headerKey(l.name); k != "" && s.byName[k] == nil {
			s.byName[k] = l.c
		}
	}
	for _, c := range s.all {
		for _, path := range c.covers {
			if s.byPath[path] == nil {
				s.byPath[path] = c
			}
		}
	}
}

// headerKey is a header as it is compared: compatibility forms folded, in
// lower case, without blanks; a star marks what must be filled and is no part of it.
func headerKey(name string) string {
	folded := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(name))
	return strings.Trim(folded, "*")
}

// headerColumns are DecHead, DecFreeTxt and DecSign. Fields whose message
// form joins several values have a column for the whole, as the message has
// it, and one for each value.
func headerColumns() []*column {
	var out []*column
	for _, table := range [][]declarations.Field[declarations.Declaration]{declarations.HeadFields, declarations.FreeTextFields, declarations.SignFields} {
		for i := range table {
			f := &table[i]
			c := columnOf(f, f.Path)
			c.set, c.get = f.Set, f.Value
			switch f.Element {
			case "Type":
				c.path, c.covers, c.raw = "declaration.type_as_read", []string{"declaration.form_type", "declaration.filing_step", "declaration.is_combined_port"}, true
			case "PromiseItmes":
				c.path, c.covers = "valuation.promises_as_read", []string{"valuation.special_relationship", "valuation.price_influenced",
					"valuation.royalties_paid", "valuation.formula_pricing", "valuation.provisional_price"}
			case "TradeCountry":
				c.path, c.covers = "", []string{f.Path, f.ExportPath}
			}
			out = append(out, c)
		}
	}
	return append(out, partColumns()...)
}

func columnOf[T any](f *declarations.Field[T], path string) *column {
	return &column{path: path, element: f.Element, kind: f.Kind, length: f.Length, decimals: f.Decimals, signed: f.Signed, need: f.Need}
}

// partColumns are the single values of fields that the message joins.
func partColumns() []*column {
	part := func(path string, length int, at func(*declarations.Declaration) *string) *column {
		return &column{path: path, length: length, set: func(d *declarations.Declaration, v string) { *at(d) = v },
			get: func(d *declarations.Declaration) string { return *at(d) }}
	}
	return []*column{
		part("declaration.form_type", 2, func(d *declarations.Declaration) *string { return &d.Header.FormType }),
		part("declaration.filing_step", 1, func(d *declarations.Declaration) *string { return &d.Header.FilingStep }),
		{path: "declaration.is_combined_port", length: 1, set: func(d *declarations.Declaration, v string) { d.Header.IsCombinedPort = v == "1" || v == "Z" },
			get: combinedPort},
		part("valuation.special_relationship", 1, func(d *declarations.Declaration) *string { return &d.Valuation.SpecialRelationship }),
		part("valuation.price_influenced", 1, func(d *declarations.Declaration) *string { return &d.Valuation.PriceInfluenced }),
		part("valuation.royalties_paid", 1, func(d *declarations.Declaration) *string { return &d.Valuation.RoyaltiesPaid }),
		part("valuation.formula_pricing", 1, func(d *declarations.Declaration) *string { return &d.Valuation.FormulaPricing }),
		part("valuation.provisional_price", 1, func(d *declarations.Declaration) *string { return &d.Valuation.ProvisionalPrice }),
		part("transport.country_of_dispatch", 3, func(d *declarations.Declaration) *string { return &d.Transport.CountryOfDispatch }),
		part("transport.country_of_destination", 3, func(d *declarations.Declaration) *string { return &d.Transport.CountryOfDestination }),
	}
}

func combinedPort(d *declarations.Declaration) string {
	if d.Header.IsCombinedPort {
		return "1"
	}
	return ""
}

// itemColumns are DecList. The two countries mean what they say; under the
// names of their elements they are what the message has there, which on
// export is the other one.
func itemColumns() []*column {
	var out []*column
	table := declarations.ItemFields(declarations.Import)
	for i := range table {
		f := &table[i]
		c := columnOf(f, "items[]."+f.Path)
		c.item = func(_ declarations.Direction, r *declarations.Item) *string { return f.At(r) }
		out = append(out, c)
		if f.Element != "OriginCountry" && f.Element != "DestinationCountry" {
			continue
		}
		c.element = ""
		named := columnOf(f, "")
		named.covers = []string{"items[].country_of_origin", "items[].country_of_destination"}
		named.item = func(dir declarations.Direction, r *declarations.Item) *string {
			return declarations.ItemFields(dir)[i].At(r)
		}
		out = append(out, named)
	}
	return out
}

func listColumns[T any](list string, table []declarations.Field[T], rows func(*declarations.Declaration) *[]T) []*column {
	var out []*column
	for i := range table {
		f := &table[i]
		c := columnOf(f, list+"[]."+f.Path)
		c.list = list
		c.count = func(d *declarations.Declaration) int { return len(*rows(d)) }
		c.nth = func(d *declarations.Declaration, n int) *string {
			all := rows(d)
			for len(*all) <= n {
				*all = append(*all, *new(T))
			}
			return f.At(&(*all)[n])
		}
		out = append(out, c)
	}
	return out
}

// isText reports a field for people: names, remarks, descriptions. Their
// full-width characters are meant so; in codes, numbers and dates they are a
// slip of the keyboard.
func (c *column) isText() bool {
	if c.kind != declarations.Text {
		return false
	}
	name := c.path[strings.LastIndexByte(c.path, '.')+1:]
	switch name {
	case "currency", "lcl_flag", "value", "time", "phone", "valid_until", "production_dates", "trade_direction", "hs_code", "type_as_read",
		"promises_as_read", "item_numbers", "size_bytes", "is_combined_port", "filing_step", "form_type", "client_reference", "",
		"code", "originals", "copies", "writeoff_quantity", "date":
		return false
	}
	for _, end := range []string{"_code", "_codes", "_number", "number", "_flag", "_flags", "_country", "_id", "_kind", "_type", "_date", "_office", "_at",
		"country_of_dispatch", "country_of_destination", "country_of_origin", "relationship", "influenced", "_paid", "_pricing", "_price", "_numbers", "_requested"} {
		if strings.HasSuffix(name, end) && name != "batch_numbers" {
			return false
		}
	}
	return true
}

// isFixedCode reports a code that always has all its characters, so that a
// shorter number in its place has lost the zeros in front of it.
func (c *column) isFixedCode() bool {
	switch c.path {
	case "items[].hs_code", "royalty.document_flags":
		return true
	case "items[].purpose_code", "items[].licences[].type_code", "items[].licences[].line_number", "authorisations[].type_code":
		return false // shorter ones are in use
	}
	return !c.isText() && c.kind == declarations.Text && c.length <= 5 && c.length > 0
}

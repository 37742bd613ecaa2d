package tariffs

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

//go:embed tables/*.csv
var tables embed.FS

// Catalogue is a set of rows as they were known at one moment. It does not
// change; publishing makes another one.
type Catalogue struct {
	Version     string // Digest of the rows: a quote that names it can be made again
	Items       []Item
	Rates       []Rate
	Modifiers   []Modifier
	Instruments []Instrument
	Roundings   []Rounding
	Terminals   []Terminal
	Channels    []Channel
	Dues        []Dues
	Special     SpecialFee

	items     map[string]*Item
	rates     map[string][]*Rate // by item
	bodies    []Body
	days      []Day          // on which something begins or has ended, in order
	published map[string]Day // by code of a row
	records   []Record
}

// SpecialFee is the special port fee (船舶特别港务费): rates and states over
// instants, and the questions that decide.
type SpecialFee struct {
	Rates      []SpecialRow
	States     []SpecialRow // applied, suspended, unknown
	Scope      []SpecialRow
	Exemptions []SpecialRow
	Limits     []SpecialRow
}

// SpecialRow is one row of it; From and To are half open, zero is open.
type SpecialRow struct {
	ID             string
	Version        int
	From, To       time.Time
	Amount         *decimal.Decimal
	TextEN, TextZH string
	Instrument     string
	Word           Word
	Note           string
}

func (r *SpecialRow) holds(at time.Time) bool {
	return (r.From.IsZero() || !at.Before(r.From)) && (r.To.IsZero() || at.Before(r.To))
}

// BuiltIn is the catalogue that the project carries.
var BuiltIn = sync.OnceValue(func() *Catalogue {
	dir, err := fs.Sub(tables, "tables")
	if err == nil {
		var c *Catalogue
		if c, err = Load(dir); err == nil {
			return c
		}
	}
	panic("built-in tariff tables: " + err.Error()) // a mistake of this package
})

// Load reads a folder of tables. Errors are *RowError for what stands in them.
func Load(dir fs.FS) (*Catalogue, error) {
	c := &Catalogue{}
	for _, f := range c.files() {
		name := f.kind + ".csv"
		body, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		if err := readTableWith(name, bytes.NewReader(body), f.columns, f.extra, func(t *table) {
			f.row(t)
			c.keep(f.kind, t)
		}); err != nil {
			return nil, err
		}
	}
	c.Version = Digest(c.records)
	return c, c.index()
}

// Item finds a charge by its code; nil when there is none.
func (c *Catalogue) Item(code string) *Item { return c.items[code] }

// RatesOf are the cells of an item, those of all times.
func (c *Catalogue) RatesOf(item string) []*Rate { return c.rates[item] }

// Terminal finds a terminal by its code; nil when there is none.
func (c *Catalogue) Terminal(code string) *Terminal {
	i := slices.IndexFunc(c.Terminals, func(t Terminal) bool { return t.Code == code })
	if i < 0 {
		return nil
	}
	return &c.Terminals[i]
}

// Instrument finds a legal text by its id; nil when there is none.
func (c *Catalogue) Instrument(id string) *Instrument {
	i := slices.IndexFunc(c.Instruments, func(n Instrument) bool { return n.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Instruments[i]
}

// Modifier finds a modifier by its id; nil when there is none.
func (c *Catalogue) Modifier(id string) *Modifier {
	i := slices.IndexFunc(c.Modifiers, func(m Modifier) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Modifiers[i]
}

// ReferenceError is a row that points to one that is not there, or stands twice.
type ReferenceError struct {
	Kind, Key, Column string
	Value             string
}

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("%s %s: %s %q is not there, or stands twice", e.Kind, e.Key, e.Column, e.Value)
}

// index builds what rows are found by, and refuses rows that point to nothing.
func (c *Catalogue) index() error {
	c.items, c.rates = make(map[string]*Item, len(c.Items)), map[string][]*Rate{}
	for i := range c.Items {
		if c.items[c.Items[i].Code] != nil {
			return &ReferenceError{"items", c.Items[i].Code, "code", c.Items[i].Code}
		}
		c.items[c.Items[i].Code] = &c.Items[i]
	}
	for i := range c.Items {
		if p := c.Items[i].Parent; p != "" && c.items[p] == nil {
			return &ReferenceError{"items", c.Items[i].Code, "parent", p}
		}
	}
	ids := map[string]bool{}
	for i := range c.Rates {
		r := &c.Rates[i]
		switch {
		case c.items[r.Item] == nil:
			return &ReferenceError{"rates", r.ID, "item", r.Item}
		case r.Instrument != "" && c.Instrument(r.Instrument) == nil:
			return &ReferenceError{"rates", r.ID, "instrument", r.Instrument}
		case ids[r.ID]:
			return &ReferenceError{"rates", r.ID, "rate_id", r.ID}
		}
		ids[r.ID] = true
		c.rates[r.Item] = append(c.rates[r.Item], r)
	}
	c.bodies = c.listBodies()
	for i := range c.Modifiers {
		for _, item := range c.Modifiers[i].Items {
			if item != "*" && c.items[item] == nil {
				return &ReferenceError{"modifiers", c.Modifiers[i].ID, "item", item}
			}
		}
	}
	c.days = c.allTurns()
	return nil
}

package tariffs

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// SheetRate is a row of a price list as a row of the table of rates: Cells by
// the columns of that table, without the key, which the catalogue gives.
type SheetRate struct {
	Line  int
	Cells map[string]string
}

// sameName are the columns that a price list and the table of rates share.
var sameName = columns("component,schedule_kind,trade,cargo_class,container_size,load_state,direction,ship_type,loa_from,loa_to,nt_from,nt_to,distance_from_nm,distance_to_nm,amount,currency,unit,valid_from,valid_to,verification,note,collector_zh,payer_zh,basis_zh,reason_zh,when_how_paid_zh,article,published_at,urgent,complaint_channel,attachment,authority_zh")

// SheetRates puts the rows of a price list that Lint lets through into the
// form of the table of rates. What stands in the list and has no place in a
// row is found, so that nothing is lost in silence: a name or a regime that is
// not the catalogue's, an amount that says neither exact nor at most. A price
// of which Lint warns that nothing on file bears it is unverified, whatever the
// list calls it; what is called official without its document is refused (§1).
func SheetRates(c *Catalogue, s *Sheet) ([]SheetRate, []Finding) {
	if IsList(s.Columns) { // its rows are of several tables: see ReadBack
		return nil, nil
	}
	l := newLint(c)
	if !l.heading(s.Columns) {
		return nil, l.findings
	}
	prices := newLint(c)
	prices.at = l.at
	out := make([]SheetRate, 0, len(s.Rows))
	for _, row := range s.Rows {
		r := lintRow{lint: l, SheetRow: row, item: c.items[row.cell(l.at["item_code"])]}
		if r.item == nil {
			continue // Lint says so
		}
		if name := r.text("item_zh"); name != "" && name != r.item.NameZH {
			r.find("item_zh", "FEE-1101", Warn, "value", clipped(name), "name", r.item.NameZH)
		}
		if regime := r.text("regime"); regime != string(r.item.Regime) {
			r.find("regime", "FEE-1102", Reject, "value", clipped(regime), "known", string(r.item.Regime))
		}
		kind := r.text("amount_kind")
		if kind != "exact" && kind != "at_most" {
			r.find("amount_kind", CodeChoice, Reject, "value", clipped(kind), "known", "exact, at_most")
		}
		cells := r.cells(kind)
		if p := (lintRow{lint: prices, SheetRow: row, item: r.item}); p.limitUnknown() && !Word(cells["verification"]).Plain() {
			cells["verification"] = string(Unverified)
		}
		out = append(out, SheetRate{row.Line, cells})
	}
	return out, l.findings
}

func (r *SheetRow) cell(i int) string {
	if i >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[i])
}

func (r *lintRow) cells(kind string) map[string]string {
	cells := map[string]string{"place": homePort, "item": r.item.Code, "ceiling": strconv.FormatBool(kind == "at_most")}
	for _, column := range sameName {
		if text := r.text(column); text != "" {
			cells[column] = text
		}
	}
	if basis := r.text("legal_basis"); basis != "" {
		if n := r.c.Cited(basis); n != nil {
			cells["instrument"] = n.ID
		} else { // a list of an operator names its own decision
			cells["legal_basis"] = basis
		}
	}
	return cells
}

// cellColumns are what makes two rates the same cell of the list, but for when
// they hold and who collects.
var cellColumns = columns("place,item,component,schedule_kind,trade,cargo_class,container_size,load_state,direction,ship_type,loa_from,loa_to,nt_from,nt_to,distance_from_nm,distance_to_nm")

// CellOf is the natural key of a rate without its days and its collector.
func CellOf(cells map[string]string) string {
	var b strings.Builder
	for _, column := range cellColumns {
		b.WriteString(strconv.Quote(plainBound(column, cells[column])))
	}
	return b.String()
}

// plainBound writes a bound of a band in one way: 220.0 is 220.
func plainBound(column, s string) string {
	if !strings.HasSuffix(column, "_from") && !strings.HasSuffix(column, "_to") && !strings.HasSuffix(column, "_nm") {
		return s
	}
	if m, ok := ParseMeasure(s); ok {
		return m.String()
	}
	return s
}

// NewRateID is the key of a rate that is new: the same for the same cell,
// collector and first day, whoever enters it.
func NewRateID(cells map[string]string) string {
	sum := sha256.Sum256([]byte(CellOf(cells) + strconv.Quote(cells["collector_zh"]) + strconv.Quote(cells["valid_from"])))
	return strings.Join(slices.DeleteFunc([]string{cells["item"], cells["component"], hex.EncodeToString(sum[:5])}, func(s string) bool { return s == "" }), "-")
}

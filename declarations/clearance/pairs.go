package clearance

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
)

// Pair is two ports that act as one customs port (组合港, 一港通). Which exist
// is local; no pair of the Bohai ports was published, so an operator writes
// the table and it is empty by default. Offices are customs codes of four
// digits; sites are the codes or names by which terminals report their gates.
type Pair struct {
	Feeder     string                 `json:"feeder"` // office of the river or feeder port
	Hub        string                 `json:"hub"`
	FeederSite string                 `json:"feeder_site,omitzero"`
	HubSite    string                 `json:"hub_site,omitzero"`
	Direction  declarations.Direction `json:"direction"`
	ValidFrom  Day                    `json:"valid_from"`
	ValidTo    Day                    `json:"valid_to,omitzero"` // last day; empty: until further notice
	Source     string                 `json:"source,omitzero"`   // where the operator has it from
}

// Pairs is the table.
type Pairs []Pair

// pairColumns are the columns of the CSV form, in any order.
var pairColumns = []string{"feeder", "hub", "feeder_site", "hub_site", "direction", "valid_from", "valid_to", "source"}

// LoadPairs reads an operator's table, a JSON array or CSV with a header,
// strictly: an unknown column or member is an error, and all that Validate finds.
func LoadPairs(data []byte) (Pairs, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var p Pairs
	var err error
	if t := bytes.TrimSpace(data); len(t) > 0 && t[0] == '[' {
		err = json.Unmarshal(t, &p, json.RejectUnknownMembers(true))
	} else {
		p, err = pairsCSV(data)
	}
	if err != nil {
		return nil, fmt.Errorf("read table of combined ports: %w", err)
	}
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("table of combined ports: %w", err)
	}
	return p, nil
}

func pairsCSV(data []byte) (Pairs, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	for _, name := range rows[0] {
		if !slices.Contains(pairColumns, name) {
			return nil, fmt.Errorf("unknown column %q", name)
		}
	}
	p := make(Pairs, 0, len(rows)-1)
	for _, row := range rows[1:] {
		v := map[string]string{}
		for i, name := range rows[0] {
			v[name] = strings.TrimSpace(row[i])
		}
		p = append(p, Pair{Feeder: v["feeder"], Hub: v["hub"], FeederSite: v["feeder_site"], HubSite: v["hub_site"],
			Direction: declarations.Direction(v["direction"]), ValidFrom: Day(v["valid_from"]), ValidTo: Day(v["valid_to"]), Source: v["source"]})
	}
	return p, nil
}

// Validate names every problem: offices that are not four digits or the same,
// no direction, days that are no days, a pair twice for one day.
func (p Pairs) Validate() error {
	var problems []error
	for i := range p {
		r := &p[i]
		add := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("pair %d: "+format, append([]any{i + 1}, args...)...))
		}
		for _, office := range []string{r.Feeder, r.Hub} {
			if len(office) != 4 || strings.Trim(office, "0123456789") != "" {
				add("office %q is not four digits", office)
			}
		}
		if r.Feeder == r.Hub {
			add("feeder and hub are the same")
		}
		if r.Direction != declarations.Import && r.Direction != declarations.Export {
			add("direction %q is neither import nor export", r.Direction)
		}
		if r.ValidFrom.Add(0) == "" {
			add("valid_from %q is no day", r.ValidFrom)
		}
		if r.ValidTo != "" && (r.ValidTo.Add(0) == "" || r.ValidTo < r.ValidFrom) {
			add("valid_to %q is no day, or before valid_from", r.ValidTo)
		}
		for j := range i {
			o := &p[j]
			if o.same(r.Feeder, r.Hub, r.Direction) && (o.ValidTo == "" || o.ValidTo >= r.ValidFrom) && (r.ValidTo == "" || r.ValidTo >= o.ValidFrom) {
				add("overlaps pair %d", j+1)
			}
		}
	}
	return errors.Join(problems...)
}

func (r *Pair) same(feeder, hub string, direction declarations.Direction) bool {
	return r.Feeder == feeder && r.Hub == hub && r.Direction == direction
}

// find is the pair of two offices, in whichever fields they stand, on a day.
func (p Pairs) find(one, other string, direction declarations.Direction, day Day) *Pair {
	for i := range p {
		r := &p[i]
		if (r.same(one, other, direction) || r.same(other, one, direction)) && day >= r.ValidFrom && (r.ValidTo == "" || day <= r.ValidTo) {
			return r
		}
	}
	return nil
}

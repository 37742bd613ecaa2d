package tariffs

import (
	"slices"
	"time"
)

// Boxes are alike containers.
type Boxes struct {
	Count     int    `json:"count"`
	Size      string `json:"size"`                 // 20, 40, 45
	State     string `json:"state"`                // laden, empty, folded
	Direction string `json:"direction"`            // import, export, transit
	Class     string `json:"cargo_class,omitzero"` // general (the default), class1_dangerous_or_reefer
	Rule45    string `json:"rule_45,omitzero"`     // as_40, volume: how a size outside the list is charged
	Yard      *Yard  `json:"yard,omitzero"`
}

// Rules45 are the two rules that compete for 45 ft (R-BOX-VOLUME).
var Rules45 = []string{"as_40", "volume"}

// Volumes45 are the inner volumes in cubic metres by which boxes of 45 ft are
// charged under the one rule: no size of box has one on file.
type Volumes45 struct {
	Box    string `json:"inner_volume_m3,omitzero"`
	Listed string `json:"inner_volume_40_m3,omitzero"` // of the 40 ft box that it is compared with
}

// Cargo is cargo that is not in boxes, charged by the tonne or by the cubic
// metre: one of the two, a plain decimal.
type Cargo struct {
	Class     string `json:"cargo_class,omitzero"` // see CargoClasses
	Direction string `json:"direction"`            // import, export, transit
	Tonnes    string `json:"tonnes,omitzero"`
	Cubic     string `json:"cubic_metres,omitzero"`
	Yard      *Yard  `json:"yard,omitzero"`
}

// Yard is how long something lies in the yard. Free time is by agreement of
// the parties: nil is not stated.
type Yard struct {
	From     time.Time `json:"from,omitzero"`
	To       time.Time `json:"to,omitzero"`
	FreeDays *int      `json:"free_days,omitzero"`
}

// CargoClasses are the classes of cargo that is not in boxes, as the rows of
// the dues on cargo name them.
func (c *Catalogue) CargoClasses() []string {
	var out []string
	for _, r := range c.rates["CARGO_DUES"] {
		if r.ContainerSize == "" && (r.Unit == tonne || r.Unit == cubicMetre) && r.CargoClass != "" && !slices.Contains(out, r.CargoClass) {
			out = append(out, r.CargoClass)
		}
	}
	slices.Sort(out)
	return out
}

// UNECE Recommendation 20.
const (
	tonne      = "TNE"
	cubicMetre = "MTQ"
)

// What a box may be, and which way cargo goes: a call is asked by these words,
// and a price list chooses its cells by them.
var (
	boxSizes   = []string{"20", "40", "45"}
	loadStates = []string{"laden", "empty", "folded"}
	directions = []string{"import", "export", "transit"}
)

func (b *Boxes) check(at string) []InputFault {
	var out []InputFault
	for _, f := range []struct {
		field, value string
		allowed      []string
	}{
		{"size", b.Size, boxSizes}, {"state", b.State, loadStates},
		{"direction", b.Direction, directions}, {"cargo_class", b.Class, []string{"", general, dangerousOrReefer}},
		{"rule_45", b.Rule45, append([]string{""}, Rules45...)},
	} {
		if !slices.Contains(f.allowed, f.value) {
			out = append(out, chosen(at+f.field, f.value, f.allowed))
		}
	}
	if b.Count <= 0 || b.Count > mostBoxes {
		out = append(out, InputFault{Path: at + "count", Reason: "negative"})
	}
	return append(out, b.Yard.check(at+"yard.")...)
}

func (v *Volumes45) check(at string) []InputFault {
	return append(quantity(at+"inner_volume_m3", v.Box, mostVolume), quantity(at+"inner_volume_40_m3", v.Listed, mostVolume)...)
}

func (c *Cargo) check(at string, classes []string) []InputFault {
	var out []InputFault
	if c.Class != "" && !slices.Contains(classes, c.Class) {
		out = append(out, chosen(at+"cargo_class", c.Class, classes))
	}
	if !slices.Contains(directions, c.Direction) {
		out = append(out, chosen(at+"direction", c.Direction, directions))
	}
	out = append(out, quantity(at+"tonnes", c.Tonnes, mostCargo)...)
	out = append(out, quantity(at+"cubic_metres", c.Cubic, mostCargo)...)
	if c.Tonnes != "" && c.Cubic != "" {
		// That the higher of the two counts is recalled only (R-WM-HIGHER).
		out = append(out, InputFault{Path: at + "cubic_metres", Reason: "two_quantities", Value: c.Cubic})
	}
	return append(out, c.Yard.check(at+"yard.")...)
}

// quantity finds one that cannot be charged: no plain number, none at all, or
// more than any call has.
func quantity(path, value string, most Measure) []InputFault {
	if m, ok := ParseMeasure(value); value == "" || ok && m > 0 && m <= most {
		return nil
	}
	return []InputFault{{Path: path, Reason: "quantity", Value: value, Limit: most.String()}}
}

func (y *Yard) check(at string) []InputFault {
	if y == nil {
		return nil
	}
	var out []InputFault
	if !y.From.IsZero() && !y.To.IsZero() && (y.To.Before(y.From) || y.To.Sub(y.From) > longestStay) {
		out = append(out, InputFault{Path: at + "to", Reason: "order"})
	}
	if y.FreeDays != nil && (*y.FreeDays < 0 || *y.FreeDays > mostFreeDays) {
		out = append(out, InputFault{Path: at + "free_days", Reason: "negative"})
	}
	return out
}

// Bounds that no call reaches; they keep arithmetic and answers small.
const (
	mostCargo    = 10_000_000 * thousandths // tonnes or cubic metres
	mostVolume   = 1_000 * thousandths      // cubic metres in a box
	mostFreeDays = 3660
)

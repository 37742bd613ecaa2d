package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/tariffs"
	"kouan/tariffs/boxcost"
	"kouan/tariffs/services"
)

// CodeNoBox says that no cost is published for such a box; args: value, known.
const CodeNoBox = "FEE-1316"

// FeeBoxCost is what one box costs, month by month, by the rows of an edition
// and the services that third parties offer now.
type FeeBoxCost struct {
	Edition   int
	Catalogue *tariffs.Catalogue
	Services  []PublishedService
	Box       boxcost.Box
	Months    []boxcost.Month
}

// firstBoxMonth is where the months begin: the first rows of box charges on
// file hold from 2016-03-01 (MOT-2015-206), and the month before shows that
// nothing is known of earlier times.
const firstBoxMonth tariffs.Day = "2016-02-01"

// FeeBoxNames are the boxes by the names that addresses use: import-20.
func FeeBoxNames() []string {
	names := make([]string, len(boxcost.Boxes))
	for i, b := range boxcost.Boxes {
		names[i] = b.Direction + "-" + b.Size
	}
	return names
}

// FeeBoxCost is the cost of a box (import-20) by an edition; 0 is the one in
// force. It is public.
func (d *Desk) FeeBoxCost(ctx context.Context, box string, edition int) (*FeeBoxCost, error) {
	i := slices.Index(FeeBoxNames(), box)
	if i < 0 {
		return nil, &FaultsError{[]declarations.Fault{strictjson.Reject(CodeNoBox, "box", "value", strictjson.Shown(box), "known", strings.Join(FeeBoxNames(), ", "))}}
	}
	e, err := d.FeeEdition(ctx)
	if edition != 0 && err == nil {
		e, err = d.FeeEditionNumber(ctx, edition)
	}
	if err != nil {
		return nil, err
	}
	list, err := d.FeeServices(ctx)
	if err != nil {
		return nil, err
	}
	out := &FeeBoxCost{Edition: e.Number, Catalogue: e.Catalogue, Services: list, Box: boxcost.Boxes[i]}
	out.Months = d.boxes.months(e.Catalogue, list, out.Box, tariffs.DayOf(d.Clock()))
	return out, nil
}

// boxBook remembers the months of the boxes: they change with the day, the
// edition and the services only, and many readers ask for the same.
type boxBook struct {
	mu   sync.Mutex
	kept map[string][]boxcost.Month
}

// mostBoxMonths bounds the memory: four boxes of some editions.
const mostBoxMonths = 32

func (b *boxBook) months(c *tariffs.Catalogue, list []PublishedService, box boxcost.Box, today tariffs.Day) []boxcost.Month {
	offers, sum := make([]services.Service, len(list)), sha256.New()
	for i := range list {
		offers[i] = list[i].Service
		fmt.Fprintf(sum, "%q %d\n", list[i].Number, list[i].Version)
	}
	key := strings.Join([]string{c.Version, string(today), box.Direction, box.Size, hex.EncodeToString(sum.Sum(nil))}, " ")
	b.mu.Lock()
	months, there := b.kept[key]
	b.mu.Unlock()
	if there {
		return months
	}
	months = boxcost.Of(c, offers, box, firstBoxMonth, today)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept == nil || len(b.kept) >= mostBoxMonths {
		b.kept = map[string][]boxcost.Month{}
	}
	b.kept[key] = months
	return months
}

package wcoxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
)

// Nodes of the boxes: of the shipment, and of a line.
func boxNodes() (consignment place, box, lineBox *Node) {
	consignment = below(Root(), shipment+"Consignment")
	return consignment, consignment.leaf().Child("TransportEquipment"), below(itemNode(), "Commodity/TransportEquipment").leaf()
}

// containerBlock: the boxes of the shipment (WCO 159), and for every line the
// boxes it is in. The form lists the lines of a box, WCO the boxes of a line.
func containerBlock() block[declaration] {
	consignment, box, lineBox := boxNodes()
	id, seq := box.Child("ID"), box.Child("SequenceNumeric")
	lineID, lineSeq := lineBox.Child("ID"), lineBox.Child("SequenceNumeric")
	commodity := below(itemNode(), "Commodity")
	number := below(itemNode(), "SequenceNumeric").leaf()
	inLine := func(item *element) []string {
		c := item.at(commodity)
		if c == nil {
			return nil
		}
		var all []string
		for _, g := range c.all(lineBox) {
			if v := g.word(lineID); v != "" {
				all = append(all, v)
			}
		}
		return all
	}
	boxes := func(e *element) []*element {
		if c := e.at(consignment); c != nil {
			return c.all(box)
		}
		return nil
	}
	read := func(_ *reader, e *element, d *declaration) {
		for _, g := range boxes(e) {
			v := g.word(id)
			if v == "" || slices.ContainsFunc(d.Containers, func(c declarations.Container) bool { return c.Number == v }) {
				continue
			}
			c := declarations.Container{Number: v}
			for _, item := range items(e) {
				if slices.Contains(inLine(item), v) {
					c.ItemNumbers = joined(c.ItemNumbers, item.word(number))
				}
			}
			d.Containers = append(d.Containers, c)
		}
	}
	return block[declaration]{names: []string{"containers[].number", "containers[].item_numbers"}, read: read, write: func(w *writer, e *element, d *declaration) {
		if !w.plain {
			var now declaration
			read(&w.reader, e, &now)
			if len(now.Containers) > 0 && slices.EqualFunc(now.Containers, d.Containers, func(a, b declarations.Container) bool {
				return a.Number == b.Number && a.ItemNumbers == b.ItemNumbers
			}) {
				return
			}
		}
		for _, g := range slices.Clone(boxes(e)) {
			if v := g.word(id); v != "" && !slices.ContainsFunc(d.Containers, func(c declarations.Container) bool { return c.Number == v }) {
				w.lose("containers", g.node.Path(), reasonGone, v)
				e.at(consignment).remove(g)
			}
		}
		written := map[string]bool{}
		for i := range d.Containers {
			c := &d.Containers[i]
			name := declarations.IndexPath("containers", i, "number")
			written[c.Number] = wrong(id, c.Number) == "" && !written[c.Number]
			if !written[c.Number] {
				if c.Number != "" {
					w.lose(name, id.Path(), reasonTooLong, c.Number)
				}
				continue
			}
			if slices.ContainsFunc(boxes(e), func(g *element) bool { return g.word(id) == c.Number }) {
				continue
			}
			g := e.put(consignment).add(box)
			w.set(g.make(seq, 1), name, strconv.Itoa(g.nth))
			w.set(g.make(id, 1), name, c.Number)
		}
		lines := items(e)
		for i, item := range lines {
			var want []string
			line := item.word(number)
			for k := range d.Containers {
				if c := &d.Containers[k]; written[c.Number] && lists(c.ItemNumbers, line) {
					want = append(want, c.Number)
				}
			}
			known := slices.DeleteFunc(inLine(item), func(v string) bool { return !written[v] })
			if sameSet(known, want) || i >= len(d.Items) {
				continue
			}
			c := item.put(commodity)
			for _, g := range slices.Clone(c.all(lineBox)) {
				c.remove(g)
			}
			for _, v := range want {
				g := c.add(lineBox)
				w.set(g.make(lineSeq, 1), "containers", strconv.Itoa(g.nth))
				w.set(g.make(lineID, 1), "containers", v)
			}
			if len(c.children) == 0 {
				item.take(commodity)
			}
		}
		for i := range d.Containers {
			for part := range strings.SplitSeq(d.Containers[i].ItemNumbers, ",") {
				if part != "" && !slices.ContainsFunc(lines, func(item *element) bool { return item.word(number) == part }) {
					w.lose(declarations.IndexPath("containers", i, "item_numbers"), lineID.Path(), reasonNoCode, part)
				}
			}
		}
	}}
}

// items are the lines of a message.
func items(e *element) []*element {
	s := e.find(itemNode().Parent, 1)
	if s == nil {
		return nil
	}
	return s.all(itemNode())
}

func joined(list, part string) string {
	if list == "" || part == "" {
		return list + part
	}
	return list + "," + part
}

func lists(list, part string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one == part {
			return part != ""
		}
	}
	return false
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// additional is the function code of a message that holds only what changes.
const additional = "13"

// derive writes what follows from the rest: the number of lines (WCO 228) and
// whether there are containers (WCO 096). What the message said stays, but for
// a number of lines that is not theirs.
func derive(w *writer, e *element, d *declaration) {
	node := Root().Child("GoodsItemQuantity")
	count := e.make(node, 1)
	lines := strconv.Itoa(len(d.Items))
	said, err := strconv.Atoi(count.text)
	switch {
	case err == nil && (said == len(d.Items) || e.word(Root().Child("FunctionCode")) == additional):
	case count.text != "":
		w.lose("items", node.Path(), reasonStale, count.text)
		fallthrough
	default:
		w.set(count, "items", lines)
	}
	flag := e.put(below(Root(), shipment+"Consignment/ContainerCode"))
	if flag.text == "" {
		text := "0"
		if len(d.Containers) > 0 {
			text = "1"
		}
		w.set(flag, "containers", text)
	}
}

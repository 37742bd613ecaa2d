package declarations

import "strings"

// hasLine reports a goods line of that number. Lines are 1..n as a rule, so
// the place is looked at before a set is made.
func (c *check) hasLine(n int) bool {
	if n >= 1 && n <= len(c.d.Items) {
		if at, ok := whole(string(c.d.Items[n-1].LineNumber)); ok && at == n {
			return true
		}
	}
	if c.lines == nil {
		c.lines = make(map[int]bool, len(c.d.Items))
		for i := range c.d.Items {
			if at, ok := whole(string(c.d.Items[i].LineNumber)); ok {
				c.lines[at] = true
			}
		}
	}
	return c.lines[n]
}

// strayLine is the first part of a list of line numbers (1,3) that names no line.
func (c *check) strayLine(list string) (part string, stray bool) {
	for rest, more := list, true; more; {
		part, rest, more = strings.Cut(rest, ",")
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if n, ok := whole(part); !ok || !c.hasLine(n) {
			return part, true
		}
	}
	return "", false
}

// V050: a container holds lines that there are.
func containerLines(c *check) {
	for i := range c.d.Containers {
		if part, stray := c.strayLine(c.d.Containers[i].ItemNumbers); stray {
			c.fault(IndexPath("containers", i, "item_numbers"), "GoodsNo", "value", shown(part))
			if c.full() {
				return
			}
		}
	}
}

// V059: an attached document belongs to lines that there are.
func attachmentLines(c *check) {
	for i := range c.d.Attachments {
		if part, stray := c.strayLine(c.d.Attachments[i].ItemNumbers); stray {
			c.fault(IndexPath("attachments", i, "item_numbers"), "GNoStr", "value", shown(part))
			if c.full() {
				return
			}
		}
	}
}

// V068: an origin relation names a line that there is; a blank one is V009.
func originLines(c *check) {
	for i := range c.d.OriginLinks {
		v := strings.TrimSpace(c.d.OriginLinks[i].ItemNumber)
		if n, ok := whole(v); v != "" && (!ok || !c.hasLine(n)) {
			c.fault(IndexPath("origin_links", i, "item_number"), "DecGNo", "value", shown(v))
			if c.full() {
				return
			}
		}
	}
}

// V069: a licence of a line names the line that holds it.
func licenceLines(c *check) {
	for i := range c.d.Items {
		r := &c.d.Items[i]
		if len(r.Licences) == 0 {
			continue
		}
		line, numbered := whole(string(r.LineNumber))
		c.enter("items", i)
		for k := range r.Licences {
			v := string(r.Licences[k].ItemNumber)
			if n, ok := whole(v); ok && numbered && n != line {
				c.enter("licences", k)
				c.fault(c.path("item_number"), "GoodsNo", "value", shown(v), "want", number(line))
				c.leave()
			}
		}
		c.leave()
		if c.full() {
			return
		}
	}
}

// V049: container numbers of ISO 6346. Boxes with others exist, so it only warns.
func containerNumbers(c *check) {
	for i := range c.d.Containers {
		if v := c.d.Containers[i].Number; !blank(v) && !CheckContainer(v) {
			c.fault(IndexPath("containers", i, "number"), "ContainerId", "value", shown(v))
			if c.full() {
				return
			}
		}
	}
}

// V051: each container is listed once.
func containerTwice(c *check) {
	if len(c.d.Containers) < 2 {
		return
	}
	seen := make(map[string]bool, len(c.d.Containers))
	for i := range c.d.Containers {
		v := c.d.Containers[i].Number
		if v != "" && seen[v] {
			c.fault(IndexPath("containers", i, "number"), "ContainerId", "value", shown(v))
			if c.full() {
				return
			}
		}
		seen[v] = true
	}
}

// bySea is the mode of transport by water (水路运输).
const bySea = "2"

// V080: carriage by sea that shows marks of containers and lists none: the box
// goes straight to its destination (OrigBoxFlag), a transit names boxes, or a
// container number stands among the shipping marks.
func missingContainers(c *check) {
	d := c.d
	if d.Transport.BorderModeCode != bySea || len(d.Containers) > 0 {
		return
	}
	if d.Transport.OriginalContainerFlag == "1" || len(d.Transit.Containers) > 0 || namesContainer(d.Header.ShippingMarks) {
		c.fault("containers", "DecContainers")
	}
}

// namesContainer finds a container number with a correct check digit in a text.
func namesContainer(text string) bool {
	const size = len("CSQU3054383")
	for i := 0; i+size <= len(text); i++ {
		apart := (i == 0 || !isWord(text[i-1:i])) && (i+size == len(text) || !isWord(text[i+size:i+size+1]))
		if apart && CheckContainer(text[i:i+size]) {
			return true
		}
	}
	return false
}

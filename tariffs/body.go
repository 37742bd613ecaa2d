package tariffs

import (
	"slices"
	"strings"
)

// Body is a charging body (收费主体) as the catalogue knows it: a kind, such as
// the pilot station or a terminal operator. The tables name no company, so
// none is invented here.
type Body struct {
	Code  string // of its address: pilot-station
	Name  string // as the catalogue writes it
	Items []*Item
}

// NoBody is the code of charges that nobody may collect: abolished ones.
const NoBody = "none"

// BodyCode is the code of a collector.
func BodyCode(collector string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(collector), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
}

// Bodies are all charging bodies with what they collect, in the order of the
// catalogue; not the one that stands for abolished charges.
func (c *Catalogue) Bodies() []Body {
	var out []Body
	for i := range c.Items {
		it := &c.Items[i]
		code := BodyCode(it.Collector)
		if code == "" || code == NoBody {
			continue
		}
		at := slices.IndexFunc(out, func(b Body) bool { return b.Code == code })
		if at < 0 {
			at, out = len(out), append(out, Body{Code: code, Name: it.Collector})
		}
		out[at].Items = append(out[at].Items, it)
	}
	return out
}

// Body finds a charging body by its code; nil when the catalogue has none.
func (c *Catalogue) Body(code string) *Body {
	for _, b := range c.Bodies() {
		if b.Code == code {
			return &b
		}
	}
	return nil
}

package tariffs

import (
	"slices"
	"strings"
)

// beside fills in what a row does not say itself and the tables do: when it
// was published, where to complain, which authority is responsible (§3,
// mandatory per row). What no table says stays empty: not on file.
func (c *Catalogue) beside(r *Row, day Day) {
	if r.Published == "" {
		r.Published = string(c.published[r.ID])
	}
	if r.Channel == "" {
		r.Channel = c.channelFor(day)
	}
	if r.Authority == "" {
		r.Authority = c.issuers(r.LegalBasis)
	}
}

// PublishedOn says on which day each row, by its code, was first published as
// it stands. Whoever keeps editions knows; it is called before the catalogue
// is shared.
func (c *Catalogue) PublishedOn(days map[string]Day) { c.published = days }

// channelFor is the line that takes any complaint (channels.csv, "any
// complaint; first choice"); how sure it is, its own row says.
func (c *Catalogue) channelFor(day Day) string {
	i := slices.IndexFunc(c.Channels, func(ch Channel) bool {
		return strings.HasPrefix(ch.UsedFor, "any complaint") && ch.Number != "" && ch.SupersededBy == "" && ch.Valid.Holds(day)
	})
	if i < 0 {
		return ""
	}
	return c.Channels[i].ID
}

// issuing are the authorities that instruments.csv names.
var issuing = []string{"交通运输部", "国家发展改革委", "交通部"}

// Authorities are those that issued a legal text, as its number or its title
// names them; none when neither does. The signs before a number (交水规) are
// not read as a name: no table says whose they are.
func (n *Instrument) Authorities() []string {
	var out []string
	for _, name := range issuing {
		if strings.Contains(n.Number+" "+n.TitleZH, name) {
			out = append(out, name)
		}
	}
	return out
}

// issuers are the authorities of all legal texts of a row, each once.
func (c *Catalogue) issuers(basis string) string {
	var out []string
	for id := range strings.SplitSeq(basis, ";") {
		n := c.Instrument(strings.TrimSpace(id))
		if n == nil {
			continue
		}
		for _, name := range n.Authorities() {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return strings.Join(out, "、")
}

package web

import (
	"strconv"
	"strings"
	"time"

	"kouan/gateway/desk"
	"kouan/i18n"
)

// feeVersion says in the terms of Dublin Core (DCMI Metadata Terms) what the
// page of a charge shows: the charge as it stands, or one edition of it, which
// stays for ever and knows its neighbours.
type feeVersion struct {
	Lang          i18n.Lang
	Issued, Valid string // Valid is a DCMI period
	Links         []feeRelation
}

// feeRelation is another page, by what it is to this one.
type feeRelation struct{ Term, Address string }

// version knows its neighbours from the heads, of which drafts are none.
func (p *feePage) version(v *visit, public string) *feeVersion {
	e := &p.Edition.FeeEditionHead
	path := public + "/" + string(v.lang) + "/fees/" + p.Code
	of := func(number int) string { return path + "/" + strconv.Itoa(number) }
	out := &feeVersion{Lang: v.lang, Issued: string(p.Published()), Valid: p.valid(e)}
	if !p.Permanent {
		out.Links = []feeRelation{{"hasVersion", of(e.Number)}}
		return out
	}
	out.Links = []feeRelation{{"isVersionOf", path}}
	for i := range p.Editions {
		if h := &p.Editions[i]; h.SupersededBy == e.Number {
			out.Links = append(out.Links, feeRelation{"replaces", of(h.Number)})
		}
	}
	if e.SupersededBy != 0 {
		out.Links = append(out.Links, feeRelation{"isReplacedBy", of(e.SupersededBy)})
	}
	return out
}

// valid is when an edition is in force, open as long as nothing is published
// that ends it.
func (p *feePage) valid(e *desk.FeeEditionHead) string {
	var out strings.Builder
	out.WriteString("start=" + e.EffectiveAt.Format(time.RFC3339) + "; ")
	for i := range p.Editions {
		if h := &p.Editions[i]; h.Number == e.SupersededBy {
			out.WriteString("end=" + h.EffectiveAt.Format(time.RFC3339) + "; ")
		}
	}
	return out.String() + "scheme=W3C-DTF;"
}

package tariffs

import (
	"slices"

	"github.com/shopspring/decimal"
)

// inYuan is the variant of rounding to whole yuan, at least one. Sources
// differ on it, so it is off until somebody names it or the table turns it on;
// it then stands beside the fen figure and never in its place (§6).
const inYuan = "R-AMOUNT-YUAN"

func (c *Catalogue) rule(id string) *Rounding {
	i := slices.IndexFunc(c.Roundings, func(r Rounding) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Roundings[i]
}

func (b *builder) showsYuan() bool {
	if slices.Contains(b.call.Enabled, inYuan) {
		return b.c.rule(inYuan) != nil
	}
	r := b.c.rule(inYuan)
	return r != nil && r.Enabled == "yes"
}

// wholeYuan is the line in whole yuan: half-up from the exact figure, not from
// the fen; a line that costs something costs at least one.
func (l *drawn) wholeYuan() {
	if l.Amount == nil || !l.b.showsYuan() {
		return
	}
	yuan := l.rounded(0)
	if l.exact.IsPositive() && yuan.IsZero() {
		yuan = decimal.NewFromInt(1)
	}
	fen, ok := inFen(yuan)
	if !ok {
		return
	}
	l.WholeYuan = &fen
	l.rounding("round_yuan", inYuan, l.shown(), fen.String())
}

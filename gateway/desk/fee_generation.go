package desk

import "context"

// FeeGeneration is a number that changes whenever a public page of the
// catalogue may read otherwise than before: an edition was published or
// withdrawn, or one has come into force. It costs next to nothing, so that
// each request of a page from memory can ask.
func (d *Desk) FeeGeneration(ctx context.Context) (uint64, error) {
	now := d.Clock()
	page, err := d.feePage(ctx, now)
	if err == nil && len(page.heads) == 0 { // the first asker publishes
		if _, err = d.FeeEdition(ctx); err == nil {
			now = d.Clock()
			page, err = d.feePage(ctx, now)
		}
	}
	if err != nil {
		return 0, err
	}
	sum := uint64(14695981039346656037) // FNV-1a over what the heads say of time
	add := func(n int64) {
		sum ^= uint64(n) //nolint:gosec // the bits
		sum *= 1099511628211
	}
	for i := range page.heads {
		e := &page.heads[i]
		if e.PublishedAt == 0 {
			continue // a draft, which is nobody's to read
		}
		for _, n := range []int64{int64(e.Number), e.PublishedAt, e.EffectiveAt, e.WithdrawnAt, int64(e.SupersededBy)} {
			add(n)
		}
		for _, begun := range []bool{e.EffectiveAt <= now.UnixMilli(), e.WithdrawnAt != 0 && e.WithdrawnAt <= now.UnixMilli()} {
			if begun {
				add(1)
			} else {
				add(2)
			}
		}
	}
	return sum, nil
}

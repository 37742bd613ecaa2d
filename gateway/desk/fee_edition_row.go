package desk

import (
	"context"
	"fmt"
	"time"

	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/publication"
)

// FeeRowVersion is one version of a row that was ever published.
type FeeRowVersion struct {
	tariffs.Record
	SHA256       string
	ValidFrom    string
	ValidTo      string
	RecordedAt   time.Time
	Editions     []int // that hold it, of those that were published
	SupersededBy int   // version that took its place; 0: none did
}

// FeeRowVersions are the versions of a row, newest first; those that stand in
// drafts only are left out. store.ErrNotFound when the row was never published.
func (d *Desk) FeeRowVersions(ctx context.Context, kind, key string) ([]FeeRowVersion, error) {
	heads, err := d.FeeEditions(ctx)
	if err != nil {
		return nil, err
	}
	public := map[int]bool{}
	for i := range heads {
		public[heads[i].Number] = true
	}
	holds, err := d.Store.FeeRowHolds(ctx, kind, key)
	if err != nil {
		return nil, err
	}
	editions := map[int][]int{}
	for _, h := range holds {
		if public[h.Edition] {
			editions[h.Version] = append(editions[h.Version], h.Edition)
		}
	}
	rows, err := d.Store.FeeRowVersions(ctx, kind, key)
	if err != nil {
		return nil, err
	}
	var out []FeeRowVersion
	by := map[int]int{}
	for _, r := range rows {
		if editions[r.Version] == nil {
			continue
		}
		out = append(out, FeeRowVersion{Record: tariffs.Record{Kind: r.Kind, Key: r.Key, Version: r.Version, Replaces: r.Replaces, Body: r.Body},
			SHA256: r.SHA256, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, RecordedAt: instant(r.RecordedAt), Editions: editions[r.Version], SupersededBy: by[r.Version]})
		by[r.Replaces] = r.Version
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("row %.32q %.80q: %w", kind, key, store.ErrNotFound)
	}
	return out, nil
}

// FeeDifference is what the second of two published editions has otherwise
// than the first.
func (d *Desk) FeeDifference(ctx context.Context, a, b int) ([]publication.Change, error) {
	return feeDifference(ctx, a, b, d.FeeEditionNumber)
}

// FeeDifferenceDrafted is the same for editions of any state, for the authority.
func (d *Desk) FeeDifferenceDrafted(ctx context.Context, a, b int) ([]publication.Change, error) {
	return feeDifference(ctx, a, b, d.FeeEditionDrafted)
}

func feeDifference(ctx context.Context, a, b int, read func(context.Context, int) (*FeeEdition, error)) ([]publication.Change, error) {
	first, err := read(ctx, a)
	if err != nil {
		return nil, err
	}
	second, err := read(ctx, b)
	if err != nil {
		return nil, err
	}
	return publication.Differ(first.Catalogue.Records(), second.Catalogue.Records()), nil
}

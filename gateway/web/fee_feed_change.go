package web

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/desk"
	"kouan/tariffs"
	"kouan/tariffs/feeds"
)

// feeChanges is the feed of changes: of all, of an item, of a collector.
func (s *server) feeChanges(_ http.Header, w io.Writer, v *visit) error {
	lang, err := feeLang(v)
	if err != nil {
		return err
	}
	q, c := v.URL.Query(), v.edition.Catalogue
	f := feeds.Feed{InForce: v.edition.Number, Lang: lang, Item: q.Get("item"), Collector: q.Get("collector"), Origin: s.Public(), Path: "/fees/changes.atom", Page: 1}
	var faults []declarations.Fault
	if f.Item != "" && c.Item(f.Item) == nil {
		faults = append(faults, strictjson.Reject(codeNoItem, "item", "value", strictjson.Shown(f.Item)))
	}
	collectors := []string{tariffs.NoBody} // of abolished charges
	for _, b := range c.Bodies() {
		collectors = append(collectors, b.Name)
	}
	faults = append(faults, oneOf("collector", f.Collector, collectors...)...)
	if page := q.Get("page"); page != "" {
		if f.Page, err = strconv.Atoi(page); err != nil {
			faults = append(faults, strictjson.Reject(tariffs.CodeNumber, "page", "value", strictjson.Shown(page)))
		}
	}
	if len(faults) > 0 {
		return &desk.FaultsError{Faults: faults}
	}
	if f.Editions, err = s.published(v.Context()); err != nil {
		return err
	}
	has, err := f.Atom(w)
	if err == nil && !has {
		return errNoPage
	}
	return err
}

// published are the editions that were in force at some time, by number.
func (s *server) published(ctx context.Context) ([]feeds.Edition, error) {
	heads, err := s.Desk.FeeEditions(ctx)
	if err != nil {
		return nil, err
	}
	var out []feeds.Edition
	for i := range heads {
		if heads[i].PublishedAt.IsZero() { // a draft
			continue
		}
		e, err := s.Desk.FeeEditionNumber(ctx, heads[i].Number)
		if err != nil {
			return nil, err
		}
		out = append(out, feeds.Edition{Number: e.Number, Catalogue: e.Catalogue, Digest: e.Digest, Published: e.PublishedAt, Effective: e.EffectiveAt, Withdrawn: e.WithdrawnAt})
	}
	slices.SortFunc(out, func(a, b feeds.Edition) int { return a.Number - b.Number })
	return out, nil
}

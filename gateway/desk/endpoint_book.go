package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// endpointBook remembers for a short while where each partner wants to be
// told, because every act of his asks. Changes by this process are seen at
// once, those by others within bookFresh.
type endpointBook struct {
	mu      sync.Mutex
	changes int64 // counts what was forgotten: a read that began before does not count
	pages   map[string]bookPage
}

type bookPage struct {
	kept   []store.Endpoint // disabled ones too
	active []store.Endpoint
	role   auth.Role
	until  time.Time
}

const (
	bookFresh = time.Second
	bookPages = 10_000
)

func (b *endpointBook) look(partner string, now time.Time) (page bookPage, known bool, changes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	page, known = b.pages[partner]
	return page, known && now.Before(page.until), b.changes
}

func (b *endpointBook) keep(partner string, page bookPage, changes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changes != changes {
		return
	}
	if b.pages == nil || len(b.pages) >= bookPages {
		b.pages = map[string]bookPage{}
	}
	b.pages[partner] = page
}

func (b *endpointBook) forget(partner string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changes++
	delete(b.pages, partner)
}

// endpointsOf are the active endpoints of a partner.
func (d *Desk) endpointsOf(ctx context.Context, partner string) ([]store.Endpoint, error) {
	page, err := d.page(ctx, partner)
	return page.active, err
}

func (d *Desk) page(ctx context.Context, partner string) (bookPage, error) {
	now := d.Clock()
	page, fresh, changes := d.book.look(partner, now)
	if fresh {
		return page, nil
	}
	page, err := d.readPage(ctx, partner)
	if err != nil {
		return bookPage{}, err
	}
	page.until = now.Add(bookFresh)
	d.book.keep(partner, page, changes)
	return page, nil
}

// readPage reads what the book does not know.
func (d *Desk) readPage(ctx context.Context, partner string) (bookPage, error) {
	all, err := d.Store.Endpoints(ctx, partner)
	if err != nil {
		return bookPage{}, fmt.Errorf("list endpoints of %s: %w", partner, err)
	}
	var page bookPage
	for i := range all {
		if all[i].State != EndpointDeleted {
			page.kept = append(page.kept, all[i])
		}
		if all[i].State == EndpointActive {
			page.active = append(page.active, all[i])
		}
	}
	if len(page.kept) == 0 {
		return page, nil
	}
	p, err := d.Store.Partner(ctx, partner)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return bookPage{}, fmt.Errorf("read partner %s: %w", partner, err)
	}
	page.role = auth.Role(p.Role)
	return page, nil
}

// EndpointChanges counts the changes to endpoints that this process made: who
// remembers one asks whether it still holds.
func (d *Desk) EndpointChanges() int64 {
	d.book.mu.Lock()
	defer d.book.mu.Unlock()
	return d.book.changes
}

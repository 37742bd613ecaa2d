package app

import (
	"context"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/outbox"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// outcomes is the desk as the outbox sees it; what it records is news for the
// event streams.
type outcomes struct {
	desk *desk.Desk
	news *changes
}

var _ outbox.Desk = outcomes{}

// Delivered records that the channel took a message.
func (o outcomes) Delivered(ctx context.Context, it store.OutboxItem, r portadapters.Receipt) error {
	return o.told(o.desk.Delivered(ctx, it, r))
}

// Deferred puts a message back to wait.
func (o outcomes) Deferred(ctx context.Context, it store.OutboxItem, next time.Time, cause error) error {
	return o.desk.Deferred(ctx, it, next, cause)
}

// Buried makes a message a dead letter.
func (o outcomes) Buried(ctx context.Context, it store.OutboxItem, cause error) error {
	return o.told(o.desk.Buried(ctx, it, cause))
}

func (o outcomes) told(err error) error {
	if err == nil {
		o.news.tell()
	}
	return err
}

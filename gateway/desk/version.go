package desk

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/declarations/versions"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Kinds of versions: how the document came.
const (
	versionDraft      = "draft"
	versionEdit       = "edit"
	versionSubmission = "submission"
	versionAmendment  = "amendment"
	versionCompletion = "completion"
	versionRestored   = "restored" // the full declaration was taken back before it left
	versionExisting   = "existing" // it was there before versions were kept
)

// history is the versions of a declaration, the newest last. A document that
// stood there before versions were kept, or that an older program wrote, is
// counted as a version of its own; unkept is that one.
type history struct {
	all    []store.Version
	unkept []store.Version
}

func (d *Desk) history(ctx context.Context, row *store.Declaration) (*history, error) {
	all, err := d.Store.Versions(ctx, row.Tenant, row.ID)
	if err != nil {
		return nil, fmt.Errorf("read versions: %w", err)
	}
	h := &history{all: all}
	if n := len(all); n == 0 || all[n-1].SHA != row.ContentSHA {
		h.unkept = []store.Version{{Tenant: row.Tenant, DeclarationID: row.ID, Number: n + 1, Kind: versionExisting,
			Actor: row.Tenant, At: row.UpdatedAt, SHA: row.ContentSHA}}
		h.all = append(h.all, h.unkept...)
	}
	return h, nil
}

func (h *history) newest() *store.Version { return &h.all[len(h.all)-1] }

// next is the change's list of versions when a document follows the newest:
// what was not kept, and the one that comes.
func (h *history) next(row *store.Declaration, kind, actor, message, request string) []store.Version {
	return append(h.unkept, versionOf(row, h.newest().Number+1, kind, actor, message, request))
}

func versionOf(row *store.Declaration, number int, kind, actor, message, request string) store.Version {
	return store.Version{Tenant: row.Tenant, DeclarationID: row.ID, Number: number, Kind: kind, Actor: actor,
		At: row.UpdatedAt, SHA: row.ContentSHA, Message: message, Request: request}
}

// Versions lists every document that one of the caller's declarations had.
func (d *Desk) Versions(ctx context.Context, p auth.Principal, id string) ([]store.Version, error) {
	row, err := d.Declaration(ctx, p, id)
	if err != nil {
		return nil, err
	}
	h, err := d.history(ctx, &row)
	if err != nil {
		return nil, err
	}
	return h.all, nil
}

// Version is document n (from 1) in its canonical form.
func (d *Desk) Version(ctx context.Context, p auth.Principal, id string, n int) (store.Version, []byte, error) {
	all, err := d.Versions(ctx, p, id)
	if err != nil {
		return store.Version{}, nil, err
	}
	if n < 1 || n > len(all) {
		return store.Version{}, nil, fmt.Errorf("version %d of %s: %w", n, id, store.ErrNotFound)
	}
	v := all[n-1]
	document, err := d.Store.VersionDocument(ctx, v.Tenant, v.DeclarationID, v.SHA)
	if err != nil {
		return store.Version{}, nil, fmt.Errorf("read version %d: %w", n, err)
	}
	return v, document, nil
}

// Difference is what version b has otherwise than version a; they may be any two.
func (d *Desk) Difference(ctx context.Context, p auth.Principal, id string, a, b int) ([]versions.Change, error) {
	_, before, err := d.Version(ctx, p, id, a)
	if err != nil {
		return nil, err
	}
	_, after, err := d.Version(ctx, p, id, b)
	if err != nil {
		return nil, err
	}
	x, err := stored(before)
	if err != nil {
		return nil, err
	}
	y, err := stored(after)
	if err != nil {
		return nil, err
	}
	return versions.Diff(x, y), nil
}

// stored reads a canonical document that was written here.
func stored(canonical []byte) (*declarations.Declaration, error) {
	row := intake.Read(canonical, intake.JSON)[0]
	if declarations.Rejected(row.Faults) {
		return nil, fmt.Errorf("stored document is not canonical: %s at %s", row.Faults[0].Code, row.Faults[0].Path)
	}
	return &row.Declaration, nil
}

func marshalChanges(changes []versions.Change) []byte {
	b, err := json.Marshal(changes)
	if err != nil { // texts only, of a document that was read
		panic(fmt.Sprintf("marshal changes: %v", err))
	}
	return b
}

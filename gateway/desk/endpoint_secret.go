package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/port-adapters/webhook"
)

// Sealer makes secrets unreadable without a key from outside the database;
// about names what they belong to.
type Sealer interface {
	Seal(plain []byte, about string) ([]byte, error)
	Open(sealed []byte, about string) ([]byte, error)
}

// ErrNoSeal says that secrets cannot be kept or read: the gateway was started
// without its key.
var ErrNoSeal = errors.New("no key for secrets")

// EndpointSecrets are what an endpoint signs or signs in with. In the
// database they are sealed.
type EndpointSecrets struct {
	Signing     []SigningSecret   `json:"signing,omitempty"` // newest first, at most two
	Credentials map[string]string `json:"credentials,omitempty"`
}

// SigningSecret is one secret of a webhook.
type SigningSecret struct {
	Secret string `json:"secret"` // whsec_…
	Made   int64  `json:"made"`
	Until  int64  `json:"until,omitzero"` // when it stops signing; 0: not yet
}

// LogValue keeps secrets out of logs.
func (EndpointSecrets) LogValue() slog.Value { return slog.StringValue("***") }

// LogValue keeps the secret out of logs.
func (SigningSecret) LogValue() slog.Value { return slog.StringValue("***") }

func (d *Desk) newSigning(now int64) (SigningSecret, error) {
	if d.Random == nil {
		return SigningSecret{}, ErrNoSeal
	}
	text, err := webhook.NewSecret(d.Random)
	return SigningSecret{Secret: text, Made: now}, err
}

func aboutEndpoint(id string) string { return "endpoint/" + id }

func (d *Desk) sealSecrets(id string, s *EndpointSecrets) ([]byte, error) {
	if len(s.Signing) == 0 && len(s.Credentials) == 0 {
		return nil, nil
	}
	if d.Seal == nil {
		return nil, ErrNoSeal
	}
	plain, err := json.Marshal(s, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("write secrets of endpoint %s: %w", id, err)
	}
	return d.Seal.Seal(plain, aboutEndpoint(id))
}

// EndpointSecrets opens the secrets of an endpoint, for the wire that uses them.
func (d *Desk) EndpointSecrets(e *store.Endpoint) (EndpointSecrets, error) {
	var s EndpointSecrets
	if len(e.Secrets) == 0 {
		return s, nil
	}
	if d.Seal == nil {
		return s, ErrNoSeal
	}
	plain, err := d.Seal.Open(e.Secrets, aboutEndpoint(e.ID))
	if err != nil {
		return s, fmt.Errorf("open secrets of endpoint %s: %w", e.ID, err)
	}
	if err := json.Unmarshal(plain, &s); err != nil {
		return s, fmt.Errorf("read secrets of endpoint %s: %w", e.ID, errors.New("not readable")) // the error would show them
	}
	return s, nil
}

// MaxOverlap is the longest time for which an old secret may go on signing.
const MaxOverlap = 7 * 24 * time.Hour

// Rotation asks for a new signing secret.
type Rotation struct {
	Overlap        time.Duration // for which the old secret goes on signing; 0: it stops at once
	IdempotencyKey string
	RequestSHA     string
	Render         func(Rotated) Replayed // may be nil when there is no key
}

// Rotated is what a rotation made.
type Rotated struct {
	store.Endpoint
	Secret   string    // the new one, shown this once
	OldUntil time.Time // when the old one stops signing; zero: at once
	Answer   Replayed
	Repeated bool // Answer is the stored first answer to the key
}

// RotateEndpoint gives an endpoint of the caller a new secret; the old one
// goes on signing beside it. A second rotation within that time would drop a
// secret that the receiver may still use, so it is refused (*EndpointError)
// unless the old one is to stop at once, because it leaked.
func (d *Desk) RotateEndpoint(ctx context.Context, p auth.Principal, id string, r Rotation) (Rotated, error) {
	if err := allow(p, auth.ManageEndpoints); err != nil {
		return Rotated{}, err
	}
	return d.rotateEndpoint(ctx, owner(p), id, r)
}

// RotateEndpointFor is the same by the operator.
func (d *Desk) RotateEndpointFor(ctx context.Context, actor, id string, r Rotation) (Rotated, error) {
	e, err := d.Store.EndpointByID(ctx, id)
	if err != nil {
		return Rotated{}, fmt.Errorf("read endpoint %s: %w", id, err)
	}
	return d.rotateEndpoint(ctx, keeper{actor: actor, partner: e.PartnerID, operator: true}, id, r)
}

func (d *Desk) rotateEndpoint(ctx context.Context, k keeper, id string, r Rotation) (Rotated, error) {
	for range versionRetries {
		first, err := d.firstAnswer(ctx, k.partner, r.IdempotencyKey, r.RequestSHA)
		if err != nil || first != nil {
			return Rotated{Answer: answerOf(first), Repeated: first != nil}, err
		}
		var out Rotated
		e, err := d.alterEndpoint(ctx, k, id, "endpoint.rotate", func(e *store.Endpoint, c *store.Change) (err error) {
			if out, err = d.rotate(e, r.Overlap); err != nil {
				return err
			}
			if r.Render != nil {
				out.Answer = r.Render(out)
			}
			if r.IdempotencyKey != "" {
				c.Idempotency, err = d.sealedAnswer(k.partner, r.IdempotencyKey, r.RequestSHA, &out.Answer)
			}
			return err
		})
		if store.IsConflict(err, "idempotency") {
			continue // another request with the same key was faster
		}
		out.Endpoint = e
		return out, err
	}
	return Rotated{}, fmt.Errorf("rotate secrets of endpoint %s: too many writers at once: %w", id, store.ErrUnavailable)
}

// rotate puts a new secret before the old one.
func (d *Desk) rotate(e *store.Endpoint, overlap time.Duration) (Rotated, error) {
	if !signs(e.Wire) {
		return Rotated{}, &EndpointError{e.ID, endpointFault(codeEndpointUnsigned, "", "wire", e.Wire)}
	}
	secrets, err := d.EndpointSecrets(e)
	if err != nil {
		return Rotated{}, err
	}
	now := d.now()
	one, err := d.newSigning(now)
	if err != nil {
		return Rotated{}, err
	}
	out, next := Rotated{Secret: one.Secret}, []SigningSecret{one}
	if overlap > 0 && len(secrets.Signing) > 0 {
		if len(secrets.Signing) > 1 && secrets.Signing[1].Until > now {
			until := time.UnixMilli(secrets.Signing[1].Until).UTC()
			return Rotated{}, &EndpointError{e.ID, endpointFault(codeEndpointRotating, "", "until", until.Format(time.RFC3339))}
		}
		old := secrets.Signing[0]
		out.OldUntil = time.UnixMilli(now).Add(overlap).UTC()
		old.Until = out.OldUntil.UnixMilli()
		next = append(next, old)
	}
	secrets.Signing = next
	e.Secrets, err = d.sealSecrets(e.ID, &secrets)
	out.Endpoint = *e
	return out, err
}

// ResealEndpoints seals all secrets anew with the newest key, so that older
// keys can be dropped from the file. It returns how many it changed.
func (d *Desk) ResealEndpoints(ctx context.Context, actor string, newest func(sealed []byte) bool) (int, error) {
	partners, err := d.Store.Partners(ctx)
	if err != nil {
		return 0, fmt.Errorf("list partners: %w", err)
	}
	n := 0
	for i := range partners {
		list, err := d.Store.Endpoints(ctx, partners[i].ID)
		if err != nil {
			return n, fmt.Errorf("list endpoints: %w", err)
		}
		for j := range list {
			if len(list[j].Secrets) == 0 || newest(list[j].Secrets) || list[j].State == EndpointDeleted {
				continue
			}
			k := keeper{actor: actor, partner: partners[i].ID, operator: true}
			if _, err := d.alterEndpoint(ctx, k, list[j].ID, "endpoint.reseal", func(e *store.Endpoint, _ *store.Change) error {
				secrets, err := d.EndpointSecrets(e)
				if err != nil {
					return err
				}
				e.Secrets, err = d.sealSecrets(e.ID, &secrets)
				return err
			}); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// sealedPrefix marks an answer that is kept sealed, because it shows a secret.
const sealedPrefix = "sealed:"

// sealedAnswer keeps the answer to a key, which shows a secret, as unreadable
// as the secret itself.
func (d *Desk) sealedAnswer(partner, key, sha string, a *Replayed) (*store.Idempotency, error) {
	row := &store.Idempotency{Tenant: partner, Key: key, RequestSHA: sha, Status: a.Status, ContentType: a.ContentType, Body: a.Body, CreatedAt: d.now()}
	if d.Seal == nil {
		return row, nil // then there is no secret in it
	}
	var err error
	row.Body, err = d.Seal.Seal(a.Body, aboutAnswer(partner, key))
	row.ContentType = sealedPrefix + a.ContentType
	return row, err
}

func aboutAnswer(partner, key string) string { return "answer/" + partner + "/" + key }

// firstAnswer is the first answer to a key; nil when it is new.
func (d *Desk) firstAnswer(ctx context.Context, partner, key, sha string) (*Replayed, error) {
	first, err := d.replay(ctx, partner, key, sha)
	if err != nil || first == nil {
		return nil, err
	}
	contentType, sealed := strings.CutPrefix(first.ContentType, sealedPrefix)
	if !sealed {
		return first, nil
	}
	if d.Seal == nil {
		return nil, ErrNoSeal
	}
	body, err := d.Seal.Open(first.Body, aboutAnswer(partner, key))
	if err != nil {
		return nil, fmt.Errorf("open first answer: %w", err)
	}
	return &Replayed{first.Status, contentType, body}, nil
}

func answerOf(first *Replayed) Replayed {
	if first == nil {
		return Replayed{}
	}
	return *first
}

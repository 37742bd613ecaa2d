package desk

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/store"
)

// linkLife is how long a person can answer by a link. The deadline of the
// answer is minutes; the link lives on for those who come late.
const linkLife = 7 * 24 * time.Hour

// answerLink makes an address at which a person answers a version once. Only
// the hash of its token is kept. Empty when no pages are served.
func (a *noticeAct) answerLink(_ context.Context, version int) (string, error) {
	if a.d.Answers == "" {
		return "", nil
	}
	random := a.d.Random
	if random == nil {
		random = rand.Reader
	}
	var b [32]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(b[:])
	a.c.AnswerLinks = append(a.c.AnswerLinks, store.AnswerLink{Hash: digest([]byte(token)), NoticeID: a.row.ID, Terminal: a.row.Terminal,
		Content: version, ExpiresAt: a.now.Add(linkLife).UnixMilli(), CreatedAt: a.now.UnixMilli()})
	return a.d.Answers + token, nil
}

// ErrLinkUsed says that somebody answered by the link already, or that its
// notice has gone on without it.
var ErrLinkUsed = errors.New("link was used")

// linkOf finds an answer link that can still be used. One that never was, and
// one that is over, look the same: store.ErrNotFound.
func (d *Desk) linkOf(ctx context.Context, token string) (store.AnswerLink, *dossier, error) {
	link, err := d.Store.AnswerLink(ctx, digest([]byte(token)))
	if err != nil {
		return link, nil, err
	}
	if link.ExpiresAt <= d.now() {
		return link, nil, store.ErrNotFound
	}
	row, err := d.Store.Notice(ctx, link.NoticeID)
	if err != nil {
		return link, nil, fmt.Errorf("read notice of link: %w", err)
	}
	if row.Terminal != link.Terminal {
		return link, nil, store.ErrNotFound
	}
	f, err := d.dossierOf(ctx, &row)
	if err != nil {
		return link, nil, err
	}
	if link.UsedAt != 0 || f.newest().Version != link.Content {
		return link, f, ErrLinkUsed
	}
	return link, f, nil
}

// NoticeByLink shows what a link is about and changes nothing: programs of
// mail systems open every address. With ErrLinkUsed the view is given, too.
func (d *Desk) NoticeByLink(ctx context.Context, token string) (NoticeView, error) {
	_, f, err := d.linkOf(ctx, token)
	if f == nil {
		return NoticeView{}, err
	}
	v, viewErr := d.noticeView(ctx, f, inspection.ByTerminal)
	return v, errors.Join(err, viewErr)
}

// AnswerByLink takes the one answer of a person in: accepted, or rejected with
// a reason. The link is used up in the same change.
func (d *Desk) AnswerByLink(ctx context.Context, token string, e inspection.Event) (NoticeOutcome, error) {
	for range versionRetries {
		out, err := d.answerByLink(ctx, token, e)
		if store.IsConflict(err, "link") {
			return NoticeOutcome{}, ErrLinkUsed
		}
		if store.IsConflict(err) {
			continue
		}
		return out, err
	}
	return NoticeOutcome{}, fmt.Errorf("answer by link: too many writers at once: %w", store.ErrUnavailable)
}

func (d *Desk) answerByLink(ctx context.Context, token string, e inspection.Event) (NoticeOutcome, error) {
	link, f, err := d.linkOf(ctx, token)
	if err != nil {
		return NoticeOutcome{}, err
	}
	if e.Kind != inspection.Accepted && e.Kind != inspection.Rejected {
		return NoticeOutcome{}, &FaultsError{[]declarations.Fault{{Code: CodeLinkKind, Severity: declarations.Reject, Path: "kind", Args: map[string]string{"value": string(e.Kind)}}}}
	}
	e.Source, e.Actor, e.Version = link.Terminal, inspection.ByTerminal, link.Content
	c := &store.Change{UseLink: &store.LinkUse{Hash: link.Hash, At: d.now()}}
	a := d.begin(f, c)
	if refusal := inspection.Admit(f.input(a.now), &e); refusal != nil {
		return NoticeOutcome{Kind: e.Kind, State: f.overview.State, Refusal: refusal}, nil // the link stays: the person may answer otherwise
	}
	out, err := d.record(ctx, a, &e, "link/"+link.Hash, "link/"+link.Hash[:12], nil)
	if err != nil {
		return out, err
	}
	c.Audit = append(c.Audit, d.audit("link", "notice."+string(e.Kind), link.Terminal, a.row.ID, link.Hash))
	if err := d.commitNotices(ctx, c); err != nil {
		return out, err
	}
	d.afterwards(c)
	return out, nil
}

// CodeLinkKind says that a link takes acceptance or rejection only; args: value.
const CodeLinkKind = "NOT-1206"

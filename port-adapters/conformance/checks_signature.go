package conformance

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"kouan/declarations/inspection"
)

// beyond is more than the five minutes that a receiver may tolerate.
const beyond = 6 * time.Minute

// refused plays one letter that no gateway sends; taking it is red. A server
// error is yellow: it is not taken, but a gateway would try it again for days.
func (p *player) refused(ctx context.Context, at time.Time, twist ...func(*letter, map[string]string)) finding {
	l, err := p.told(inspection.LetterIssued, *p.notice(1), 1, inspection.Issue)()
	if err != nil {
		return unwritten(err)
	}
	changed := *l
	a := p.sendAt(ctx, l, at, func(h map[string]string) {
		for _, t := range twist {
			t(&changed, h)
		}
		*l = changed // what is sent; the headers were made of the right one
	})
	f := a.judged(a.refused(), Yellow)
	if a.taken() {
		f.grade = Red
	}
	return f
}

func unsigned(ctx context.Context, p *player) finding {
	return p.refused(ctx, p.o.Clock(), func(_ *letter, h map[string]string) { delete(h, standardwebhooks.HeaderWebhookSignature) })
}

// stranger signs with a secret that nobody was given.
func (p *player) stranger() (func(string, time.Time, []byte) (string, error), error) {
	return signer("", p.o.Random)
}

func foreignSignature(ctx context.Context, p *player) finding {
	sign, err := p.stranger()
	if err != nil {
		return unwritten(err)
	}
	at := p.o.Clock()
	var failed error
	f := p.refused(ctx, at, func(l *letter, h map[string]string) {
		h[standardwebhooks.HeaderWebhookSignature], failed = sign(l.id, at, l.body)
	})
	if failed != nil {
		return unwritten(failed)
	}
	return f
}

// alteredBody: one character of the ship's name. The digest is left out, so
// that the signature alone has to find it.
func alteredBody(ctx context.Context, p *player) finding {
	altered := false
	f := p.refused(ctx, p.o.Clock(), func(l *letter, h map[string]string) {
		body := bytes.Replace(l.body, []byte("TEST SHIP"), []byte("BEST SHIP"), 1)
		altered = !bytes.Equal(body, l.body)
		l.body = body
		delete(h, "Content-Digest")
	})
	if !altered {
		return unwritten(errors.New("the ship is not named in the letter"))
	}
	return f
}

func alteredID(ctx context.Context, p *player) finding {
	return p.refused(ctx, p.o.Clock(), func(_ *letter, h map[string]string) { h[standardwebhooks.HeaderWebhookID] = p.o.NewID() })
}

func alteredTime(ctx context.Context, p *player) finding {
	at := p.o.Clock()
	return p.refused(ctx, at, func(_ *letter, h map[string]string) {
		h[standardwebhooks.HeaderWebhookTimestamp] = strconv.FormatInt(at.Unix()+1, 10)
	})
}

// old: a delivery that somebody recorded and plays again.
func old(ctx context.Context, p *player) finding { return p.refused(ctx, p.o.Clock().Add(-beyond)) }

func early(ctx context.Context, p *player) finding { return p.refused(ctx, p.o.Clock().Add(beyond)) }

// rotation: while secrets change, the signature of the other one stands first.
func rotation(ctx context.Context, p *player) finding {
	other, err := p.stranger()
	if err != nil {
		return unwritten(err)
	}
	l, err := p.told(inspection.LetterIssued, *p.notice(1), 1, inspection.Issue)()
	if err != nil {
		return unwritten(err)
	}
	at := p.o.Clock()
	foreign, err := other(l.id, at, l.body)
	if err != nil {
		return unwritten(err)
	}
	a := p.sendAt(ctx, l, at, func(h map[string]string) {
		h[standardwebhooks.HeaderWebhookSignature] = "v1a,AAAA " + foreign + " " + h[standardwebhooks.HeaderWebhookSignature]
	})
	return a.judged(a.taken(), Red)
}

// replaceID puts another id into a body, wherever the format has it.
func replaceID(body []byte, from, to string) []byte {
	return bytes.ReplaceAll(body, []byte(from), []byte(to))
}

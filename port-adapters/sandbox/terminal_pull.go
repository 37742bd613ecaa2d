package sandbox

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations/inspection"
)

// pullWait is how long the gateway may hold an empty list open.
const pullWait = 5 * time.Second

// TerminalPull fetches notices instead of waiting for them: the list in the
// order of change, from the cursor where it stopped, and each version that it
// does not know by its number. Fetching a notice acknowledges its transport.
type TerminalPull struct {
	Terminal *Terminal
	Gateway  *GatewayLine
	Poll     time.Duration // after a list that could not be had; 0: DefaultPoll

	cursor string
}

// noticePage is one page of GET /api/v1/notices.
type noticePage struct {
	Items []struct {
		Number  string `json:"notice_no"`
		Version int    `json:"version"`
	} `json:"items"`
	Next string `json:"next"`
}

// Run fetches until ctx ends; its error then is nil.
func (p *TerminalPull) Run(ctx context.Context) error {
	last := ""
	for ctx.Err() == nil {
		err := p.Look(ctx)
		now := ""
		if err != nil && ctx.Err() == nil {
			now = err.Error()
			pause(ctx, or(p.Poll, DefaultPoll))
		}
		if now != last && now != "" { // once, not with every look
			p.Terminal.log().Warn("sandbox terminal: pull", "error", now)
		}
		last = now
	}
	return nil
}

// Look fetches one page. What the terminal turns away by script is fetched
// again: the cursor goes on only when the whole page was taken.
func (p *TerminalPull) Look(ctx context.Context) error {
	ask := url.Values{"limit": {"50"}, "wait": {pullWait.String()}}
	if p.cursor != "" {
		ask.Set("cursor", p.cursor)
	}
	var page noticePage
	if err := p.Gateway.get(ctx, "/api/v1/notices?"+ask.Encode(), &page); err != nil {
		return fmt.Errorf("list notices: %w", err)
	}
	for _, item := range page.Items {
		if p.Terminal.knows(item.Number, item.Version) {
			continue // our own answers change a notice as well
		}
		if err := p.fetch(ctx, item.Number); err != nil {
			return err
		}
	}
	p.cursor = page.Next
	return nil
}

// fetch takes one notice. Its answer says other things at each time, so the
// content of the version is what is counted.
func (p *TerminalPull) fetch(ctx context.Context, number string) error {
	var found struct {
		Notice *inspection.Notice `json:"notice"`
	}
	if err := p.Gateway.get(ctx, "/api/v1/notices/"+url.PathEscape(number), &found); err != nil {
		return fmt.Errorf("fetch notice %s: %w", number, err)
	}
	if found.Notice == nil {
		p.Terminal.report("a notice without content", number, "")
		return nil
	}
	body, err := json.Marshal(found.Notice, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("notice %s: %w", number, err)
	}
	v := p.Terminal.take(&incoming{wire: "pull", id: "pull/" + number + "/" + itoa(int64(found.Notice.Version)), format: formatJSON,
		subject: "notice/" + number, body: body, notice: found.Notice, reply: p.Gateway.Answer})
	if v.outcome == refused {
		return fmt.Errorf("notice %s is turned away by script %s", number, v.script.Slug())
	}
	return nil
}

// knows reports a version of a notice that came over the pull wire before.
func (t *Terminal) knows(number string, version int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.letters["pull/"+number+"/"+itoa(int64(version))] != nil
}

package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	portadapters "kouan/port-adapters"
)

// LinkFollower answers as a person does who opens the link of a letter: looks
// at the page, then sends its form. The hosts that it may go to are listed,
// because a link comes from outside.
type LinkFollower struct {
	mu    sync.Mutex
	hosts []string
}

// Allow lets it follow links to a host, as "host" or "host:port".
func (f *LinkFollower) Allow(hosts ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hosts = append(f.hosts, hosts...)
}

// Answer is a TerminalReply of letters with a link.
func (f *LinkFollower) Answer(ctx context.Context, a TerminalAnswer) error {
	u, err := url.Parse(a.Link)
	if err != nil {
		return fmt.Errorf("link: %w: %w", portadapters.ErrPermanent, err)
	}
	f.mu.Lock()
	hosts := f.hosts
	f.mu.Unlock()
	transport := portadapters.NewTransport(portadapters.Guard{Allow: hosts})
	defer transport.CloseIdleConnections()
	client := portadapters.NewClient(portadapters.Options{Transport: transport, Timeout: 10 * time.Second, UserAgent: "kouan-sandbox"})
	// Looking changes nothing: programs of mail systems open every address.
	if _, err := portadapters.Call(ctx, client.R(), http.MethodGet, u.String()); err != nil {
		return fmt.Errorf("open link: %w", err)
	}
	form := map[string]string{"kind": string(a.Event.Kind), "reason": string(a.Event.Reason), "text": a.Event.Text}
	resp, err := portadapters.Call(ctx, client.R().SetHeader("X-Sandbox", "true").SetFormData(form), http.MethodPost, u.String())
	if resp != nil && resp.StatusCode() == http.StatusSeeOther { // the page after a form
		return nil
	}
	if err != nil {
		return fmt.Errorf("answer by link: %w", err)
	}
	return nil
}

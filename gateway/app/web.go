package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"kouan/gateway/api"
	"kouan/gateway/auth"
	"kouan/gateway/web"
	"kouan/i18n"
)

// withPages puts the pages in front of the API.
func (h *house) withPages(c *console, keys *auth.Authenticator, next http.Handler) (http.Handler, error) {
	explain := func(ctx context.Context, lang i18n.Lang, err error) web.Problem {
		p, retryAfter := api.Explain(ctx, h.logger, lang, err)
		out := web.Problem{Code: p.Code, Status: p.Status, Title: p.Title, Detail: p.Detail, RetryAfter: retryAfter}
		for i := range p.Faults {
			f := &p.Faults[i]
			out.Faults = append(out.Faults, web.Fault{Code: f.Code, Path: f.Path, Message: f.Message})
		}
		return out
	}
	seal, isOurs := h.desk.Seal.(*auth.Seal) // the key that secrets are sealed with serves sessions, too: all processes have it
	if !isOurs {
		seal = nil
	}
	handler, err := web.New(web.Config{Desk: h.desk, Auth: keys, Next: next, Explain: explain, Seal: seal, Random: c.random, Clock: c.clock,
		Logger: h.logger, Address: func(r *http.Request) string { return api.AddressOf(r, h.cfg.BehindProxy) }, Sandbox: h.cfg.Sandbox, Public: h.public})
	if err != nil {
		return nil, fmt.Errorf("build pages: %w", err)
	}
	return handler, nil
}

// public is the address by which the world reaches the pages; empty when
// nobody said it. A demo is reached where it listens.
func (h *house) public() string {
	base := strings.TrimSuffix(h.cfg.PublicURL, "/")
	if base == "" && h.cfg.Sandbox {
		base = h.url()
	}
	return base
}

// answersAt is where answer links lead; they begin in Chinese, the page offers
// the other languages. A demo is reached where it listens; in service only the
// operator knows the address that reaches it.
func (h *house) answersAt() string {
	base := h.public()
	if base == "" {
		return ""
	}
	return base + "/" + string(i18n.ZhHans) + "/answers/"
}

// publicProblems: a link in a mail is a right to answer, so it travels encrypted.
func (cfg *Config) publicProblems() []problem {
	if cfg.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(cfg.PublicURL)
	if err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" && strings.Trim(u.Path, "/") == "" &&
		(u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())) {
		return nil
	}
	return []problem{{"cli.config.public_url", arguments{"value": cfg.PublicURL}}}
}

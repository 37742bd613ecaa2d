package app

import (
	"context"
	"fmt"
	"net/http"

	"kouan/gateway/api"
	"kouan/gateway/auth"
	"kouan/gateway/web"
	"kouan/i18n"
)

// withPages puts the pages in front of the API.
func (h *house) withPages(c *console, keys *auth.Authenticator, next http.Handler) (http.Handler, error) {
	explain := func(ctx context.Context, lang i18n.Lang, err error) web.Problem {
		p, retryAfter := api.Explain(ctx, h.logger, lang, err)
		out := web.Problem{Status: p.Status, Title: p.Title, Detail: p.Detail, RetryAfter: retryAfter}
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
		Logger: h.logger, Sandbox: h.cfg.Sandbox})
	if err != nil {
		return nil, fmt.Errorf("build pages: %w", err)
	}
	return handler, nil
}

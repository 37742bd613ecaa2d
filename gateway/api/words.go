package api

import (
	"context"
	"log/slog"

	"kouan/i18n"
)

// Explain puts an error into the words and the status that the API gives it,
// for those who show it otherwise than as problem+json. Retry-After is in
// seconds, empty when there is none.
func Explain(ctx context.Context, logger *slog.Logger, lang i18n.Lang, err error) (p *Problem, retryAfter string) {
	set := func(name, value string) {
		if name == "Retry-After" {
			retryAfter = value
		}
	}
	p = (&server{Config: Config{Logger: logger}}).explain(ctx, set, lang, err)
	return p, retryAfter
}

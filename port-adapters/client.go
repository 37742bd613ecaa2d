package portadapters

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"
	"github.com/hashicorp/go-retryablehttp"
)

// Options of an outgoing HTTP client. The zero value, with a Transport, works.
type Options struct {
	Transport      http.RoundTripper // from NewTransport; nil: NewTransport(Guard{})
	Timeout        time.Duration     // of one call with all its attempts; 0: DefaultTimeout
	AttemptTimeout time.Duration     // of one attempt; 0: Timeout
	ResponseLimit  int               // bytes of an answer's body; 0: 1 MiB
	Retries        int               // further attempts of an idempotent call; 0: 1, negative: none
	RetryWait      time.Duration     // longest wait between two attempts; 0: 500 ms
	Logger         *slog.Logger      // nil: silent. Gets no address, header or body
	UserAgent      string            // "": kouan
}

type idempotentKey struct{}

// Idempotent marks the calls made under ctx as safe to repeat: the other side
// removes duplicates by an id that each attempt carries. Only marked calls
// are retried inside one call.
func Idempotent(ctx context.Context) context.Context {
	return context.WithValue(ctx, idempotentKey{}, true)
}

// NewClient is resty over retryablehttp over the guarded transport. resty's
// own retry is off (it would multiply with the inner one and resends readers
// empty); redirects are refused in both layers. The outbox is the real retry:
// what is repeated here only bridges a connection that broke.
func NewClient(o Options) *resty.Client {
	transport := o.Transport
	if transport == nil {
		transport = NewTransport(Guard{})
	}
	timeout := defaulted(o.Timeout, DefaultTimeout)
	wait := defaulted(o.RetryWait, 500*time.Millisecond)
	inner := &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: roundTripOnly{transport},
			Timeout:   defaulted(o.AttemptTimeout, timeout),
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		},
		Logger:       nil, // it writes query strings
		RetryMax:     max(0, defaulted(o.Retries, 1)),
		RetryWaitMin: wait / 5,
		RetryWaitMax: wait,
		CheckRetry:   retryIdempotent(wait),
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	inner.Backoff = func(low, high time.Duration, attempt int, resp *http.Response) time.Duration {
		if resp != nil {
			if after, ok := retryAfter(resp); ok {
				return min(after, high)
			}
		}
		return min(retryablehttp.LinearJitterBackoff(low, high, attempt, nil), high)
	}
	client := resty.NewWithClient(&http.Client{
		Transport: &retryablehttp.RoundTripper{Client: inner},
		Timeout:   timeout,
	})
	client.SetLogger(redacted{o.Logger})
	client.SetRetryCount(0)
	client.SetRedirectPolicy(resty.NoRedirectPolicy())
	client.SetResponseBodyLimit(defaulted(o.ResponseLimit, 1<<20))
	client.SetHeader("User-Agent", defaulted(o.UserAgent, "kouan"))
	return client
}

// retryIdempotent repeats marked calls after a broken connection or a 502,
// 503 or 504. A time-out is not repeated: the time of the call is used up. A
// wish to wait longer than we do here is left to the outbox.
func retryIdempotent(wait time.Duration) retryablehttp.CheckRetry {
	return func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		if ctx.Err() != nil {
			if err == nil { // an answer beats the end of the call, and net/http takes no answer with an error
				return false, nil
			}
			return false, ctx.Err()
		}
		if ctx.Value(idempotentKey{}) == nil {
			return false, nil
		}
		if err != nil {
			return !timedOut(err) && !isGuarded(err), nil
		}
		switch resp.StatusCode {
		case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			after, told := retryAfter(resp)
			return !told || after <= wait, nil
		}
		return false, nil
	}
}

// roundTripOnly hides CloseIdleConnections: retryablehttp calls it after every
// failed call, and the transport is shared with receivers that are well.
type roundTripOnly struct{ http.RoundTripper }

// redacted is resty's logger. Formats are ours to read, their arguments hold
// addresses and bodies, so only the formats are kept.
type redacted struct{ log *slog.Logger }

func (r redacted) Errorf(format string, _ ...any) { r.write(slog.LevelError, format) }
func (r redacted) Warnf(format string, _ ...any)  { r.write(slog.LevelWarn, format) }
func (r redacted) Debugf(format string, _ ...any) { r.write(slog.LevelDebug, format) }

func (r redacted) write(level slog.Level, format string) {
	if r.log != nil {
		r.log.Log(context.Background(), level, "outgoing call", "format", format)
	}
}

func defaulted[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

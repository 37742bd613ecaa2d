package portadapters

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"
)

// MaxRetryAfter caps what another side may ask us to wait.
const MaxRetryAfter = time.Hour

// StatusError is an answer other than 2xx. It wraps ErrPermanent when the
// same bytes would meet the same answer.
type StatusError struct {
	Code      int
	Permanent bool
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("answered %d %s", e.Code, http.StatusText(e.Code))
}

// Unwrap returns ErrPermanent or nothing.
func (e *StatusError) Unwrap() error {
	if e.Permanent {
		return ErrPermanent
	}
	return nil
}

// ClassifyStatus turns an answer into the error of a delivery
// (push-and-errors REQ-04): nil for 2xx; permanent for 3xx, which is never
// followed, and for 4xx, which blames this item or our credentials; temporary
// for 408, 425, 429 and 5xx, with the wait that Retry-After asks for, at most
// MaxRetryAfter.
func ClassifyStatus(resp *http.Response) error {
	code := resp.StatusCode
	if code >= 200 && code <= 299 {
		return nil
	}
	switch {
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code == http.StatusTooManyRequests, code >= 500:
	default:
		return &StatusError{Code: code, Permanent: true}
	}
	err := &StatusError{Code: code}
	if after, ok := retryAfter(resp); ok {
		return &RetryAfterError{After: min(after, MaxRetryAfter), Err: err}
	}
	return err
}

// retryAfter reads Retry-After in both forms. A date counts from the Date of
// the same answer, so the two clocks need not agree.
func retryAfter(resp *http.Response) (time.Duration, bool) {
	v := resp.Header.Get("Retry-After")
	if v == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	until, err := http.ParseTime(v)
	if err != nil {
		return 0, false
	}
	from, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0, false
	}
	return max(0, until.Sub(from)), true
}

// Call executes one request and classifies what came of it: nil only for 2xx.
// A failure before the request left is temporary; after that it wraps
// ErrUnknown, whether a time-out or a broken connection, because the other
// side may have it. The response is nil when there was none. Errors
// name the host and never the query.
func Call(ctx context.Context, r *resty.Request, method, address string) (*resty.Response, error) {
	// The hook for the whole request may run after the other side has acted on
	// it; the one for the headers runs before anything leaves.
	var begun atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { begun.Store(true) }}
	resp, err := r.SetContext(httptrace.WithClientTrace(ctx, trace)).Execute(method, address)
	answered := resp != nil && resp.RawResponse != nil
	switch {
	case err == nil:
		return resp, wrapHost(address, ClassifyStatus(resp.RawResponse))
	case answered && (ClassifyStatus(resp.RawResponse) != nil || errors.Is(err, resty.ErrResponseBodyTooLarge)):
		// The status line is the answer; a redirect is not followed and a body
		// that breaks off or never ends adds nothing to a refusal.
		return resp, wrapHost(address, ClassifyStatus(resp.RawResponse))
	case isGuarded(err):
		return nil, fmt.Errorf("call %s: %w: %w", HostOf(address), ErrPermanent, withoutURL(err))
	case begun.Load():
		return nil, fmt.Errorf("call %s: %w: %w", HostOf(address), ErrUnknown, withoutURL(err))
	}
	return nil, wrapHost(address, withoutURL(err))
}

// HostOf is the host and port of an address, for receipts and errors; user
// name, path and query stay out.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "unreadable address"
	}
	return u.Host
}

func wrapHost(address string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("call %s: %w", HostOf(address), err)
}

// withoutURL drops the layers of net/http that print the whole address.
func withoutURL(err error) error {
	var outer *url.Error
	for errors.As(err, &outer) {
		err = outer.Err
	}
	return err
}

func isGuarded(err error) bool { return errors.Is(err, ErrGuarded) }

func timedOut(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

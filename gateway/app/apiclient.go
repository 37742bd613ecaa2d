package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-resty/resty/v2"

	"kouan/declarations/intake"
	portadapters "kouan/port-adapters"
)

const submissionPath = "/api/v1/declarations"

// apiClient submits declarations to a gateway over HTTP.
type apiClient struct {
	http    *resty.Client
	address string
	key     secret
	lang    string
}

// answer is what the gateway said to one declaration: of a 2xx the first
// fields, of a problem the others.
type answer struct {
	Status    int           `json:"-"` // HTTP
	ID        string        `json:"id"`
	Reference string        `json:"reference"`
	Title     string        `json:"title"`
	Detail    string        `json:"detail"`
	Faults    []answerFault `json:"faults"`
	Warnings  []answerFault `json:"warnings"`

	Refused int            `json:"refused"` // of a file of several
	Results []answerResult `json:"results"`
}

// answerResult is what became of one declaration of a file.
type answerResult struct {
	Line      int           `json:"line"`
	Status    string        `json:"status"`
	ID        string        `json:"id"`
	Reference string        `json:"reference"`
	Faults    []answerFault `json:"faults"`
}

type answerFault struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Message  string `json:"message"`
}

func (a *answer) accepted() bool { return a.Status == http.StatusOK || a.Status == http.StatusCreated }

// newAPIClient reaches the host of base, wherever it is: the person at the
// command line named it.
func newAPIClient(base string, key secret, lang string) (*apiClient, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &usageError{key: "cli.error.url", args: arguments{"value": base}}
	}
	return &apiClient{address: strings.TrimSuffix(base, "/") + submissionPath, key: key, lang: lang,
		http: portadapters.NewClient(portadapters.Options{Retries: -1, Timeout: 45 * time.Second,
			Transport: portadapters.NewTransport(portadapters.Guard{Allow: []string{u.Host, u.Hostname()}})})}, nil
}

// submit posts one document once. The key of a content is always the same,
// so that a repetition gets the first answer. An error means that no final
// answer came: it may be tried again, after the RetryAfterError in it.
func (c *apiClient) submit(ctx context.Context, body []byte, sha string) (answer, error) {
	r := c.http.R().SetHeader("Content-Type", contentType(body)).SetHeader("Accept-Language", c.lang).
		SetHeader("Idempotency-Key", "content-"+sha).SetAuthToken(string(c.key)).SetBody(body)
	resp, err := portadapters.Call(ctx, r, http.MethodPost, c.address)
	if resp == nil {
		return answer{}, err
	}
	switch resp.StatusCode() {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return answer{}, err
	}
	a := answer{Status: resp.StatusCode()}
	if err := json.Unmarshal(resp.Body(), &a); err != nil {
		if a.accepted() {
			return answer{}, fmt.Errorf("read the answer of %s: %w", portadapters.HostOf(c.address), err)
		}
		a.Title = resp.Status() // something in front of the gateway answered
	}
	return a, nil
}

func contentType(body []byte) string {
	switch detect(body) {
	case intake.JSON:
		return "application/json"
	case intake.ZIP:
		return "application/zip"
	}
	return "application/xml"
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// retryDelay doubles from half a second to half a minute; the other side's
// wish is a floor, capped so that a wrong one does not park the work for days.
func retryDelay(try int, err error, jitter float64) time.Duration {
	const first, most, longest = 500 * time.Millisecond, 30 * time.Second, 5 * time.Minute
	delay := most
	if try < 7 {
		delay = min(most, first<<try)
	}
	delay += time.Duration(float64(delay) * 0.2 * jitter)
	var wish *portadapters.RetryAfterError
	if errors.As(err, &wish) {
		delay = max(delay, min(wish.After, longest))
	}
	return delay
}

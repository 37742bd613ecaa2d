package scripts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// within bounds every wait of a script.
const within = 60 * time.Second

var client = &http.Client{Timeout: 20 * time.Second}

// call is one request: METHOD URL [-key KEY] [-H 'Name: value'] [-body FILE].
type call struct {
	method, url string
	header      http.Header
	body        []byte
}

func parseCall(ts *testscript.TestScript, args []string) call {
	if len(args) < 2 || len(args)%2 != 0 {
		ts.Fatalf("usage: METHOD URL [-key KEY] [-H HEADER] [-body FILE]")
	}
	c := call{method: args[0], url: args[1], header: http.Header{}}
	for i := 2; i < len(args); i += 2 {
		switch value := args[i+1]; args[i] {
		case "-key":
			c.header.Set("Authorization", "Bearer "+value)
		case "-H":
			name, text, _ := strings.Cut(value, ":")
			c.header.Set(name, strings.TrimSpace(text))
		case "-body":
			c.body = []byte(ts.ReadFile(value))
		default:
			ts.Fatalf("unknown flag %s", args[i])
		}
	}
	return c
}

func (c *call) do(ctx context.Context) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(c.body))
	if err != nil {
		return nil, nil, err
	}
	req.Header = c.header.Clone()
	resp, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}

// http prints "HTTP <status>", the headers that scripts look at, and the body.
func cmdHTTP(ts *testscript.TestScript, neg bool, args []string) {
	c := parseCall(ts, args)
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	resp, body, err := c.do(ctx)
	if neg {
		if err == nil {
			ts.Fatalf("%s %s answered %s", c.method, c.url, resp.Status)
		}
		return
	}
	ts.Check(err)
	var out strings.Builder
	out.WriteString(fmt.Sprintf("HTTP %d\n", resp.StatusCode))
	for _, name := range []string{"Content-Type", "Idempotency-Replayed", "Retry-After"} {
		if v := resp.Header.Get(name); v != "" {
			out.WriteString(name + ": " + v + "\n")
		}
	}
	_, err = io.WriteString(ts.Stdout(), out.String()+"\n"+string(body)+"\n")
	ts.Check(err)
}

// await repeats a GET until a field of its JSON has a value: await FIELD VALUE GET URL …
func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: await FIELD VALUE METHOD URL …")
	}
	field, want, c := args[0], args[1], parseCall(ts, args[2:])
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	last := "nothing"
	for {
		_, body, err := c.do(ctx)
		if err == nil {
			got, fieldErr := lookUp(body, field)
			if fieldErr == nil && got == want {
				return
			}
			last = string(body)
		} else if ctx.Err() == nil {
			last = err.Error()
		}
		select {
		case <-ctx.Done():
			ts.Fatalf("%s did not become %s within %s; last: %s", field, want, within, last)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// awaitbody repeats a call until its body matches: awaitbody REGEXP METHOD URL …
func cmdAwaitBody(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: awaitbody REGEXP METHOD URL …")
	}
	want, err := regexp.Compile(args[0])
	ts.Check(err)
	c := parseCall(ts, args[1:])
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	for {
		_, body, err := c.do(ctx)
		if err == nil && want.Match(body) {
			return
		}
		select {
		case <-ctx.Done():
			ts.Fatalf("the body did not match %s within %s; last: %s", want, within, body)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// jsonenv sets a variable to a field of a JSON file, or of the body in stdout.
func cmdJSONEnv(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: jsonenv VAR FILE FIELD")
	}
	text := ts.ReadFile(args[1])
	if i := strings.IndexByte(text, '{'); i > 0 {
		text = text[i:] // after the status line of http
	}
	value, err := lookUp([]byte(text), args[2])
	ts.Check(err)
	ts.Setenv(args[0], value)
}

// lookUp follows items.0.id through a JSON document.
func lookUp(doc []byte, path string) (string, error) {
	var v any
	if err := json.NewDecoder(bytes.NewReader(doc)).Decode(&v); err != nil {
		return "", fmt.Errorf("read JSON: %w", err)
	}
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(at) {
				return "", fmt.Errorf("no element %s in %s", name, path)
			}
			v = at[i]
		}
	}
	if v == nil {
		return "", fmt.Errorf("no field %s", path)
	}
	return fmt.Sprint(v), nil
}

// readyenv waits for a ready file and sets a variable to its url.
func cmdReadyEnv(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: readyenv VAR FILE")
	}
	deadline := time.Now().Add(within)
	for {
		body, err := os.ReadFile(ts.MkAbs(args[1]))
		if err == nil {
			url, err := lookUp(body, "url")
			ts.Check(err)
			ts.Setenv(args[0], url)
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s did not appear within %s", args[1], within)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

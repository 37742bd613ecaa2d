package app

import (
	"fmt"
	"os"

	"github.com/go-json-experiment/json"
)

// ready is what a starting script waits for.
type ready struct {
	URL string `json:"url"`
	PID int    `json:"pid"`
}

// writeReady tells a script that url is being served; no file, no report.
func writeReady(file, url string) error {
	if file == "" {
		return nil
	}
	body, err := json.Marshal(ready{URL: url, PID: os.Getpid()})
	if err != nil {
		return fmt.Errorf("ready file: %w", err)
	}
	return writeBytes(file, 0o644, append(body, '\n'))
}

package app

import (
	"fmt"
	"os"

	"github.com/go-json-experiment/json"
)

// ready is what a starting script waits for.
type ready struct {
	URL     string `json:"url"`
	PID     int    `json:"pid"`
	SFTP    string `json:"sftp,omitzero"` // host:port, of a sandbox terminal
	HostKey string `json:"host_key,omitzero"`
	SMTP    string `json:"smtp,omitzero"`
}

// writeReady tells a script that url is being served; no file, no report.
func writeReady(file, url string) error { return ready{URL: url}.write(file) }

func (r ready) write(file string) error {
	if file == "" {
		return nil
	}
	r.PID = os.Getpid()
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("ready file: %w", err)
	}
	return writeBytes(file, 0o644, append(body, '\n'))
}

package webhook

import (
	"testing"
	"time"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

func TestStrangers(t *testing.T) {
	t.Parallel()
	adaptertest.Strangers(t, func(t *testing.T, address string) portadapters.Adapter {
		transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{address}})
		t.Cleanup(transport.CloseIdleConnections)
		return &Adapter{Client: portadapters.NewClient(portadapters.Options{Transport: transport, Timeout: time.Hour, RetryWait: time.Millisecond}),
			URL: "http://" + address + "/hook", Secrets: []Secret{{Key: key}}, NewID: func() string { return "attempt-id" }}
	})
}

package app

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"time"

	"kouan/declarations"
	"kouan/declarations/intake"
)

// Two synthetic declarations; all names and numbers in them are invented.
var (
	//go:embed demo_import.json
	demoImport []byte
	//go:embed demo_export.json
	demoExport []byte
)

// traffic submits synthetic declarations through the API, as a forwarder's
// system would, one story of the sandbox after the other.
type traffic struct {
	client  *apiClient
	clock   func() time.Time
	every   time.Duration
	poll    time.Duration // between two looks at a declaration, of scenes
	logger  *slog.Logger
	samples []declarations.Declaration
	count   int
}

// demoStories begin a client reference; digits follow. The calm ones come
// oftener, as they do at a port.
var demoStories = []string{"SBXREL", "SBXINS", "SBXREL", "SBXRET", "SBXREL", "SBXREV", "SBXREL", "SBXTWI", "SBXREL", "SBXSUS", "SBXREL", "SBXLOS", "SBXREL", "SBXDWN", "SBXREL", "SBXLAT"}

var (
	demoVessels = []string{"EXAMPLE STAR", "EXAMPLE DAWN", "EXAMPLE PEARL", "EXAMPLE HARBOUR"}
	demoGoods   = []string{"示例零件", "示例轴承", "示例阀门", "示例电机"}
)

func newTraffic(c *console, url string, partners *demoFile, every time.Duration, logger *slog.Logger) (*traffic, error) {
	client, err := newAPIClient(url, partners.key("forwarder"), string(c.words.Lang()))
	if err != nil {
		return nil, err
	}
	t := &traffic{client: client, clock: c.clock, every: every, logger: logger}
	for _, body := range [][]byte{demoImport, demoExport} {
		rows := intake.Read(body, intake.JSON)
		if faults := rows[0].Check(); declarations.Rejected(faults) {
			return nil, fmt.Errorf("demo declaration: %s at %s", faults[0].Code, faults[0].Path)
		}
		t.samples = append(t.samples, rows[0].Declaration)
	}
	return t, nil
}

// run submits until ctx ends. A failure is logged and the next one goes on.
func (t *traffic) run(ctx context.Context) {
	ticker := time.NewTicker(max(t.every, time.Second)) // the reference counts seconds
	defer ticker.Stop()
	for {
		if err := t.submit(ctx); err != nil && ctx.Err() == nil {
			t.logger.Warn("sample traffic", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (t *traffic) submit(ctx context.Context) error {
	d := t.next()
	body, err := intake.Marshal(&d)
	if err != nil {
		return fmt.Errorf("write sample: %w", err)
	}
	a, err := t.client.submit(ctx, body, digest(body))
	if err != nil {
		return err
	}
	if !a.accepted() {
		return fmt.Errorf("sample %s refused: %d %s", d.Header.ClientReference, a.Status, a.Title)
	}
	return nil
}

// next is the next declaration. Only what no rule compares with anything else
// is varied.
func (t *traffic) next() declarations.Declaration {
	n := t.count
	t.count++
	now := t.clock()
	d := t.samples[n%len(t.samples)]
	d.Items = append([]declarations.Item(nil), d.Items...)
	d.Header.ClientReference = demoStories[n/len(t.samples)%len(demoStories)] + now.UTC().Format("060102150405")
	d.Transport.MeansName = demoVessels[n%len(demoVessels)]
	d.Transport.VoyageNumber = fmt.Sprintf("%03dE", n%1000)
	d.Transport.TransportDocumentNumber = fmt.Sprintf("EXBL%08d", n)
	for i := range d.Items {
		d.Items[i].GoodsName = demoGoods[(n+i)%len(demoGoods)]
	}
	return d
}

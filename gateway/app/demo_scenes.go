package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-resty/resty/v2"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/intake"
	portadapters "kouan/port-adapters"
)

// scene is one course through the port that the demo plays once at its start,
// so that a visitor finds each clearance mode with its facts and deadlines.
type scene struct {
	name string
	play func(*stage, context.Context) error
}

var demoScenes = []scene{
	{"two-step, full declaration due", (*stage).countdown},
	{"two-step, completed", (*stage).completed},
	{"combined port", (*stage).combinedPort},
	{"declared in advance", (*stage).inAdvance},
	{"sheet", (*stage).sheet},
	{"amendment", (*stage).amended},
	{"inspection", (*stage).inspected},
}

// stage is what a scene plays on: the API, with the keys of the roster.
type stage struct {
	*apiClient
	keys    *demoFile
	base    string
	clock   func() time.Time
	samples map[declarations.Direction]declarations.Declaration
	number  int // of the scene, which makes its numbers its own
	pause   time.Duration
}

// playScenes plays all of them side by side; one that fails is logged and the
// others go on.
func (t *traffic) playScenes(ctx context.Context, keys *demoFile, logger *slog.Logger) {
	done := make(chan struct{})
	for i := range demoScenes {
		s := t.stage(keys, i+1)
		go func() {
			defer func() { done <- struct{}{} }()
			if err := demoScenes[i].play(s, ctx); err != nil && ctx.Err() == nil {
				logger.Warn("sample scene", "scene", demoScenes[i].name, "error", err)
			}
		}()
	}
	for range demoScenes {
		<-done
	}
}

func (t *traffic) stage(keys *demoFile, number int) *stage {
	s := &stage{apiClient: t.client, keys: keys, base: strings.TrimSuffix(t.client.address, submissionPath), clock: t.clock, number: number,
		samples: map[declarations.Direction]declarations.Declaration{}, pause: t.poll}
	for _, d := range t.samples {
		s.samples[d.Header.TradeDirection] = d
	}
	return s
}

// declaration is a sample under numbers of this scene alone: facts of a whole
// ship must not reach what other scenes declare.
func (s *stage) declaration(direction declarations.Direction, story string, voyage time.Time) declarations.Declaration {
	now := s.clock().UTC()
	d := s.samples[direction]
	d.Items = append([]declarations.Item(nil), d.Items...)
	d.Header.ClientReference = fmt.Sprintf("%s%s%d", story, now.Format("0102150405"), s.number)
	d.Transport.VoyageNumber = fmt.Sprintf("%s%d", now.Format("021504"), s.number)
	d.Transport.TransportDocumentNumber = fmt.Sprintf("EXBS%s%d", now.Format("0102150405"), s.number)
	d.Transport.ImportExportDate = strings.ReplaceAll(string(clearance.DayOf(voyage)), "-", "")
	return d
}

// countdown: the ship came in eight days ago, so six are left.
func (s *stage) countdown(ctx context.Context) error {
	_, _, err := s.summary(ctx, s.clock().AddDate(0, 0, -8))
	return err
}

// summary hands in a two-step summary and reports the entry of its ship.
func (s *stage) summary(ctx context.Context, entry time.Time) (string, declarations.Declaration, error) {
	d := s.declaration(declarations.Import, "SBXREL", entry)
	d.Header.FilingStep = "5"
	id, err := s.hand(ctx, &d)
	if err != nil {
		return "", d, err
	}
	return id, d, s.report(ctx, "carrier", &clearance.Fact{Kind: clearance.ShipArrival, VesselName: d.Transport.MeansName,
		VoyageNumber: d.Transport.VoyageNumber, OccurredAt: entry, Reference: "ARR-" + d.Transport.VoyageNumber})
}

// completed: the full declaration follows once the goods may be picked up.
func (s *stage) completed(ctx context.Context) error {
	id, d, err := s.summary(ctx, s.clock().AddDate(0, 0, -2))
	if err != nil {
		return err
	}
	if err := s.await(ctx, id, declarations.StatusSummaryPickupReleased); err != nil {
		return err
	}
	d.Header.FilingStep = "6"
	_, err = s.send(ctx, "forwarder", submissionPath+"/"+id+"/completion", &d)
	return err
}

// combinedPort: no pair of ports is published here, so a warning says that the
// operator's table knows none.
func (s *stage) combinedPort(ctx context.Context) error {
	d := s.declaration(declarations.Import, "SBXREL", s.clock())
	d.Header.IsCombinedPort = true
	_, err := s.hand(ctx, &d)
	return err
}

// inAdvance: the manifest first, the declaration before the goods arrive at
// the terminal, their arrival after customs has it.
func (s *stage) inAdvance(ctx context.Context) error {
	d := s.declaration(declarations.Export, "SBXREL", s.clock().AddDate(0, 0, 1))
	bill := clearance.Fact{BillNumber: d.Transport.TransportDocumentNumber, VoyageNumber: d.Transport.VoyageNumber, VesselName: d.Transport.MeansName,
		Packages: d.Header.TotalPackages, GrossWeightKg: d.Header.TotalGrossWeightKg}
	manifest := bill
	manifest.Kind, manifest.OccurredAt, manifest.Reference = clearance.ManifestAccepted, s.clock().Add(-2*time.Hour), "MFT-"+bill.BillNumber
	if err := s.report(ctx, "carrier", &manifest); err != nil {
		return err
	}
	id, err := s.hand(ctx, &d)
	if err != nil {
		return err
	}
	if err := s.await(ctx, id, declarations.StatusReceived, declarations.StatusAccepted, declarations.StatusReleased, declarations.StatusClosed); err != nil {
		return err
	}
	bill.Kind, bill.OccurredAt, bill.Reference = clearance.CargoArrival, s.clock().Add(time.Second), "CAR-"+bill.BillNumber
	bill.Place = d.Transport.GoodsLocation
	return s.report(ctx, "terminal", &bill)
}

// sheet hands in a table with one good declaration and one without a goods
// name, which comes back to be corrected.
func (s *stage) sheet(ctx context.Context) error {
	table, err := s.table()
	if err != nil {
		return err
	}
	_, err = s.post(ctx, "forwarder", submissionPath, "text/csv", table)
	return err
}

func (s *stage) table() ([]byte, error) {
	good := s.declaration(declarations.Import, "SBXREL", s.clock())
	bad := s.declaration(declarations.Import, "SBXRET", s.clock())
	bad.Items[0].GoodsName = ""
	header, rows := intake.Lines(&good, true)
	_, more := intake.Lines(&bad, true)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.WriteAll(append(append([][]string{header}, rows...), more...)); err != nil {
		return nil, fmt.Errorf("write sheet: %w", err)
	}
	return out.Bytes(), nil
}

// amended: while customs inspects, the declarant asks for another goods
// location, and customs agrees.
func (s *stage) amended(ctx context.Context) error {
	d := s.declaration(declarations.Import, "SBXINS", s.clock())
	id, err := s.hand(ctx, &d)
	if err != nil {
		return err
	}
	if err := s.await(ctx, id, declarations.StatusAccepted, declarations.StatusInspection, declarations.StatusReleased); err != nil {
		return err
	}
	d.Transport.GoodsLocation = "大连示例码头二号堆场"
	why := url.Values{"reason": {"示例：货物已移至二号堆场"}}
	body, err := s.send(ctx, "forwarder", submissionPath+"/"+id+"/amendments?"+why.Encode(), &d)
	if err != nil {
		return err
	}
	var asked struct {
		Request struct {
			ID string `json:"id"`
		} `json:"request"`
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	decision, err := json.Marshal(map[string]string{"request": asked.Request.ID, "decision": "approved", "text": "【沙箱 sandbox】同意修改 approved"})
	if err != nil {
		return fmt.Errorf("write decision: %w", err)
	}
	_, err = s.post(ctx, "customs", "/api/v1/decisions", "application/json", decision)
	return err
}

// hand hands in one declaration and returns its id.
func (s *stage) hand(ctx context.Context, d *declarations.Declaration) (string, error) {
	body, err := s.send(ctx, "forwarder", submissionPath, d)
	if err != nil {
		return "", err
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return "", fmt.Errorf("read answer to %s: %w", d.Header.ClientReference, err)
	}
	return a.ID, nil
}

func (s *stage) send(ctx context.Context, who, path string, d *declarations.Declaration) ([]byte, error) {
	body, err := intake.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("write sample: %w", err)
	}
	return s.post(ctx, who, path, "application/json", body)
}

func (s *stage) report(ctx context.Context, who string, f *clearance.Fact) error {
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("write fact: %w", err)
	}
	_, err = s.post(ctx, who, "/api/v1/facts", "application/json", body)
	return err
}

func (s *stage) post(ctx context.Context, who, path, contentType string, body []byte) ([]byte, error) {
	r := s.http.R().SetHeader("Content-Type", contentType).SetHeader("Accept-Language", s.lang).SetAuthToken(string(s.keys.key(who))).SetBody(body)
	resp, err := portadapters.Call(ctx, r, http.MethodPost, s.base+path)
	if err != nil {
		return nil, fmt.Errorf("post %s: %s: %w", path, refusal(resp), err)
	}
	return resp.Body(), nil
}

// refusal is what a problem says, for the log.
func refusal(resp *resty.Response) string {
	var a answer
	if resp == nil || json.Unmarshal(resp.Body(), &a) != nil {
		return "no answer"
	}
	for _, f := range a.Faults {
		a.Title += ", " + f.Code + " at " + f.Path
	}
	return a.Title
}

// await polls until the declaration has one of these statuses.
func (s *stage) await(ctx context.Context, id string, wanted ...declarations.Status) error {
	for {
		r := s.http.R().SetAuthToken(string(s.keys.key("forwarder")))
		resp, err := portadapters.Call(ctx, r, http.MethodGet, s.base+submissionPath+"/"+id)
		if err != nil {
			return fmt.Errorf("await %s: %w", wanted[0], err)
		}
		var row struct {
			Status declarations.Status `json:"status"`
		}
		if err := json.Unmarshal(resp.Body(), &row); err != nil {
			return fmt.Errorf("await %s: %w", wanted[0], err)
		}
		if slices.Contains(wanted, row.Status) {
			return nil
		}
		if c := row.Status; c == declarations.StatusClosed || c == declarations.StatusDeleted {
			return fmt.Errorf("await %s: it is %s already", wanted[0], c)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(s.pause):
		}
	}
}

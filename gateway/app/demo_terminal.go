package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/sandbox"
	"kouan/port-adapters/sandbox/magic"
)

// demoChannel is the endpoint of the demo's terminal.
const demoChannel = "sandbox"

// demoTerminal starts the terminal that plays the other side of the demo's
// inspections; it outlives the gateway as the sandbox customs does.
func (cmd *demoCommand) demoTerminal(ctx context.Context, c *console, logger *slog.Logger) (*sandbox.RunningTerminal, error) {
	return sandbox.RunTerminal(ctx, sandbox.TerminalConfig{Terminal: &sandbox.Terminal{Name: "terminal", Clock: c.clock, Delay: cmd.Delay, Logger: logger}})
}

// introduce makes gateway and terminal known to each other: the terminal's
// key, its endpoint with a secret of this run, and what the terminals can do.
func (h *house) introduce(ctx context.Context, t *sandbox.RunningTerminal, partners *demoFile) error {
	if err := t.Gateway.To(h.url(), string(partners.key("terminal"))); err != nil {
		return err
	}
	p := auth.Principal{PartnerID: "terminal", KeyID: operator, Role: auth.Terminal}
	old, err := h.desk.Endpoints(ctx, p)
	if err != nil {
		return err
	}
	for i := range old {
		if old[i].Name == demoChannel { // of an earlier run, on a port that is gone
			if err := h.desk.DeleteEndpoint(ctx, p, old[i].ID); err != nil {
				return err
			}
		}
	}
	made, err := h.desk.AddEndpoint(ctx, p, desk.NewEndpoint{Name: demoChannel, Wire: desk.WireWebhook, Address: t.URL, Types: []string{"notice.*"}})
	if err != nil {
		return fmt.Errorf("register the sandbox terminal: %w", err)
	}
	if err := t.Webhook.Trust(made.Secret); err != nil {
		return err
	}
	rows, err := json.Marshal(demoCapabilities(h.clock()))
	if err != nil {
		return fmt.Errorf("write capabilities: %w", err)
	}
	if _, err := h.desk.SetCapabilities(ctx, operator, rows); err != nil {
		return fmt.Errorf("set capabilities: %w", err)
	}
	return h.desk.SetAliases(ctx, operator, map[string]string{"大连示例集装箱码头": "terminal", "大连示例散货码头": "terminal2"})
}

// demoCapabilities are two terminals: one with a program, one with a telephone.
func demoCapabilities(now time.Time) []inspection.Capability {
	today := now.Format(time.DateOnly)
	week := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
	return []inspection.Capability{
		{Terminal: "terminal", ValidFrom: "2026-01-01", Interface: inspection.InterfaceAPI, Channels: []string{demoChannel}, CanLock: inspection.LockPrelock, CanUnlock: true,
			AcksTransport: true, Answers: true, Hours: []inspection.Hours{{Days: week, From: "08:00", Until: "20:00"}}, SlotsPerHour: 4, TestedOn: today, Verification: "unverified",
			Sends: []inspection.Kind{inspection.Accepted, inspection.Locked, inspection.MoveStarted, inspection.MoveDone, inspection.Ready, inspection.Unlocked, inspection.MovedBack}},
		{Terminal: "terminal2", ValidFrom: "2026-01-01", Interface: inspection.InterfaceNone, CanLock: inspection.LockManual, Phone: "0411-5550102（示例）", Verification: "unverified"},
	}
}

// inspected: customs looks at a box. The order goes to the sandbox terminal,
// which accepts, locks, moves and presents it; customs finishes and releases;
// the terminal unlocks it and moves it back.
func (s *stage) inspected(ctx context.Context) error {
	d := s.declaration(declarations.Import, "SBXINS", s.clock())
	box := magic.Number(magic.Works, int(s.clock().Unix()%10_000))
	d.Containers = append([]declarations.Container(nil), d.Containers...)
	if len(d.Containers) == 0 {
		return fmt.Errorf("the sample has no container")
	}
	d.Containers[0].Number = box
	d.Transport.GoodsLocation = "大连示例集装箱码头"
	id, err := s.hand(ctx, &d)
	if err != nil {
		return err
	}
	if err := s.await(ctx, id, declarations.StatusInspection, declarations.StatusReleased, declarations.StatusClosed); err != nil {
		return err
	}
	var list struct {
		Items []struct {
			Number string `json:"notice_no"`
			Entry  string `json:"declaration_no"`
			ID     string `json:"declaration_id"`
		} `json:"items"`
	}
	if err := s.get(ctx, "forwarder", "/api/v1/notices?limit=500", &list); err != nil {
		return err
	}
	for _, n := range list.Items {
		if n.ID == id {
			return s.inspection(ctx, n.Number, n.Entry, box)
		}
	}
	return fmt.Errorf("customs' receipt opened no notice for %s", d.Header.ClientReference)
}

// inspection plays customs' part of one notice.
func (s *stage) inspection(ctx context.Context, number, entry, box string) error {
	now := s.clock().UTC()
	if entry == "" {
		entry = fmt.Sprintf("0900%014d", now.Unix()) // the sandbox customs gave none
	}
	o := inspection.Order{Action: inspection.Change, Notice: inspection.Notice{Number: number, SourceMessageID: "SBX-" + number, CustomsOffice: "0900", InspectionNumber: "SBX-" + number,
		DeclarationNumber: entry, Direction: "import", Terminal: "terminal", Attendance: inspection.AttendanceNotNeeded, Contact: "沙箱海关 sandbox", Phone: "0411-5550100",
		Orders: []inspection.Work{inspection.Lock, inspection.Move, inspection.Present},
		Boxes:  []inspection.Box{{ContainerNumber: box, Method: inspection.Manual, Depth: inspection.Door, Site: "H1", SiteName: "示例查验场地", AtSiteBy: now.Add(2 * time.Hour), PlannedStart: now.Add(3 * time.Hour)}}}}
	body, err := json.Marshal(&o)
	if err != nil {
		return fmt.Errorf("write order: %w", err)
	}
	if _, err := s.post(ctx, "customs", "/api/v1/inspection-orders", "application/json", body); err != nil {
		return err
	}
	if err := s.awaitNotice(ctx, number, inspection.StateReady); err != nil {
		return err
	}
	for _, e := range []inspection.Event{
		{Kind: inspection.Started}, {Kind: inspection.Finished, Result: inspection.Pass, Text: "【沙箱 sandbox】无异常"}, {Kind: inspection.Released},
	} {
		e.OccurredAt, e.Reference = s.clock().UTC(), "SBX-"+number+"-"+string(e.Kind)
		if body, err = json.Marshal(&e); err != nil {
			return fmt.Errorf("write event: %w", err)
		}
		if _, err := s.post(ctx, "customs", "/api/v1/notices/"+number+"/events", "application/json", body); err != nil {
			return err
		}
	}
	return s.awaitNotice(ctx, number, inspection.StateClosed)
}

// awaitNotice polls as customs until the notice has the state.
func (s *stage) awaitNotice(ctx context.Context, number string, wanted inspection.State) error {
	for {
		var n struct {
			State inspection.State `json:"state"`
			Over  bool             `json:"over"`
		}
		if err := s.get(ctx, "customs", "/api/v1/notices/"+number, &n); err != nil {
			return err
		}
		switch {
		case n.State == wanted:
			return nil
		case n.Over:
			return fmt.Errorf("await %s of notice %s: it is %s already", wanted, number, n.State)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(s.pause):
		}
	}
}

func (s *stage) get(ctx context.Context, who, path string, into any) error {
	resp, err := portadapters.Call(ctx, s.http.R().SetAuthToken(string(s.keys.key(who))), "GET", s.base+path)
	if err != nil {
		return fmt.Errorf("get %s: %w", path, err)
	}
	if err := json.Unmarshal(resp.Body(), into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

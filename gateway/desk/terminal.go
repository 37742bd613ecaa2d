package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/codes"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Codes of faults of the operator's tables of terminals.
const (
	CodeTerminalFile    = "NOT-1210" // not a list of capability rows; args: reason (slug)
	CodeTerminalMissing = "NOT-1211" // a member is missing; args: name
	CodeTerminalValue   = "NOT-1212" // a value is none of the table; args: name, value, known
	CodeTerminalUnknown = "NOT-1213" // no terminal of that name is a partner here; args: value
	CodeTerminalTime    = "NOT-1214" // days or hours that are no time; args: name, value
)

// TerminalRow is what the gateway knows of one terminal, on one day.
type TerminalRow struct {
	Name string
	inspection.Capability
	Informed string // system, mail, phone: how the terminal is told
	Stale    bool   // nobody tried it for a while
}

// Terminals are the rows of the capability table that are in force.
func (d *Desk) Terminals(ctx context.Context, p auth.Principal) ([]TerminalRow, error) {
	if err := allow(p, auth.ReadTerminals); err != nil {
		return nil, err
	}
	return d.AllTerminals(ctx)
}

// AllTerminals is the same for the operator.
func (d *Desk) AllTerminals(ctx context.Context) ([]TerminalRow, error) {
	rows, err := d.Store.AllCapabilities(ctx)
	if err != nil {
		return nil, fmt.Errorf("list capabilities: %w", err)
	}
	today := string(clearance.DayOf(d.Clock()))
	var out []TerminalRow
	for i := range rows {
		var c inspection.Capability
		if err := json.Unmarshal(rows[i].Document, &c); err != nil {
			return nil, fmt.Errorf("read capability of %s: %w", rows[i].Terminal, err)
		}
		if c.ValidFrom > today || c.ValidTo != "" && c.ValidTo < today {
			continue
		}
		same := slices.IndexFunc(out, func(t TerminalRow) bool { return t.Terminal == c.Terminal && t.Class == c.Class })
		if same >= 0 && out[same].ValidFrom > c.ValidFrom {
			continue
		}
		t := TerminalRow{Capability: c, Informed: informed(&c), Stale: d.stale(&c)}
		partner, err := d.Store.Partner(ctx, c.Terminal)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("read terminal: %w", err)
		}
		t.Name = partner.Name
		if same >= 0 {
			out[same] = t
			continue
		}
		out = append(out, t)
	}
	return out, nil
}

// informed is the honest word for how a terminal is told (push-and-errors 2.3).
func informed(c *inspection.Capability) string {
	switch {
	case c.Interface == inspection.InterfaceNone || len(c.Channels) == 0:
		return "phone"
	case c.Interface == inspection.InterfaceMail:
		return "mail"
	}
	return "system"
}

func (d *Desk) stale(c *inspection.Capability) bool {
	tested, err := codes.StartOf(c.TestedOn)
	return err != nil || d.Clock().Sub(tested) > inspection.Stale
}

// TerminalHours are the hours of a terminal's inspection desk, and the slots
// of a day that are still free to be chosen.
func (d *Desk) TerminalHours(ctx context.Context, p auth.Principal, terminal, day string) (inspection.Capability, []inspection.Slot, error) {
	if err := allow(p, auth.ReadTerminals); err != nil {
		return inspection.Capability{}, nil, err
	}
	c, err := d.capabilityOf(ctx, terminal)
	if err != nil {
		return c, nil, err
	}
	if c.ValidFrom == "" {
		return c, nil, store.ErrNotFound
	}
	return c, inspection.SlotsFor(c, day), nil
}

// SetCapabilities takes the operator's rows in: all of them, or none when one
// has a fault. A row for the same terminal, class and first day is replaced.
func (d *Desk) SetCapabilities(ctx context.Context, actor string, body []byte) (int, error) {
	var rows []inspection.Capability
	if err := json.Unmarshal(body, &rows, json.RejectUnknownMembers(true)); err != nil {
		return 0, &FaultsError{[]declarations.Fault{{Code: CodeTerminalFile, Severity: declarations.Reject, Args: map[string]string{"detail": short(err)}}}}
	}
	var faults []declarations.Fault
	c := store.Change{}
	for i := range rows {
		r := &rows[i]
		if r.Class == "" {
			r.Class = classNotice
		}
		partner, err := d.Store.Partner(ctx, r.Terminal)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, fmt.Errorf("read terminal: %w", err)
		}
		found := checkCapability(r, err == nil && partner.Role == string(auth.Terminal))
		for k := range found {
			found[k].Path = declarations.IndexPath("", i, found[k].Path)
		}
		faults = append(faults, found...)
		document, err := json.Marshal(r, json.Deterministic(true))
		if err != nil {
			return 0, fmt.Errorf("write capability: %w", err)
		}
		c.Capabilities = append(c.Capabilities, store.Capability{Terminal: r.Terminal, Class: r.Class, ValidFrom: r.ValidFrom, Document: document, UpdatedAt: d.now()})
		c.Audit = append(c.Audit, d.audit(actor, "terminal.set", r.Terminal, r.Class+" "+r.ValidFrom, digest(document)))
	}
	if len(faults) > 0 {
		return 0, &FaultsError{faults}
	}
	return len(rows), d.Store.Commit(ctx, c)
}

// checkCapability judges one row of the table.
func checkCapability(c *inspection.Capability, known bool) []declarations.Fault {
	var faults []declarations.Fault
	add := func(code, path string, args map[string]string) {
		faults = append(faults, declarations.Fault{Code: code, Severity: declarations.Reject, Path: path, Args: args})
	}
	for _, f := range []struct{ name, value string }{{"terminal", c.Terminal}, {"valid_from", c.ValidFrom}, {"verification", c.Verification}} {
		if f.value == "" {
			add(CodeTerminalMissing, f.name, map[string]string{"name": f.name})
		}
	}
	if c.Terminal != "" && !known {
		add(CodeTerminalUnknown, "terminal", map[string]string{"value": c.Terminal})
	}
	for _, f := range []struct {
		name, value string
		known       []string
	}{
		{"interface", string(c.Interface), []string{"none", "mail", "file", "edi", "api"}},
		{"can_lock", string(c.CanLock), []string{"yes", "prelock", "manual", "no"}},
		{"verification", c.Verification, []string{"confirmed", "secondary", "unverified"}},
	} {
		if f.value != "" && !slices.Contains(f.known, f.value) || f.value == "" && f.name != "verification" {
			add(CodeTerminalValue, f.name, map[string]string{"name": f.name, "value": f.value, "known": strings.Join(f.known, ", ")})
		}
	}
	for _, f := range []struct{ name, value string }{{"valid_from", c.ValidFrom}, {"valid_to", c.ValidTo}, {"tested_on", c.TestedOn}} {
		if f.value != "" && !codes.IsDay(f.value) {
			add(CodeTerminalTime, f.name, map[string]string{"name": f.name, "value": f.value})
		}
	}
	for i := range c.Hours {
		h := &c.Hours[i]
		if from, err := time.Parse("15:04", h.From); err != nil || len(h.Days) == 0 {
			add(CodeTerminalTime, declarations.IndexPath("hours", i, "from"), map[string]string{"name": "from", "value": h.From})
		} else if until, err := time.Parse("15:04", h.Until); (err != nil || !until.After(from)) && h.Until != "24:00" {
			add(CodeTerminalTime, declarations.IndexPath("hours", i, "until"), map[string]string{"name": "until", "value": h.Until})
		}
	}
	return faults
}

// hoursText writes hours as people read them: 1-5 08:00-17:00.
func hoursText(hours []inspection.Hours) string {
	parts := make([]string, 0, len(hours))
	for _, h := range hours {
		days := make([]string, 0, len(h.Days))
		for _, d := range h.Days {
			if d == time.Sunday {
				d = 7 // ISO 8601: Monday is 1
			}
			days = append(days, fmt.Sprint(int(d)))
		}
		parts = append(parts, strings.Join(days, ",")+" "+h.From+"-"+h.Until)
	}
	return strings.Join(parts, "; ")
}

// SetAliases takes rows of free text and terminal in: all or none.
func (d *Desk) SetAliases(ctx context.Context, actor string, aliases map[string]string) error {
	c := store.Change{}
	var faults []declarations.Fault
	for text, terminal := range aliases {
		alias := placeOf(text)
		p, err := d.Store.Partner(ctx, terminal)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("read terminal: %w", err)
		}
		switch {
		case alias == "" || len(alias) > 255:
			faults = append(faults, declarations.Fault{Code: CodeTerminalMissing, Severity: declarations.Reject, Path: "alias", Args: map[string]string{"name": "alias"}})
		case err != nil || p.Role != string(auth.Terminal):
			faults = append(faults, declarations.Fault{Code: CodeTerminalUnknown, Severity: declarations.Reject, Path: alias, Args: map[string]string{"value": terminal}})
		}
		c.PlaceAliases = append(c.PlaceAliases, store.PlaceAlias{Alias: alias, Terminal: terminal, UpdatedAt: d.now()})
		c.Audit = append(c.Audit, d.audit(actor, "terminal.alias", terminal, alias, ""))
	}
	if len(faults) > 0 {
		return &FaultsError{faults}
	}
	slices.SortFunc(c.PlaceAliases, func(a, b store.PlaceAlias) int { return strings.Compare(a.Alias, b.Alias) })
	return d.Store.Commit(ctx, c)
}

// Aliases are the rows of the table of places.
func (d *Desk) Aliases(ctx context.Context) ([]store.PlaceAlias, error) {
	return d.Store.PlaceAliases(ctx)
}

package program

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"kouan/declarations"
)

// AllowTerminals makes the key that seals secrets, and lets the gateway call
// this machine: the deployment can have terminals with webhooks then.
func (d *Deployment) AllowTerminals(ctx context.Context) error {
	key, errs, code, err := d.Gateway.Run(ctx, "endpoint", "key")
	if err != nil || code != 0 {
		return fmt.Errorf("make a key for secrets: code %d, %s: %w", code, errs, err)
	}
	file := filepath.Join(d.Dir, "secrets.key")
	if err := os.WriteFile(file, []byte(key), 0o600); err != nil {
		return fmt.Errorf("keep the key for secrets: %w", err)
	}
	d.Flags = append(d.Flags, "--allow-host", "127.0.0.1", "--secrets-key", file)
	return nil
}

// AddTerminal makes a terminal that is told over one endpoint, main, and does
// all of the work; it returns its key.
func (d *Deployment) AddTerminal(ctx context.Context, id, kind string) (string, error) {
	if _, err := d.Do(ctx, "partner", "add", "--id", id, "--name", id, "--role", "terminal"); err != nil {
		return "", err
	}
	out, err := d.Do(ctx, "partner", "key", id)
	if err != nil {
		return "", err
	}
	table := fmt.Sprintf(`[{"terminal": %q, "class": "inspection_notice", "valid_from": "2026-01-01", "interface": %q, "channels": ["main"], "can_lock": "yes", "can_unlock_auto": true,
  "can_reply_transport": true, "can_reply_business": true, "can_send_events": ["box_locked", "move_started", "move_done", "ready", "unlocked", "moved_back"], "verification": "unverified"}]`, id, kind)
	file := filepath.Join(d.Dir, "terminal-"+id+".json")
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		return "", fmt.Errorf("write the row of %s: %w", id, err)
	}
	_, err = d.Do(ctx, "terminal", "set", file)
	return keyIn(out), err
}

// Hook registers the webhook of a partner and returns its secret.
func Hook(ctx context.Context, base, key, format, url string) (secret string, err error) {
	var made struct {
		Secret string `json:"secret"`
	}
	body := fmt.Appendf(nil, `{"name": "main", "wire": "webhook", "format": %q, "address": %q, "types": ["notice.*"]}`, format, url)
	err = Ask(ctx, http.MethodPost, base+"/api/v1/endpoints", key, body, &made)
	return made.Secret, err
}

// Box is the n-th container number of an owner that nobody has, with its check digit.
func Box(n int) string {
	for digit := range 10 {
		if number := fmt.Sprintf("QZZU%06d%d", n, digit); declarations.CheckContainer(number) {
			return number
		}
	}
	panic("no check digit fits") // ISO 6346 has one for every number
}

// InspectionOrder is an order about one box.
func InspectionOrder(id, terminal, box string) []byte {
	return fmt.Appendf(nil, `{"action": "issue", "source_message_id": %q, "customs_office": "0900", "inspection_no": %q, "declaration_no": "090020261000123456", "direction": "import", "terminal_id": %q,
  "ship_name": "TEST SHIP", "voyage": "1E", "bill_number": "B1", "attendance": "NOT_NEEDED", "orders": ["LOCK", "MOVE"],
  "boxes": [{"container_no": %q, "size_type": "45G1", "method": "MAN", "depth": "DOOR", "site_id": "S1", "must_be_at_site_by": "2099-01-01T00:00:00Z", "planned_start": "2099-01-01T01:00:00Z"}]}`, id, "QI-"+id, terminal, box)
}

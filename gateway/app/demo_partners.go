package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// demoRoster is one partner of each kind; id is also the name of its key in demo.json.
var demoRoster = []struct {
	id   string
	role auth.Role
	name string
}{
	{"forwarder", auth.Forwarder, "大连示例报关有限公司"},
	{"forwarder2", auth.Forwarder, "大连示例货运代理有限公司"},
	{"agent", auth.Agent, "大连示例船务代理有限公司"},
	{"carrier", auth.Carrier, "示例航运公司"},
	{"haulier", auth.Haulier, "大连示例集卡运输有限公司"},
	{"terminal", auth.Terminal, "大连示例集装箱码头"},
	{"terminal2", auth.Terminal, "大连示例散货码头"},
	{"customs", auth.Customs, "海关（沙箱）"},
	{"border", auth.Border, "边检（沙箱）"},
	{"msa", auth.MSA, "海事（沙箱）"},
	{"authority", auth.Authority, "港口管理机构（示例）"},
}

// demoFile is DIR/demo.json. Its keys are the demo's own and open nothing else.
type demoFile struct {
	URL  string            `json:"url"`
	Keys map[string]string `json:"keys"`
	// Receiver is the forwarder's own system, which is told by webhook.
	Receiver string `json:"receiver,omitzero"`
	// Users are the people who sign in by password, with their roles.
	Users map[string]string `json:"users,omitempty"`

	path  string
	links map[string]string // tokens of people without a password; printed once, never written
}

func (f *demoFile) key(id string) secret { return secret(f.Keys[id]) }

// write replaces the file; only its owner may read the keys.
func (f *demoFile) write() error {
	body, err := json.Marshal(f, json.Deterministic(true), jsontext.Multiline(true))
	if err != nil {
		return fmt.Errorf("write %s: %w", f.path, err)
	}
	return writeBytes(f.path, 0o600, append(body, '\n'))
}

// demoPartners makes the roster in the database, as far as it is missing, and
// a key for each partner whose key from an earlier run is not valid there. The
// file is written before the demo serves, so that no key is lost.
func (c *console) demoPartners(ctx context.Context, s *store.Store, path string) (*demoFile, error) {
	f, err := readDemoFile(path)
	if err != nil {
		return nil, err
	}
	for _, p := range demoRoster {
		err := c.desk(s).AddPartner(ctx, operator, p.id, p.name, p.role)
		if err != nil && !store.IsConflict(err, "partner") {
			return nil, err
		}
		valid, err := validKey(ctx, s, p.id, f.Keys[p.id])
		if err != nil {
			return nil, err
		}
		if valid {
			continue
		}
		if _, f.Keys[p.id], err = c.desk(s).AddKey(ctx, operator, p.id, c.random); err != nil {
			return nil, err
		}
	}
	return f, f.write()
}

func readDemoFile(path string) (*demoFile, error) {
	f := &demoFile{Keys: map[string]string{}, path: path}
	body, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, f); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if f.Keys == nil {
		f.Keys = map[string]string{}
	}
	return f, nil
}

func validKey(ctx context.Context, s *store.Store, partner, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	p, k, err := s.PartnerByKey(ctx, auth.HashKey(key))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && p.ID == partner && k.RevokedAt == 0, err
}

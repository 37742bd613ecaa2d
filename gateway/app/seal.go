package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// secretsKey stands on every command that needs the secrets of endpoints.
type secretsKey struct {
	SecretsKey string `name:"secrets-key" help:"cli.flag.secrets_key" placeholder:"FILE"`
}

// allowHosts stands on every command that judges addresses of endpoints.
type allowHosts struct {
	AllowHost []string `name:"allow-host" help:"cli.flag.allow_host" placeholder:"HOST[:PORT]"`
}

// file is the flag, else KOUAN_SECRETS_KEY; empty: there is none.
func (k *secretsKey) file(c *console) string {
	if k.SecretsKey != "" {
		return k.SecretsKey
	}
	return c.env["KOUAN_SECRETS_KEY"]
}

// seal reads the file of keys; nil when none is named. A file that others may
// read keeps nothing secret.
func (c *console) seal(path string) (*auth.Seal, error) {
	if path == "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, &toldError{key: "cli.error.secrets_mode", args: arguments{"file": path, "mode": fmt.Sprintf("%#o", info.Mode().Perm())}}
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := auth.NewSeal(body, c.random)
	if err != nil {
		return nil, &toldError{key: "cli.error.secrets_file", args: arguments{"file": path, "reason": err.Error()}, err: err}
	}
	return s, nil
}

// demoSeal is the key file of a demo, made at its first start.
func (c *console) demoSeal(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	key, err := auth.NewSealKey(c.random)
	if err != nil {
		return err
	}
	return writeBytes(path, 0o600, []byte(key+"\n"))
}

// sealFits refuses to start when an endpoint has secrets that the keys do not
// open: it would find out at its first delivery, when it is too late.
func sealFits(ctx context.Context, s *store.Store, d *desk.Desk) error {
	active, err := s.ActiveEndpoints(ctx)
	if err != nil {
		return err
	}
	held, err := s.HeldEndpoints(ctx)
	if err != nil {
		return err
	}
	for _, e := range append(active, held...) {
		_, err := d.EndpointSecrets(&e)
		switch {
		case errors.Is(err, desk.ErrNoSeal):
			return &toldError{key: "cli.error.secrets_none", err: err}
		case err != nil:
			return &toldError{key: "cli.error.secrets_other", args: arguments{"endpoint": e.ID, "partner": e.PartnerID}, err: err}
		}
	}
	return nil
}

package app

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"kouan/gateway/outbox"
)

// owner is the name under which this process leases the outbox. It is kept
// beside an embedded database, else in the user's cache folder, one for each
// database, so that the process after a crash takes over at once what the one
// before had leased. Where no name can be kept it is a fresh one, and a crash
// costs the rest of a lease.
func (h *house) owner(c *console) string {
	dir, err := identityFolder(h.cfg.Database)
	if err == nil {
		h.identity, err = outbox.TakeIdentity(dir, c.newID)
	}
	if err != nil {
		h.logger.Info("the name for leases is not kept over a restart", slog.Any("error", err))
		return c.newID()
	}
	return h.identity.Name
}

func identityFolder(database databaseURL) (string, error) {
	if path, ok := strings.CutPrefix(string(database), "sqlite:"); ok {
		return filepath.Dir(path), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(database.String())) // without its password
	dir := filepath.Join(cache, "kouan", hex.EncodeToString(sum[:8]))
	return dir, os.MkdirAll(dir, 0o700)
}

// freeOwner lets the next process have the name.
func (h *house) freeOwner() error {
	if h.identity == nil {
		return nil
	}
	return h.identity.Release()
}

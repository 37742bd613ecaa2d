package tariffs

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// SourceHash is the SHA-256 of a source text, NFC and trimmed, in hex: what a
// translation was made from.
func SourceHash(text string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(norm.NFC.String(text))))
	return hex.EncodeToString(sum[:])
}

// termSources are the hashes of the Chinese texts from which the translations
// of the term base were made, by key.
var termSources = sync.OnceValue(func() map[string]string {
	body, err := fs.ReadFile(tables, "tables/terms_source.csv")
	sources := map[string]string{}
	if err == nil {
		err = readTable("terms_source.csv", strings.NewReader(string(body)), columns("key,source_sha256"), func(t *table) {
			sources[t.need("key")] = t.need("source_sha256")
		})
	}
	if err != nil {
		panic("built-in sources of terms: " + err.Error()) // a mistake of this package
	}
	return sources
})

// Stale reports that the Chinese text has changed since the translations were
// made. It is computed, never said by hand.
func (t *Term) Stale() bool { return termSources()[t.Key] != SourceHash(t.Texts["zh-Hans"]) }

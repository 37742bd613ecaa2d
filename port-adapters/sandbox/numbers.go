package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"
)

// maxProbes bounds the search for a free number; a collision of the hash is
// already rare.
const maxProbes = 1000

// number gives the first free candidate to a message, or to another owner of
// numbers. Candidates depend on its id only, so a restart gives the same number again; probing keeps
// it unique among all messages of this run. Must be called under the lock.
func (c *Customs) number(id string, candidate func(hash uint64) string) string {
	n := ""
	for probe := range maxProbes {
		n = candidate(hashOf(id, probe))
		if owner, taken := c.numbers[n]; !taken || owner == id {
			break
		}
	}
	c.numbers[n] = id
	return n
}

func hashOf(id string, probe int) uint64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", id, probe))
	return binary.BigEndian.Uint64(sum[:8])
}

func evenID(id string) bool { return hashOf(id, 0)&1 == 0 }

// seqNoFrom: 统一编号, I or E, year, 13 digits (decmessage.md section 6).
func seqNoFrom(f *facts, at time.Time) func(uint64) string {
	return func(hash uint64) string {
		return fmt.Sprintf("%s%04d%013d", f.flag(), at.In(chinaTime).Year(), hash%10_000_000_000_000)
	}
}

// entryNoFrom: 海关编号, office 4, year 4, import 1 or export 0, serial 9.
func entryNoFrom(f *facts, at time.Time) func(uint64) string {
	direction := 1
	if f.flag() == "E" {
		direction = 0
	}
	return func(hash uint64) string {
		return fmt.Sprintf("%s%04d%d%09d", f.officeCode(), at.In(chinaTime).Year(), direction, hash/7%1_000_000_000)
	}
}

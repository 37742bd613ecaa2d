package desk

import (
	"hash/maphash"
	"sync/atomic"
)

// recent remembers which submissions came a short while ago, so that a
// client that repeats itself is answered by a look-up instead of a write
// that fails and takes the changes beside it along. It is a hint: a wrong or
// forgotten answer costs time, never truth.
type recent struct {
	slots [1 << 14]atomic.Uint64
}

var recentSeed = maphash.MakeSeed()

// saw reports whether the same key, or without one the same request, of the
// same partner came before, and remembers it.
func (r *recent) saw(tenant, key, request string) bool {
	if key == "" {
		key = request
	}
	var h maphash.Hash
	h.SetSeed(recentSeed)
	for _, s := range []string{tenant, "\x00", key} {
		if _, err := h.WriteString(s); err != nil {
			return false // it never fails
		}
	}
	sum := h.Sum64() | 1
	return r.slots[sum>>50].Swap(sum) == sum
}

package app

import "runtime/debug"

// A gateway that serves trades memory for time: the collector runs when the
// heap has grown fourfold instead of twofold, and more often near the limit,
// so that the whole process stays well below 300 MB. GOGC and GOMEMLIMIT of
// the environment win.
const (
	collectAt   = 300
	memoryLimit = 220 << 20
)

func tuneMemory(env map[string]string) {
	if env["GOGC"] == "" {
		debug.SetGCPercent(collectAt)
	}
	if env["GOMEMLIMIT"] == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

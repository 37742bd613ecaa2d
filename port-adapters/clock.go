package portadapters

import "time"

// Now asks a Clock field what time it is; nil is the clock of the system.
func Now(clock func() time.Time) time.Time {
	if clock == nil {
		clock = time.Now
	}
	return clock()
}

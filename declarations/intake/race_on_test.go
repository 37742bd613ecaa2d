//go:build race

package intake

// raceFactor: the race detector keeps shadows of all memory in use.
const raceFactor = 4

//go:build !race

package intake

const raceFactor = 1

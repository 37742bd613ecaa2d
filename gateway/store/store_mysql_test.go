package store_test

import (
	"testing"

	"kouan/gateway/store/storetest"
)

func TestMySQL(t *testing.T) {
	t.Parallel()
	freshMySQL(t) // skips before any test begins
	storetest.Run(t, func(t *testing.T) string { return freshMySQL(t) })
}

package store_test

import (
	"testing"

	"kouan/gateway/store/storetest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) string { return freshSQLite(t) })
}

package store

import "testing"

// MySQLForTests returns the URL of a fresh database; the external tests set it.
var MySQLForTests func(testing.TB) string

package declarations

import (
	"testing"

	"kouan/declarations/testfacts"
)

// rows are the data rows of a table, each by column name.
func rows(t testing.TB, parts ...string) []map[string]string {
	t.Helper()
	return testfacts.Rows(t, parts...)
}

// Rows serves the tests that stand outside the package.
var Rows = rows

// Filled is a declaration that breaks no rule, for the tests outside.
var Filled = filled

// Faulty are the declarations that the rows of the rules break, by the name of the row.
func Faulty() map[string]*Declaration {
	out := map[string]*Declaration{}
	for name, row := range allRows() {
		d := filled(2)
		row.change(d)
		out[name] = d
	}
	return out
}

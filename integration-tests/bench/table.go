package main

import (
	"fmt"
	"slices"
	"strings"
)

// row is one line of the table: a benchmark, its floor and what it aims at.
type row struct {
	name, pkg, bench string
	floor            string  // benchmark of the same package; empty: none
	times            float64 // of the floor; 0: no aim
	ns, allocs       float64 // 0 and negative: no aim
}

// The aims are those of the issue about the whole declaration: writing within
// 10 times of its floor, parsing within 12, validating 20 lines within 50 µs
// and 100 allocations; of the issue about port charges: a quotation within
// 200 µs and 300 allocations, an import of 10,000 rows within 2 s. What it says nothing about has no aim.
var table = []row{
	{"DecMessage write", "declarations/customsxml", "Write", "FloorWrite", 10, 0, -1},
	{"DecMessage parse", "declarations/customsxml", "Parse", "FloorParse", 12, 0, -1},
	{"WCO write", "declarations/wcoxml", "Write", "WriteFloor", 10, 0, -1},
	{"WCO parse", "declarations/wcoxml", "Parse", "ParseFloor", 12, 0, -1},
	{"JSON read", "declarations/intake", "ReadJSON", "JSONFloor", 12, 0, -1},
	{"JSON write", "declarations/intake", "Marshal", "", 0, 0, -1},
	{"CSV read", "declarations/intake", "TableCSV", "TableFloor", 12, 0, -1},
	{"XLSX read", "declarations/intake", "TableXLSX", "TableFloor", 0, 0, -1},
	{"RES parse", "declarations/receipts", "ParseRES", "ParseRESFloor", 12, 0, -1},
	{"validate 20 lines", "declarations", "Validate20Lines", "", 0, 50_000, 100},
	{"diff 50 lines", "declarations/versions", "Diff50Lines", "", 0, 0, -1},
	{"XSD compile", "declarations/xsd", "Compile", "", 0, 0, -1},
	{"XSD validate", "declarations/xsd", "Validate", "", 0, 0, -1},
	{"public page", "gateway/web", "PublicPage", "PublicPageFloor", served, 0, -1},
	{"public page, 304", "gateway/web", "PublicPage304", "PublicPageFloor", served, 0, -1},
	{"fees.csv", "gateway/web", "FeesCSV", "FeesCSVFloor", served, 0, -1},
	{"search in the fees", "tariffs/search", "Find", "", 0, 0, -1},
	{"quote a ship's call", "tariffs", "QuoteOfAContainerShip", "", 0, 200_000, 300},
	{"draft 10,000 prices", "gateway/desk", "FeeImport", "FloorFeeImport", 0, 2_000_000_000, -1},
}

// served: public pages at no less than 0.7 of the requests a second of
// net/http with the same bytes, so each within 1/0.7 of its time.
const served = 1.42

func (r *row) aim() string {
	switch {
	case r.times > 0:
		return fmt.Sprintf("%g×", r.times)
	case r.ns > 0 && r.allocs < 0:
		return fmt.Sprintf("%g ms", r.ns/1_000_000)
	case r.ns > 0:
		return fmt.Sprintf("%g µs, %g allocs", r.ns/1000, r.allocs)
	}
	return "–"
}

// packages of the table, each once, in its order.
func packages() []string {
	var list []string
	for i := range table {
		if !slices.Contains(list, table[i].pkg) {
			list = append(list, table[i].pkg)
		}
	}
	return list
}

// pattern matches the benchmarks of a package that the table asks for.
func pattern(pkg string) string {
	var names []string
	for i := range table {
		if table[i].pkg != pkg {
			continue
		}
		for _, name := range []string{table[i].bench, table[i].floor} {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return "^Benchmark(" + strings.Join(names, "|") + ")$"
}

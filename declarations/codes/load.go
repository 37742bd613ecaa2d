package codes

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed tables/*.csv
var builtIn embed.FS

// Awaited are tables that nobody could obtain yet (facts/README.md, Not
// available). An operator who has one may bring it; the program has none.
var Awaited = []string{
	"certificate_requests",  // 申请单证
	"container_types",       // 集装箱规格
	"customs_ports",         // 指运港, 经停港: six characters
	"domestic_ports",        // 入境口岸, 离境口岸
	"licence_product_types", // 许可证类别 of DecGoodsLimit
}

// Default is the set that is built in.
var Default = sync.OnceValue(func() *Set {
	sub, err := fs.Sub(builtIn, "tables")
	if err != nil {
		panic(err)
	}
	s, err := loadBuiltIn(sub)
	if err != nil {
		panic("built-in code tables: " + err.Error())
	}
	return s
})

func loadBuiltIn(dir fs.FS) (*Set, error) {
	files, err := fs.Glob(dir, "*.csv")
	if err != nil {
		return nil, fmt.Errorf("list code tables: %w", err)
	}
	s := &Set{tables: make(map[string]*Table, len(files))}
	for _, file := range files {
		t, err := readFile(dir, file, strings.TrimSuffix(file, ".csv"), nil)
		if err != nil {
			return nil, err
		}
		s.tables[t.Name] = t
	}
	s.seal()
	return s, nil
}

func readFile(dir fs.FS, file, name string, like *Table) (t *Table, err error) {
	f, err := dir.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open code table: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return read(name, file, f, like)
}

// seal sorts the names and computes the edition.
func (s *Set) seal() {
	s.names = slices.Sorted(maps.Keys(s.tables))
	sum := sha256.New()
	for _, name := range s.names {
		for _, t := range s.tables[name].Editions() {
			fmt.Fprintf(sum, "%s %s %s\n", name, t.Edition.Day, t.Edition.Digest)
		}
	}
	s.edition = hex.EncodeToString(sum.Sum(nil)[:8])
}

// Open reads a folder over the built-in set: TABLE.csv stands in for a whole
// table, TABLE.2026-01-01.csv for the table from that day on. Other names
// than *.csv are not looked at. What is wrong in any file is a *FaultsError
// with every fault of all of them; then there is no set. A nil folder gives
// the built-in set.
func Open(dir fs.FS) (*Set, error) {
	if dir == nil {
		return Default(), nil
	}
	files, err := tableFiles(dir)
	if err != nil {
		return nil, err
	}
	s := &Set{tables: maps.Clone(Default().tables)}
	var faults []Fault
	for _, f := range files {
		found, err := s.lay(dir, f)
		if err != nil {
			return nil, err
		}
		faults = append(faults, found...)
	}
	if len(faults) > 0 {
		sortFaults(faults)
		return nil, &FaultsError{faults}
	}
	s.seal()
	return s, nil
}

// tableFile is the name of a file, taken apart.
type tableFile struct{ file, table, day string }

// tableFiles lists the files of tables, those without a day first: they
// replace what the dated ones are added to.
func tableFiles(dir fs.FS) ([]tableFile, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fmt.Errorf("list code tables: %w", err)
	}
	var files []tableFile
	for _, e := range entries {
		ext := path.Ext(e.Name())
		if e.IsDir() || !strings.EqualFold(ext, ".csv") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		table, day, _ := strings.Cut(strings.TrimSuffix(e.Name(), ext), ".")
		files = append(files, tableFile{e.Name(), table, day})
	}
	slices.SortFunc(files, func(a, b tableFile) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.file, b.file))
	})
	return files, nil
}

// name is what the file must be called.
func (f tableFile) name() string {
	if f.day == "" {
		return f.table + ".csv"
	}
	return f.table + "." + f.day + ".csv"
}

// lay puts one file of the operator over the set.
func (s *Set) lay(dir fs.FS, f tableFile) ([]Fault, error) {
	if f.day != "" && !IsDay(f.day) || f.file != f.name() {
		return []Fault{{File: f.file, Code: CodeFileName, Args: map[string]string{"name": f.file}}}, nil
	}
	like := Default().Table(f.table)
	if like == nil && !slices.Contains(Awaited, f.table) {
		known := slices.Sorted(slices.Values(slices.Concat(Awaited, Default().names)))
		return []Fault{{File: f.file, Code: CodeNoTable, Args: map[string]string{"table": f.table, "known": strings.Join(known, ", ")}}}, nil
	}
	t, err := readFile(dir, f.file, f.table, like)
	var bad *FaultsError
	switch {
	case errors.As(err, &bad):
		return bad.Faults, nil
	case err != nil:
		return nil, err
	}
	t.Edition.File, t.Edition.Day = f.file, f.day
	if f.day != "" {
		t = s.tables[f.table].with(t)
	}
	s.tables[f.table] = t
	return nil, nil
}

// with is the table with one more edition, later than those it has; the
// built-in one is not touched.
func (t *Table) with(edition *Table) *Table {
	if t == nil { // an awaited table that begins with an edition: nothing before it
		t = &Table{Name: edition.Name, Gap: GapNotObtained, columns: edition.columns}
	}
	out := *t
	out.editions = append(slices.Clone(t.editions), edition)
	return &out
}

// chinaStandard is the time of the port and of customs, by whose days tables
// come into force.
var chinaStandard = time.FixedZone("CST", 8*60*60)

// DayOf is the day of a moment at the port (2006-01-02).
func DayOf(at time.Time) string { return at.In(chinaStandard).Format(time.DateOnly) }

// StartOf is the first moment of a day at the port.
func StartOf(day string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, day, chinaStandard)
}

package codes

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed tables/*.csv
var builtIn embed.FS

// Default is the set that is built in.
var Default = sync.OnceValue(func() *Set {
	sub, err := fs.Sub(builtIn, "tables")
	if err != nil {
		panic(err)
	}
	s, err := load(sub)
	if err != nil {
		panic("built-in code tables: " + err.Error())
	}
	return s
})

func load(dir fs.FS) (*Set, error) {
	files, err := fs.Glob(dir, "*.csv")
	if err != nil {
		return nil, fmt.Errorf("list code tables: %w", err)
	}
	s := &Set{tables: make(map[string]*Table, len(files))}
	for _, name := range files {
		f, err := dir.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open code table: %w", err)
		}
		t, err := Read(strings.TrimSuffix(name, ".csv"), f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		s.tables[t.Name] = t
		s.names = append(s.names, t.Name)
	}
	slices.Sort(s.names)
	return s, nil
}

// Read reads one table from CSV with a header row. Columns code, name_zh,
// name_en and status are required; columns it does not know are kept as Extra.
func Read(name string, r io.Reader) (*Table, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("code table %s: header: %w", name, err)
	}
	for _, want := range []string{"code", "name_zh", "name_en", "status"} {
		if !slices.Contains(header, want) {
			return nil, fmt.Errorf("code table %s: no column %s", name, want)
		}
	}
	t := &Table{Name: name, index: map[string][]int{}, other: map[string]map[string]int{}}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, fmt.Errorf("code table %s: %w", name, err)
		}
		t.add(entry(header, row))
	}
}

func entry(header, row []string) Entry {
	var e Entry
	for i, column := range header {
		switch v := row[i]; column {
		case "scope":
			e.Scope = v
		case "code":
			e.Code = v
		case "name_zh":
			e.NameZh = v
		case "name_en":
			e.NameEn = v
		case "valid_from":
			e.ValidFrom = v
		case "valid_to":
			e.ValidTo = v
		case "status":
			e.Status = v
		case "note":
			e.Note = v
		default:
			if v == "" {
				continue
			}
			if e.Extra == nil {
				e.Extra = map[string]string{}
			}
			e.Extra[column] = v
		}
	}
	return e
}

func (t *Table) add(e Entry) {
	i := len(t.Entries)
	t.Entries = append(t.Entries, e)
	key := e.Scope + "\x00" + e.Code
	t.index[key] = append([]int{i}, t.index[key]...)
	for column, v := range e.Extra {
		if t.other[column] == nil {
			t.other[column] = map[string]int{}
		}
		if _, taken := t.other[column][v]; !taken {
			t.other[column][v] = i
		}
	}
}

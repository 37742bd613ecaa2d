package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations/codes"
)

// codeFolder stands on every command that looks codes up.
type codeFolder struct {
	Codes string `name:"codes" help:"cli.flag.codes" placeholder:"DIR"`
}

// source opens the tables of the folder over the built-in ones. What is wrong
// with them is told line by line.
func (f codeFolder) source(c *console) (*codes.Source, error) {
	var dir fs.FS
	if f.Codes != "" {
		dir = os.DirFS(f.Codes)
	}
	source, err := codes.NewSource(dir)
	var bad *codes.FaultsError
	switch {
	case errors.As(err, &bad):
		if err := c.tellCodeFaults(f.Codes, bad.Faults); err != nil {
			return nil, err
		}
		return nil, &toldError{key: "cli.error.codes", args: arguments{"folder": f.Codes, "count": strconv.Itoa(len(bad.Faults))}, err: err}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &toldError{key: "cli.error.no_file", args: arguments{"file": f.Codes}, err: err}
	}
	return source, err
}

// tellCodeFaults writes FILE:LINE:COL CODE - text, as the faults of documents.
func (c *console) tellCodeFaults(dir string, faults []codes.Fault) error {
	for i := range faults {
		f := &faults[i]
		if _, err := fmt.Fprintf(c.err, "%s/%s:%d:%d %s - %s\n", strings.TrimSuffix(dir, "/"), f.File, f.Line, f.Column, f.Code, c.words.Fault(f.Code, f.Args)); err != nil {
			return fmt.Errorf("write faults: %w", err)
		}
	}
	return nil
}

type codesCommand struct {
	List codesList `cmd:"" help:"cli.usage.codes_list"`
	Find codesFind `cmd:"" help:"cli.usage.codes_find"`
}

// codesQuery is what list and find share.
type codesQuery struct {
	codeFolder `embed:""`
	Date       string `help:"cli.flag.code_date" placeholder:"DATE"`
	JSON       bool   `name:"json" help:"cli.flag.code_json"`
}

// open gives the tables and the day they are asked for.
func (q *codesQuery) open(c *console) (set *codes.Set, day string, err error) {
	day = q.Date
	if day == "" {
		day = codes.DayOf(c.clock())
	}
	if !codes.IsDay(day) {
		return nil, "", &usageError{key: "cli.error.date", args: arguments{"value": day}}
	}
	source, err := q.source(c)
	if err != nil {
		return nil, "", err
	}
	return source.Set(), day, nil
}

func noCodeTable(set *codes.Set, name string) error {
	return &usageError{key: "cli.error.code_table", args: arguments{"value": name, "known": strings.Join(set.Names(), ", ")}}
}

// codesList shows the tables, or the codes of one.
type codesList struct {
	codesQuery `embed:""`
	Table      string `arg:"" optional:"" name:"table" help:"cli.arg.code_table"`
}

// Run exits 1 when a table has no code on the day.
func (cmd *codesList) Run(c *console) error {
	set, day, err := cmd.open(c)
	if err != nil {
		return err
	}
	if cmd.Table == "" {
		return cmd.tables(c, set, day)
	}
	table := set.Table(cmd.Table)
	if table == nil {
		return noCodeTable(set, cmd.Table)
	}
	table = table.On(day)
	var rows []shownCode
	for i := range table.Entries {
		if e := &table.Entries[i]; e.In(day) {
			rows = append(rows, shownCode{cmd.Table, *e})
		}
	}
	if len(rows) == 0 {
		c.complain(c.words.text("cli.codes.not_yet", arguments{"table": cmd.Table, "date": day}))
		return faultyError{}
	}
	return cmd.show(c, rows, false)
}

// shownTable is one line of codes list --json.
type shownTable struct {
	Table    string        `json:"table"`
	Title    string        `json:"title"`
	Count    int           `json:"count"`
	Complete bool          `json:"complete"`
	Gap      string        `json:"gap,omitzero"`
	Edition  codes.Edition `json:"edition"`
}

func (cmd *codesList) tables(c *console, set *codes.Set, day string) error {
	grid := make([][]string, 0, len(set.Names()))
	for _, name := range set.Names() {
		t := set.Table(name).On(day)
		shown := shownTable{Table: name, Title: c.words.Code("table", name), Complete: t.Complete(), Gap: t.Gap, Edition: t.Edition}
		for i := range t.Entries {
			if t.Entries[i].In(day) {
				shown.Count++
			}
		}
		if cmd.JSON {
			if err := c.printJSON(&shown); err != nil {
				return err
			}
			continue
		}
		complete, file := c.words.text("cli.codes.complete", nil), t.Edition.File
		if !t.Complete() {
			complete = c.words.text("cli.codes.incomplete", arguments{"gap": c.words.Code("gap", t.Gap)})
		}
		if file == "" {
			file = c.words.text("cli.codes.built_in", nil)
		}
		grid = append(grid, []string{name, shown.Title, c.words.text("cli.codes.count", arguments{"count": strconv.Itoa(shown.Count)}), file, complete})
	}
	return c.printGrid(grid)
}

// codesFind searches one table or all.
type codesFind struct {
	codesQuery `embed:""`
	Table      string `help:"cli.flag.code_table" placeholder:"TABLE"`
	Query      string `arg:"" name:"query" help:"cli.arg.code_query"`
}

// Run prints the best finds of each table first, and exits 1 when there is none.
func (cmd *codesFind) Run(c *console) error {
	set, day, err := cmd.open(c)
	if err != nil {
		return err
	}
	names := set.Names()
	if cmd.Table != "" {
		if set.Table(cmd.Table) == nil {
			return noCodeTable(set, cmd.Table)
		}
		names = []string{cmd.Table}
	}
	var rows []shownCode
	for _, name := range names {
		for _, m := range set.Table(name).On(day).Search(cmd.Query) {
			if m.In(day) {
				rows = append(rows, shownCode{name, *m.Entry})
			}
		}
	}
	if len(rows) == 0 {
		c.complain(c.words.text("cli.codes.none", arguments{"query": cmd.Query}))
		return faultyError{}
	}
	return cmd.show(c, rows, true)
}

// shownCode is a code with the table it stands in.
type shownCode struct {
	Table string `json:"table"`
	codes.Entry
}

func (q *codesQuery) show(c *console, rows []shownCode, withTable bool) error {
	grid := make([][]string, 0, len(rows))
	for i := range rows {
		row := &rows[i]
		if q.JSON {
			if err := c.printJSON(row); err != nil {
				return err
			}
			continue
		}
		cells := c.codeCells(&row.Entry)
		if withTable {
			cells = append([]string{row.Table}, cells...)
		}
		grid = append(grid, cells)
	}
	return c.printGrid(grid)
}

// codeCells is a code in words: the code, its name, how well it is borne out,
// whether it is used, and the rest that is known.
func (c *console) codeCells(e *codes.Entry) []string {
	code := e.Code
	if code == "" {
		code = "-"
	}
	if e.Scope != "" {
		code = e.Scope + " " + code
	}
	var rest []string
	if e.Standing() != codes.Unstated {
		rest = append(rest, c.words.Code("standing", string(e.Standing())))
	}
	if e.ValidFrom != "" || e.ValidTo != "" {
		rest = append(rest, e.ValidFrom+"…"+e.ValidTo)
	}
	for _, name := range []string{"alpha2", "old_numeric", "unece_rec20"} {
		if v := e.Extra[name]; v != "" {
			rest = append(rest, v)
		}
	}
	if e.Note != "" {
		rest = append(rest, e.Note)
	}
	return []string{code, e.Name(string(c.words.Lang())), c.words.Code("status", e.Status), strings.Join(rest, " · ")}
}

func (c *console) printJSON(v any) error {
	line, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write as JSON: %w", err)
	}
	return c.print("%s\n", line)
}

// codesEvery is how often a serving gateway looks at its folder of tables; a
// change is in force after two looks.
const codesEvery = 5 * time.Second

// followCodes keeps the tables as the folder has them until ctx ends. A
// faulty file is told, and changes nothing.
func (h *house) followCodes(ctx context.Context) error {
	if h.cfg.Codes == "" {
		return nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(h.cfg.CodesEvery):
		}
		changed, err := h.codes.Reload()
		var bad *codes.FaultsError
		switch {
		case errors.As(err, &bad):
			h.logger.WarnContext(ctx, "code tables were refused, the ones before stay in force", "folder", h.cfg.Codes, "faults", bad.Error())
		case err != nil:
			h.logger.WarnContext(ctx, "code tables could not be looked at", "folder", h.cfg.Codes, "error", err)
		case changed:
			h.logger.InfoContext(ctx, "code tables changed", "folder", h.cfg.Codes, "edition", h.codes.Set().Edition())
		}
	}
}

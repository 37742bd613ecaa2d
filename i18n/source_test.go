package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	faultCode = regexp.MustCompile(`^(API|DEC|XML|RCP|CSV|NOT|FEE|BRD|QUA|EDI)-\d{4}$`)
	cliKey    = regexp.MustCompile(`^cli(\.[a-z_]+)+$`)
	helpKey   = regexp.MustCompile(`\bhelp:"(cli[a-z_.]+)"`) // the help of a command or flag, in a struct tag
)

// use is a key that source code names, and the arguments that stand beside it.
type use struct {
	key, place string
	args       []string
	argsKnown  bool
}

// usesIn finds fault codes, keys of the command line, and what is asked of a
// method Text by a literal key. The arguments of a key are the map literal
// beside it, in the same call or composite literal.
func usesIn(fset *token.FileSet, file *ast.File) []use {
	var uses []use
	ast.Inspect(file, func(n ast.Node) bool {
		var siblings []ast.Expr
		isText := false
		switch n := n.(type) {
		case *ast.Field:
			if n.Tag != nil {
				if m := helpKey.FindStringSubmatch(literal(n.Tag)); m != nil {
					uses = append(uses, use{key: m[1], place: fset.Position(n.Pos()).String(), argsKnown: true})
				}
			}
		case *ast.BasicLit:
			if s := literal(n); faultCode.MatchString(s) || cliKey.MatchString(s) {
				uses = append(uses, use{key: keyOf(s), place: fset.Position(n.Pos()).String()})
			}
		case *ast.CallExpr:
			siblings = n.Args
			selector, ok := n.Fun.(*ast.SelectorExpr)
			isText = ok && selector.Sel.Name == "Text" && len(n.Args) == 2
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					e = kv.Value
				}
				siblings = append(siblings, e)
			}
		}
		args, known := argsAmong(siblings)
		for i, e := range siblings {
			key := literal(e)
			if isText && i == 0 && key != "" || known && (faultCode.MatchString(key) || cliKey.MatchString(key)) {
				uses = append(uses, use{keyOf(key), fset.Position(e.Pos()).String(), args, known})
			}
		}
		return true
	})
	return uses
}

func keyOf(s string) string {
	if faultCode.MatchString(s) {
		return "fault." + s
	}
	return s
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}

// argsAmong reads the map literal, or the nil, among expressions; known is
// false when there is neither.
func argsAmong(siblings []ast.Expr) (names []string, known bool) {
	for _, e := range siblings {
		switch e := e.(type) {
		case *ast.Ident:
			known = known || e.Name == "nil"
		case *ast.CompositeLit:
			for _, elt := range e.Elts {
				if kv, ok := elt.(*ast.KeyValueExpr); ok && literal(kv.Key) != "" {
					names, known = append(names, literal(kv.Key)), true
				}
			}
		}
	}
	return names, known
}

// wrong says what a use lacks, or nothing.
func wrong(u use) string {
	wanted, ok := Placeholders(u.key)
	if !ok {
		return "has no text"
	}
	for _, name := range wanted {
		if u.argsKnown && !slices.Contains(u.args, name) {
			return "lacks the argument " + name
		}
	}
	return ""
}

func TestEveryKeyInTheSourceHasAText(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	fset, read, seen := token.NewFileSet(), 0, 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		read++
		for _, u := range usesIn(fset, file) {
			seen++
			if what := wrong(u); what != "" {
				t.Errorf("%s: %s %s", u.place, u.key, what)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Errorf("no key found in %d files: the search is broken", read)
	}
}

func TestTheSearchBites(t *testing.T) {
	t.Parallel()
	const source = `package x
var code = "DEC-9998"
func f(p P) {
	p.Text("status.released", nil)
	p.Text("fault.DEC-0025", map[string]string{"limit": "50"})
	p.Text("no.such.key", nil)
	say("cli.outbox.busy", arguments{"ids": "1"})
	report(&told{key: "cli.error.lang", args: arguments{"value": "x"}})
}
type command struct {
	Addr string ` + "`help:\"cli.flag.nowhere\" default:\"x\"`" + `
	Data string ` + "`help:\"cli.flag.data\"`" + `
}`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range usesIn(fset, file) {
		if what := wrong(u); what != "" {
			got = append(got, u.key+" "+what)
		}
	}
	want := []string{"fault.DEC-9998 has no text", "fault.DEC-0025 lacks the argument count", "no.such.key has no text",
		"cli.outbox.busy lacks the argument id", "cli.error.lang lacks the argument known", "cli.flag.nowhere has no text"}
	if !slices.Equal(want, got) {
		t.Errorf("found %q, want %q", got, want)
	}
}

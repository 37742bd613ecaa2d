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

var faultCode = regexp.MustCompile(`^(API|DEC|XML|RCP|CSV|NOT|FEE|BRD|QUA|EDI)-\d{4}$`)

// use is a key that source code names, and the arguments that stand with it.
type use struct {
	key, place string
	args       []string
	argsKnown  bool
}

// usesIn finds fault codes, and calls of Text with a literal key.
func usesIn(fset *token.FileSet, file *ast.File) []use {
	var uses []use
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s := literal(n); faultCode.MatchString(s) {
				uses = append(uses, use{key: "fault." + s, place: fset.Position(n.Pos()).String()})
			}
		case *ast.CallExpr:
			selector, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || selector.Sel.Name != "Text" || len(n.Args) != 2 {
				return true
			}
			key := literal(n.Args[0])
			if key == "" {
				return true
			}
			args, known := argNames(n.Args[1])
			uses = append(uses, use{key, fset.Position(n.Pos()).String(), args, known})
		}
		return true
	})
	return uses
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

// argNames reads nil or a map literal; known is false for anything else.
func argNames(e ast.Expr) (names []string, known bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return nil, e.Name == "nil"
	case *ast.CompositeLit:
		for _, elt := range e.Elts {
			kv, ok := elt.(*ast.KeyValueExpr)
			if !ok || literal(kv.Key) == "" {
				return nil, false
			}
			names = append(names, literal(kv.Key))
		}
		return names, true
	}
	return nil, false
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
	want := []string{"fault.DEC-9998 has no text", "fault.DEC-0025 lacks the argument count", "no.such.key has no text"}
	if !slices.Equal(want, got) {
		t.Errorf("found %q, want %q", got, want)
	}
}

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
	faultCode = regexp.MustCompile(`^(AMD|API|CLR|COD|CSV|DEC|DXP|FCT|RCP|WCO|XML|XSD|NOT|FEE|USR|BRD|QUA|EDI|I18N)-\d{4}$`)
	cliKey    = regexp.MustCompile(`^cli(\.[a-z0-9_]+)+$`)
	helpKey   = regexp.MustCompile(`\bhelp:"(cli[a-z0-9_.]+)"`) // the help of a command or flag, in a struct tag
	argument  = regexp.MustCompile(`^[a-z_]+$`)                 // name of an argument
	slugWord  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// use is a key that source code names, and the arguments that stand beside it.
type use struct {
	key, place string
	args       []string
	argsKnown  bool
}

// codes are the constants that hold a fault code, as package.Name.
type codes map[string]string

// add notes the constants of a file.
func (c codes) add(file *ast.File) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			v := spec.(*ast.ValueSpec)
			for i := range v.Values {
				if s := literal(v.Values[i]); faultCode.MatchString(s) {
					c[file.Name.Name+"."+v.Names[i].Name] = s
				}
			}
		}
	}
}

// of is the code that an expression names by its constant, or nothing.
func (c codes) of(pkg string, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return c[pkg+"."+e.Name]
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return c[x.Name+"."+e.Sel.Name]
		}
	}
	return ""
}

// usesIn finds fault codes, slugs, keys of the command line, and what is asked
// of a method Text or Plural by a literal key. The arguments of a key stand beside it, in
// the same call or composite literal: as a map literal, or as names and values
// in turn.
func usesIn(fset *token.FileSet, file *ast.File, known codes) []use {
	var uses []use
	add := func(key string, at ast.Node, args []string, argsKnown bool) {
		uses = append(uses, use{key, fset.Position(at.Pos()).String(), args, argsKnown})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		var siblings []ast.Expr
		isText, isPlural, isCall := false, false, false
		switch n := n.(type) {
		case *ast.Field:
			if n.Tag != nil {
				if m := helpKey.FindStringSubmatch(literal(n.Tag)); m != nil {
					add(m[1], n, nil, true)
				}
			}
		case *ast.BasicLit:
			if s := literal(n); faultCode.MatchString(s) || cliKey.MatchString(s) {
				add(keyOf(s), n, nil, false)
			}
		case *ast.CallExpr:
			siblings, isCall = n.Args, true
			selector, ok := n.Fun.(*ast.SelectorExpr)
			isText = ok && selector.Sel.Name == "Text" && len(n.Args) == 2
			isPlural = ok && selector.Sel.Name == "Plural" && len(n.Args) == 3
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if key := slugKey(kv.Key, kv.Value); key != "" {
						names, _ := argsAmong([]ast.Expr{n})
						add(key, kv, names, true)
					}
					e = kv.Value
				}
				siblings = append(siblings, e)
			}
		}
		args, argsKnown := argsAmong(siblings)
		if isPlural {
			args = append(args, counted) // filled in by Plural
		}
		named := namesAmong(siblings)
		for i, e := range siblings {
			key := literal(e)
			if (isText || isPlural) && i == 0 && key != "" || argsKnown && (faultCode.MatchString(key) || cliKey.MatchString(key)) {
				add(keyOf(key), e, args, argsKnown)
			}
			if code := known.of(file.Name.Name, e); code != "" && len(args)+len(named) > 0 {
				add(keyOf(code), e, append(slices.Clone(args), named...), true)
			}
			if i+1 < len(siblings) {
				// A slug alone in a list gets its arguments where the list is used.
				if key := slugKey(e, siblings[i+1]); key != "" {
					add(key, e, named, isCall || len(siblings) > 2)
				}
			}
		}
		return true
	})
	return uses
}

// slugKey is the key of the word for an argument that is a slug, or nothing.
func slugKey(name, value ast.Expr) string {
	arg, slug := literal(name), literal(value)
	for _, s := range slugs {
		if s.arg == arg && slugWord.MatchString(slug) {
			return s.prefix + slug
		}
	}
	return ""
}

// namesAmong are the literals that can be names of arguments.
func namesAmong(siblings []ast.Expr) []string {
	var names []string
	for _, e := range siblings {
		if s := literal(e); argument.MatchString(s) {
			names = append(names, s)
		}
	}
	return names
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

// sources parses every file of the program; tests are not part of it.
func sources(t *testing.T, fset *token.FileSet) []*ast.File {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
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
		files = append(files, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestEveryKeyInTheSourceHasAText(t *testing.T) {
	t.Parallel()
	fset, known, used := token.NewFileSet(), codes{}, map[string]bool{}
	files := sources(t, fset)
	for _, file := range files {
		known.add(file)
	}
	for _, file := range files {
		for _, u := range usesIn(fset, file, known) {
			used[u.key] = true
			if what := wrong(u); what != "" {
				t.Errorf("%s: %s %s", u.place, u.key, what)
			}
		}
	}
	if len(used) == 0 || len(known) == 0 {
		t.Errorf("%d keys and %d codes found in %d files: the search is broken", len(used), len(known), len(files))
	}
	for key := range catalogues()[ZhHans].texts {
		for _, s := range slugs {
			if strings.HasPrefix(key, s.prefix) && !used[key] {
				t.Errorf("%s is the word of a slug that nothing in the source says", key)
			}
		}
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
	p.Plural("length.days", n, nil)
	p.Plural("no.such.count", n, nil)
	say("cli.outbox.busy", arguments{"ids": "1"})
	report(&told{key: "cli.error.lang", args: arguments{"value": "x"}})
	fail(at, "reason", "no_such_reason")
	fail(at, "reason", "ends_early", "open", name)
	fail(at, "reason", "stray_end_tag")
	p.reject(codeUnknown, at, "element", name)
	p.reject(other.codeUnknown, at, "element", name)
}
const codeUnknown = "DEC-0007"
var late = [][]string{{"reason", "attribute_twice"}, {"unit", "miles"}, {"want", "1"}}
var fault = Fault{Code: codeUnknown, Args: map[string]string{"reason": "other_root", "element": "x"}}
type command struct {
	Addr string ` + "`help:\"cli.flag.nowhere\" default:\"x\"`" + `
	Data string ` + "`help:\"cli.flag.data\"`" + `
}`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	known := codes{}
	known.add(file)
	var got []string
	for _, u := range usesIn(fset, file, known) {
		if what := wrong(u); what != "" {
			got = append(got, u.key+" "+what)
		}
	}
	want := []string{"fault.DEC-9998 has no text", "fault.DEC-0025 lacks the argument count", "no.such.key has no text", "no.such.count has no text",
		"cli.outbox.busy lacks the argument id", "cli.error.lang lacks the argument known",
		"reason.no_such_reason has no text", "reason.stray_end_tag lacks the argument end_tag",
		"fault.DEC-0007 lacks the argument kept", "unit.miles has no text",
		"fault.DEC-0007 lacks the argument kept", "reason.other_root lacks the argument root", "cli.flag.nowhere has no text"}
	if !slices.Equal(want, got) {
		t.Errorf("found %q, want %q", got, want)
	}
}

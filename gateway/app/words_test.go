package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/i18n"
)

// indirect keys are handed on to the function that fills them.
var indirect = map[string][]string{"cli.outbox.replayed": {"id", "receiver"}, "cli.outbox.cancelled": {"id", "receiver"}}

// Every key that the package says has a text, and gets exactly the arguments
// that the text wants. Keys and their arguments stand beside each other in
// the source: in one call or in one composite literal.
func TestEveryKeyHasATextAndItsArguments(t *testing.T) {
	t.Parallel()
	found := 0
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			var siblings []ast.Expr
			switch at := n.(type) {
			case *ast.CallExpr:
				siblings = at.Args
			case *ast.CompositeLit:
				siblings = at.Elts
			case *ast.Field:
				if at.Tag != nil {
					for _, key := range keysIn(at.Tag.Value) {
						found++
						checkKey(t, key, nil)
					}
				}
				return true
			default:
				return true
			}
			key, args := keyAndArguments(siblings)
			if call, ok := n.(*ast.CallExpr); ok && callsPlural(call) {
				args = append(args, "count") // Plural fills it in
			}
			if key != "" {
				found++
				checkKey(t, key, args)
			}
			return true
		})
	}
	if found < 80 {
		t.Errorf("found %d keys in the source, the search itself is broken", found)
	}
}

func callsPlural(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Plural"
}

func sources(t *testing.T) []*ast.File {
	t.Helper()
	set := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// keyAndArguments looks at expressions that stand side by side.
func keyAndArguments(siblings []ast.Expr) (key string, args []string) {
	for _, e := range siblings {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		switch at := e.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(at.Value); err == nil && strings.HasPrefix(text, "cli.") && len(text) > 4 {
				key = text
			}
		case *ast.CompositeLit:
			if name, ok := at.Type.(*ast.Ident); ok && name.Name == "arguments" {
				for _, elt := range at.Elts {
					name, err := strconv.Unquote(elt.(*ast.KeyValueExpr).Key.(*ast.BasicLit).Value)
					if err == nil {
						args = append(args, name)
					}
				}
			}
		}
	}
	return key, args
}

// keysIn are the keys in a kong tag.
func keysIn(tag string) []string {
	var keys []string
	for part := range strings.SplitSeq(tag, `"`) {
		if strings.HasPrefix(part, "cli.") {
			keys = append(keys, part)
		}
	}
	return keys
}

func checkKey(t *testing.T, key string, args []string) {
	t.Helper()
	want, ok := i18n.Placeholders(key)
	if !ok {
		t.Errorf("%s has no text", key)
		return
	}
	if args == nil {
		args = indirect[key]
	}
	slices.Sort(args)
	if len(want) == 0 && len(args) == 0 {
		return
	}
	// A text may leave out what it has no use for; it may not ask for more.
	missing := slices.DeleteFunc(slices.Clone(want), func(name string) bool { return slices.Contains(args, name) })
	if len(missing) > 0 {
		t.Errorf("%s: placeholders without an argument (-want +got):\n%s", key, cmp.Diff(want, args))
	}
}

func TestChooseWords(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args []string
		env  map[string]string
		want i18n.Lang
		bad  bool
	}{
		"flag wins over environment": {[]string{"check", "--lang", "ja"}, map[string]string{"LANG": "zh_CN.UTF-8"}, i18n.Ja, false},
		"flag with equals sign":      {[]string{"--lang=de", "check"}, nil, i18n.De, false},
		"environment":                {[]string{"check"}, map[string]string{"LANG": "zh_CN.UTF-8"}, i18n.ZhHans, false},
		"after -- it is a file":      {[]string{"check", "--", "--lang=de"}, nil, i18n.En, false},
		"unknown language":           {[]string{"--lang", "tlh"}, nil, i18n.En, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := chooseWords(tc.args, tc.env)
			if w.Lang() != tc.want || (err != nil) != tc.bad {
				t.Errorf("got %s, %v; want %s, error %v", w.Lang(), err, tc.want, tc.bad)
			}
		})
	}
}

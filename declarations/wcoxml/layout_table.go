package wcoxml

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// layoutCSV is the class tree of the profile hmrc-cds/submit 1.0, one element
// a row in the order of its schema: WCO Data Model 3.6 as deployed by HMRC
// for its customs declaration service, schema version 2.15, with the WCO id of
// every class and data element. The id 337 of Classification is that of the
// error pointers of published rejections, the schema gives none.
//
//go:embed layout.csv
var layoutCSV string

var layoutColumns = []string{"path", "id", "kind", "min", "max", "length", "decimals", "form", "values"}

var kinds = map[string]Kind{
	"class": Class, "text": Text, "code": Code, "identifier": Identifier, "amount": Amount,
	"measure": Measure, "quantity": Quantity, "numeric": Numeric, "datetime": DateTime,
}

var forms = map[string]Form{"": AnyForm, "digits": Digits, "letters": Letters}

type tree struct {
	root  *Node
	item  *Node // GovernmentAgencyGoodsItem
	paths map[string]*Node
}

var layout = sync.OnceValue(func() *tree {
	t, err := readLayout(layoutCSV)
	if err != nil {
		panic("built-in layout of the WCO declaration: " + err.Error())
	}
	t.item = t.paths[goodsItem]
	return t
})

func readLayout(table string) (*tree, error) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 || !slices.Equal(rows[0], layoutColumns) {
		return nil, fmt.Errorf("columns %v, want %v", rows[:min(1, len(rows))], layoutColumns)
	}
	t := &tree{paths: make(map[string]*Node, len(rows))}
	for _, row := range rows[1:] {
		if err := t.add(row); err != nil {
			return nil, fmt.Errorf("%s: %w", row[0], err)
		}
	}
	return t, nil
}

func (t *tree) add(row []string) error {
	above, name := row[0][:strings.LastIndexByte(row[0], '/')], row[0][strings.LastIndexByte(row[0], '/')+1:]
	kind, known := kinds[row[2]]
	form, exact := strings.CutPrefix(row[7], "exact ")
	n := &Node{Name: name, ID: row[1], Kind: kind, Exact: exact, Form: forms[form], Values: strings.Fields(row[8]), path: row[0]}
	if _, ok := forms[form]; !ok || !known {
		return fmt.Errorf("kind %q, form %q", row[2], row[7])
	}
	indent := strings.Repeat("  ", strings.Count(row[0], "/"))
	n.start, n.end, n.shut = indent+"<"+name, "</"+name+">\n", indent+"</"+name+">\n"
	for i, at := range map[int]*int{3: &n.Min, 4: &n.Max, 5: &n.Length, 6: &n.Decimals} {
		if row[i] == "" {
			continue
		}
		v, err := strconv.Atoi(row[i])
		if err != nil {
			return err
		}
		*at = v
	}
	if t.paths[row[0]] != nil {
		return fmt.Errorf("stands twice")
	}
	t.paths[row[0]] = n
	n.none = &element{node: n, nth: 1}
	if above == "" {
		t.root = n
		return nil
	}
	n.Parent = t.paths[above]
	if n.Parent == nil || !n.Parent.IsClass() {
		return fmt.Errorf("no class above it")
	}
	n.place = len(n.Parent.Children)
	n.Parent.Children = append(n.Parent.Children, n)
	if n.Parent.below == nil {
		n.Parent.below = map[string]*Node{}
	}
	n.Parent.below[name] = n
	return nil
}

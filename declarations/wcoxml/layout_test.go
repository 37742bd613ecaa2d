package wcoxml

import (
	"strconv"
	"strings"
	"testing"

	"kouan/declarations/testfacts"
)

// facts are the rows of a table of the collection, by column name.
func facts(t testing.TB, parts ...string) []map[string]string {
	t.Helper()
	return testfacts.Rows(t, parts...)
}

func TestLayoutAgreesWithThePathsInUse(t *testing.T) {
	t.Parallel()
	for _, row := range facts(t, "formats", "wco-paths.csv") {
		path := row["path"]
		n := At(path)
		if n == nil || n.IsClass() {
			t.Errorf("%s is not a leaf of the layout", path)
			continue
		}
		if n.ID != row["wco_id"] {
			t.Errorf("%s: id %s, want %s", path, n.ID, row["wco_id"])
		}
		if kind := strings.Fields(row["value_type"])[0]; strings.ReplaceAll(kind, "-time", "time") != kindName(n.Kind) {
			t.Errorf("%s: kind %s, want %s", path, kindName(n.Kind), kind)
		}
		if got := facets(n); got != row["schema_facets"] {
			t.Errorf("%s: facets %q, want %q", path, got, row["schema_facets"])
		}
		// The occurrence of a DateTimeString is that in its date-time, not that of the date-time.
		if got := strconv.Itoa(n.Min); n.Kind != DateTime && got != row["schema_min"] {
			t.Errorf("%s: at least %s, want %s", path, got, row["schema_min"])
		}
		if n.Max != 1 || row["schema_max"] != "1" {
			t.Errorf("%s: at most %d, want %s", path, n.Max, row["schema_max"])
		}
	}
}

func kindName(k Kind) string {
	for name, kind := range kinds {
		if kind == k {
			return name
		}
	}
	return ""
}

// facets says the limits of a leaf in the words of wco-paths.csv.
func facets(n *Node) string {
	var out []string
	switch {
	case n.Kind == Amount, n.Kind == Measure, n.Kind == Quantity, n.Kind == Numeric:
		return "totalDigits=" + strconv.Itoa(n.Length) + "; fractionDigits=" + strconv.Itoa(n.Decimals)
	case n.Exact:
		out = append(out, "length="+strconv.Itoa(n.Length))
	default:
		out = append(out, "maxLength="+strconv.Itoa(n.Length))
	}
	switch {
	case n.Kind == DateTime:
		out = append(out, `pattern=(20\d{6})(\d{6}(Z|[-+]\d\d))?`)
	case n.Form == Digits:
		out = append(out, "pattern=([0-9])*")
	case n.Form == Letters:
		out = append(out, "pattern=([a-zA-Z])*")
	}
	if len(n.Values) > 0 {
		out = append(out, "enum="+strings.Join(n.Values, "|"))
	}
	return strings.Join(out, "; ")
}

func TestLayoutLookups(t *testing.T) {
	t.Parallel()
	// The example of a rejection: third classification of item 1.
	n := Root()
	for _, section := range []string{"67A", "68A", "23A", "21A"} {
		if n = n.ClassByID(section); n == nil {
			t.Fatalf("no class %s", section)
		}
	}
	if got := n.LeafByID("145").Path(); got != "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Classification/ID" {
		t.Errorf("42A 67A 68A 23A 21A 145 is %s", got)
	}
	if n.ClassByID("145") != nil || n.LeafByID("21A") != nil || At("/Declaration/Nothing") != nil {
		t.Error("found what is not there")
	}
	if At("/Declaration/IssueDateTime/DateTimeString") != Root().Child("IssueDateTime") {
		t.Error("a date-time has two nodes")
	}
	classes, leaves := 0, 0
	for _, n := range layout().paths {
		if n.IsClass() {
			classes++
		} else {
			leaves++
		}
	}
	if classes != 117 || leaves != 343 {
		t.Errorf("%d classes and %d leaves, the schema has 117 and 343", classes, leaves)
	}
}

func TestPointerIDsAreUniqueInTheirClass(t *testing.T) {
	t.Parallel()
	for _, n := range layout().paths {
		for _, c := range n.Children {
			if n.byID(c.ID, c.IsClass()) != c || c.ID == "" {
				t.Errorf("%s: id %q does not lead to %s", n.Path(), c.ID, c.Name)
			}
		}
	}
}

func TestBrokenLayoutIsRefused(t *testing.T) {
	t.Parallel()
	head := strings.Join(layoutColumns, ",") + "\n/D,1,class,1,1,,,,\n"
	for name, table := range map[string]string{
		"no columns":     "path,id\n/D,1\n",
		"unknown kind":   head + "/D/A,2,blob,0,1,,,,\n",
		"unknown form":   head + "/D/A,2,code,0,1,,,vowels,\n",
		"no class above": head + "/D/A/B,2,code,0,1,,,,\n",
		"no number":      head + "/D/A,2,code,zero,1,,,,\n",
		"twice":          head + "/D/A,2,code,0,1,,,,\n/D/A,2,code,0,1,,,,\n",
	} {
		if _, err := readLayout(table); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

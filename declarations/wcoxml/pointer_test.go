package wcoxml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

// pointer reads what Pointer.String writes.
func pointer(text string) declarations.Pointer {
	var p declarations.Pointer
	for step := range strings.SplitSeq(text, "/") {
		id, tag, _ := strings.Cut(step, ".")
		id, sequence, _ := strings.Cut(id, "[")
		n := 0
		for _, r := range strings.TrimSuffix(sequence, "]") {
			n = n*10 + int(r-'0')
		}
		p = append(p, declarations.Section{ID: id, Sequence: n, Tag: tag})
	}
	return p
}

func TestPointersNameFields(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		pointer, path string
		onImport      string
		onExport      string
		notUnderstood bool
	}{
		"the third classification of a line":           {"42A/67A/68A[1]/23A/21A[3].145", "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[3]/ID", "items[0].hs_code", "items[0].hs_code", false},
		"a missing sequence means the first":           {"42A/67A/68A/23A/65A.128", "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/GoodsMeasure/NetNetWeightMeasure", "items[0].net_weight_kg", "items[0].net_weight_kg", false},
		"a leaf of the declaration":                    {"42A.023", "/Declaration/AcceptanceDateTime", "declaration.acceptance_time", "declaration.acceptance_time", false},
		"a row of the head":                            {"42A/17C[2].R144", "/Declaration/AuthorisationHolder[2]/ID", "authorisations[1].holder_id", "authorisations[1].holder_id", false},
		"a seal of a container":                        {"42A/67A/28A/31B[2]/44B[3].165", "/Declaration/GoodsShipment/Consignment/TransportEquipment[2]/Seal[3]/ID", "containers[1].seals[2].number", "containers[1].seals[2].number", false},
		"a line":                                       {"42A/67A/68A[7]", "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[7]", "items[6]", "items[6]", false},
		"a container":                                  {"42A/67A/28A/31B[2]", "/Declaration/GoodsShipment/Consignment/TransportEquipment[2]", "containers[1]", "containers[1]", false},
		"the whole declaration":                        {"42A", "/Declaration", "", "", false},
		"a party that changes with the direction":      {"42A/57A.R031", "/Declaration/Exporter/Name", "parties.foreign_consignor.name", "parties.trader.name", false},
		"the first procedure":                          {"42A/67A/68A[1]/70A[1].166", "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/GovernmentProcedure[1]/CurrentCode", "items[0].requested_procedure_code", "items[0].requested_procedure_code", false},
		"a later procedure: the line":                  {"42A/67A/68A[1]/70A[2].166", "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/GovernmentProcedure[2]/CurrentCode", "items[0]", "items[0]", false},
		"licence or document, only the document tells": {"42A/67A/68A[2]/02A[1].D005", "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalDocument[1]/ID", "items[1]", "items[1]", false},
		"an unknown tag in a line":                     {"42A/67A/68A[2]/23A.999", "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity", "items[1]", "items[1]", true},
		"an unknown section":                           {"42A/99Z.1", "/Declaration", "", "", true},
		"a second declaration":                         {"42A[2]/67A", "", "", "", true},
		"another message":                              {"07B[1]/53A[1]", "", "", "", true},
		"a tag in the middle":                          {"42A.023/67A", "/Declaration", "", "", true},
		"nothing":                                      {"", "", "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := pointer(row.pointer)
			place, ok := Resolve(p)
			if ok == row.notUnderstood {
				t.Errorf("understood: %v", ok)
			}
			if place.Path() != row.path {
				t.Errorf("path %s, want %s", place.Path(), row.path)
			}
			if got := FieldAt(p, declarations.Import); got != row.onImport {
				t.Errorf("on import %q, want %q", got, row.onImport)
			}
			if got := FieldAt(p, declarations.Export); got != row.onExport {
				t.Errorf("on export %q, want %q", got, row.onExport)
			}
		})
	}
}

// TestEveryPlaceHasAPointerBack: the layout's ids lead to each place and to no other.
func TestEveryPlaceHasAPointerBack(t *testing.T) {
	t.Parallel()
	leaves := 0
	var visit func(n *Node, occurrences []int)
	visit = func(n *Node, occurrences []int) {
		place := Target{Node: n, Occurrences: occurrences}
		if n.IsClass() || n.ID != "" {
			back, ok := Resolve(place.Pointer())
			if !ok || back.Node != n || back.Path() != place.Path() {
				t.Errorf("%s by %s is %s", place.Path(), place.Pointer(), back.Path())
			}
			leaves++
		}
		for i, c := range n.Children {
			next := occurrences
			if c.IsClass() {
				at := 1
				if c.Repeats() {
					at = 2 + i%3
				}
				next = append(append([]int{}, occurrences...), at)
			}
			visit(c, next)
		}
	}
	visit(Root(), []int{1})
	if leaves < 400 {
		t.Errorf("%d places, want all of the layout", leaves)
	}
}

func TestPointersAreWrittenAsRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"42A/67A/68A[12]/23A/65A.128", "42A/67A/68A[2]", "42A.023"} {
		place, ok := Resolve(pointer(text))
		if !ok {
			t.Errorf("%s is not understood", text)
		}
		if diff := cmp.Diff(text, place.Pointer().String()); diff != "" {
			t.Error(diff)
		}
	}
}

func FuzzResolve(f *testing.F) {
	for _, seed := range []string{"42A", "42A/67A/68A[1]/23A/21A[3].145", "42A/17C[1].R144", "07B/53A[1]", "42A/67A/68A[999999999]", "//", "42A.023/67A"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var p declarations.Pointer
		for step := range strings.SplitSeq(text, "/") {
			id, tag, _ := strings.Cut(step, ".")
			id, sequence, _ := strings.Cut(id, "[")
			p = append(p, declarations.Section{ID: id, Sequence: len(sequence) - 1, Tag: tag})
		}
		place, ok := Resolve(p)
		imported, exported := FieldAt(p, declarations.Import), FieldAt(p, declarations.Export)
		if place.Node == nil && (ok || imported != "" || exported != "") {
			t.Fatalf("%s is nowhere and %q", p, imported)
		}
		if strings.Contains(imported+exported, "[]") || strings.Contains(imported+exported, "[-") {
			t.Fatalf("%s is %q, %q", p, imported, exported)
		}
		if !ok {
			return
		}
		if back, again := Resolve(place.Pointer()); !again || back.Path() != place.Path() {
			t.Fatalf("%s is %s, and its pointer %s", p, place.Path(), back.Path())
		}
	})
}

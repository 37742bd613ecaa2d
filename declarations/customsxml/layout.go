package customsxml

import (
	"strings"

	"kouan/declarations"
)

// group is the layout of one group of scalar elements: its fields, how they
// are found by name and how they are written.
type group[T any] struct {
	fields []declarations.Field[T]
	index  map[string]int
	tags   []tag
}

// tag holds the constant bytes around one value. Abolished fields have no
// open tag: whatever they hold is not written.
type tag struct{ open, close, empty string }

func layout[T any](fields []declarations.Field[T], indent string) group[T] {
	g := group[T]{fields: fields, index: make(map[string]int, len(fields)), tags: make([]tag, len(fields))}
	for i, f := range fields {
		g.index[f.Element] = i
		t := tag{empty: indent + "<" + f.Element + "/>\n"}
		if !strings.HasPrefix(f.Path, "deprecated.") {
			t.open, t.close = indent+"<"+f.Element+">", "</"+f.Element+">\n"
		}
		g.tags[i] = t
	}
	return g
}

// find gives the index of an element. Documents are mostly in writing order,
// so the one behind the last found is tried first.
func (g *group[T]) find(local string, after int) (int, bool) {
	if next := after + 1; next < len(g.fields) && g.fields[next].Element == local {
		return next, true
	}
	i, ok := g.index[local]
	return i, ok
}

var (
	headGroup       = head(layout(declarations.HeadFields, "    "))
	freeTextGroup   = layout(declarations.FreeTextFields, "    ")
	signGroup       = layout(declarations.SignFields, "    ")
	importItems     = layout(declarations.ItemFields(declarations.Import), "      ")
	exportItems     = layout(declarations.ItemFields(declarations.Export), "      ")
	containerGroup  = layout(declarations.ContainerFields, "      ")
	documentGroup   = layout(declarations.DocumentFields, "      ")
	attachmentGroup = layout(declarations.AttachmentFields, "    ")
	originLinkGroup = layout(declarations.OriginLinkFields, "    ")
)

// head adds the name that the envelope of 2017-2018 has for TradeCoScc.
func head(g group[declarations.Declaration]) group[declarations.Declaration] {
	g.index[oldTradeCoScc] = g.index["TradeCoScc"]
	return g
}

const oldTradeCoScc = "TradeCodeScc"

func itemGroup(dir declarations.Direction) *group[declarations.Item] {
	if dir == declarations.Export {
		return &exportItems
	}
	return &importItems
}

// Head elements of 2017-2018 that have no successor: read, never written.
var oldHeadElements = nameSet("PayWay", "PaymentMark", "DistrictCode", "InRatio",
	"AgentLinkMan", "AgentLinkMAIL", "AgentLinkPHONE", "OwnerLinkMan", "OwnerLinkMAIL", "OwnerLinkPHONE",
	"InputerNameMAIL", "InputerNamePHONE")

// Groups that are carried as XML, by their place in the writing order.
var (
	carriedBeforeFreeText = []string{"DecRequestCerts", "DecOtherPacks", "DecCopLimits", "DecUsers", "DecMarkLobs"}
	carriedAfterSign      = []string{"TrnHead", "TrnList", "TrnContainers", "TrnContaGoodsList",
		"DecSupplementLists", "DecCopPromises", "DecRoyaltyFee", "DecTpAccess"}
	carriedLast = []string{"SddTax", "DecRisk"}
	// DecControlModel has no known position; beside a line or beside DecList, it comes last.
	carriedAnywhere = nameSet("DecControlModel")
	carriedInItem   = nameSet("DecGoodsLimits", "DecControlModel")
)

// writingOrder ranks the children of DecMessage (decmessage.md section 2).
var writingOrder = ranks(
	[]string{"DecHead", "DecLists", "DecContainers", "DecLicenseDocus"},
	carriedBeforeFreeText,
	[]string{"DecFreeTxt", "DecSign"},
	carriedAfterSign,
	[]string{"EdocRealation", "EcoRelation"},
	carriedLast,
)

// modelledChildren of DecMessage are read into the declaration and cannot be carried.
var modelledChildren = nameSet("DecMessage", "DecHead", "DecLists", "DecContainers", "DecLicenseDocus",
	"DecFreeTxt", "DecSign", "EdocRealation", "EcoRelation")

func nameSet(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[n] = true
	}
	return set
}

func ranks(lists ...[]string) map[string]int {
	m := make(map[string]int)
	for _, l := range lists {
		for _, name := range l {
			m[name] = len(m)
		}
	}
	return m
}

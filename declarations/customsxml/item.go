package customsxml

import "kouan/declarations"

// goodsLimits is written behind CiqName (decmessage.md section 6).
const goodsLimits = "DecGoodsLimits"

var behindCiqName = importItems.index["CiqName"] + 1

// items writes DecLists (报关单表体), which must be there.
func (w *writer) items() {
	g := itemGroup(w.d.Header.TradeDirection)
	w.line("  <DecLists>")
	for i := range w.d.Items {
		w.line("    <DecList>")
		w.item(g, &w.d.Items[i])
		w.line("    </DecList>")
	}
	w.unknownIn("DecLists", "    ")
	w.line("  </DecLists>")
}

func (w *writer) item(g *group[declarations.Item], it *declarations.Item) {
	w.b = scalars(w.b, g, it, 0, behindCiqName, w.empty)
	for i := range it.Carried {
		if it.Carried[i].Element == goodsLimits {
			w.raw("      ", it.Carried[i].XML)
		}
	}
	w.b = scalars(w.b, g, it, behindCiqName, len(g.fields), w.empty)
	for i := range it.Carried {
		if it.Carried[i].Element != goodsLimits {
			w.raw("      ", it.Carried[i].XML)
		}
	}
}

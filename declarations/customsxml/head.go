package customsxml

// head writes DecHead (报关单表头), which must be there.
func (w *writer) head() {
	w.line("  <DecHead>")
	w.b = scalars(w.b, &headGroup, w.d, 0, len(headGroup.fields), w.empty)
	w.unknownIn("DecHead", "    ")
	w.line("  </DecHead>")
}

// freeText writes DecFreeTxt (自由文本) when there is any.
func (w *writer) freeText() {
	if !w.empty && !w.hasUnknownIn("DecFreeTxt") && !hasContent(&freeTextGroup, w.d) {
		return
	}
	w.line("  <DecFreeTxt>")
	w.b = scalars(w.b, &freeTextGroup, w.d, 0, len(freeTextGroup.fields), w.empty)
	w.unknownIn("DecFreeTxt", "    ")
	w.line("  </DecFreeTxt>")
}

// signature writes DecSign (签名), which must be there.
func (w *writer) signature() {
	w.line("  <DecSign>")
	w.b = scalars(w.b, &signGroup, w.d, 0, len(signGroup.fields), w.empty)
	w.unknownIn("DecSign", "    ")
	w.line("  </DecSign>")
}

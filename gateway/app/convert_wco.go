package app

import (
	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/declarations/wcoxml"
)

// readWCO is a row of a WCO declaration. The rules of the form are not asked:
// a foreign declaration lacks what only the form wants.
func (cmd *convertCommand) readWCO(body []byte) (intake.Row, wcoxml.Document) {
	doc, faults := wcoxml.Parse(body, cmd.wco())
	return intake.Row{Line: 1, Declaration: doc.Declaration, Faults: faults, Locate: func(path string) (string, int, int) {
		p := doc.Locate(path)
		return p.Path, p.Line, p.Column
	}}, doc
}

func (cmd *convertCommand) wco() wcoxml.Options { return wcoxml.Options{Unverified: cmd.Unverified} }

// isWCO tells a WCO declaration by the flag, or by what the document begins with.
func (cmd *convertCommand) isWCO(body []byte) bool {
	return cmd.From == "wco" || cmd.From == "auto" && wcoxml.Looks(body)
}

// writeWCO gives the message, and what it does not carry at the place where
// that stands in the source.
func (cmd *convertCommand) writeWCO(row *intake.Row) ([]byte, []declarations.Fault) {
	out, losses := wcoxml.Write(&row.Declaration, cmd.wco())
	faults := make([]declarations.Fault, 0, len(losses))
	for i := range losses {
		f := losses[i].Fault()
		f.Path, f.Line, f.Column = row.Locate(f.Path)
		faults = append(faults, f)
	}
	return out, faults
}

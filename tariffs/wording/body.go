package wording

import (
	"kouan/i18n"
	"kouan/tariffs"
)

// PartyName is a payer or a collector with its language: a kind in the
// reader's, the name of a company as its price list has it, in Chinese.
func (w Words) PartyName(name string) Name {
	if text := w.Party(name); text != name || name == "" {
		return Name{Text: text, Lang: w.Lang()}
	}
	return Name{Text: name, Lang: i18n.ZhHans, Original: name}
}

// Body is a charging body by its code. Lines that the catalogue does not have
// are nobody's, and abolished charges are due to nobody: both are said.
func (w Words) Body(code string) string {
	switch {
	case code == "":
		return w.Text("fee_body.unlisted", nil)
	case code == tariffs.NoBody:
		return w.Text("fee_body.abolished", nil)
	}
	if b := w.c.Body(code); b != nil {
		return w.Party(b.Name)
	}
	return code // of an edition that had it
}

// Payer is who pays; empty for lines that the catalogue does not have.
func (w Words) Payer(name string) string {
	switch name {
	case "":
		return w.Text("fee_body.unlisted", nil)
	case tariffs.NoBody:
		return w.Text("fee_body.abolished", nil)
	}
	return w.Party(name)
}

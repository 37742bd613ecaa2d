package tariffs

import "strings"

// FalseFriend is a rendering that says something else than the term that it
// would stand for (terms.csv, column false_friends, which says it in words).
type FalseFriend struct {
	Lang      string // language tag
	Rendering string
	Term      string // key of the term whose text to use instead
}

// FalseFriends may stand in no text of their language.
var FalseFriends = []FalseFriend{
	{"zh-Hans", "¥", "ui.cny"}, // alone it is the yen as well
	{"zh-Hans", "20英寸", "cargo.container20"},
	{"en", "demurrage", "item.anchorage"},
	{"en", "charter fee", "item.all_in"}, // machine error for 包干
	{"en", "tonnage tax", "item.tonnage_dues"},
	{"en", "salvage", "item.towage"}, // salvage towage is another contract
	{"en", "Rmb", "ui.cny"},
	{"en", "¥", "ui.cny"},
	{"ja", "円", "ui.cny"},      // the yen
	{"ja", "消費税", "ui.vat"},    // Japan's own tax
	{"ja", "検量", "item.tally"}, // measuring
	{"ja", "塵捨船", "item.waste"},
	{"ko", "원화", "ui.cny"}, // the won
	{"ko", "용선료", "item.all_in"},
	{"ru", "корабельный сбор", "item.tonnage_dues"}, // the Russian port's own due
	{"ru", "демередж", "item.anchorage"},
	{"ru", "чистый вес", "ship.nt"},
	{"de", "Tonnagesteuer", "item.tonnage_dues"},
	{"de", "Liegegeld", "item.berth"}, // laytime demurrage
	{"de", "Nettotonne", "ship.nt"},
	{"de", "Kostenvoranschlag", "ui.quotation"}, // may bind
	{"fr", "surestarie", "item.anchorage"},
	{"fr", "affrètement", "item.all_in"},
}

// notYen are words in which 円 is no currency: smooth (the agreement on trade
// facilitation) and round.
var notYen = strings.NewReplacer("円滑", "", "円形", "")

// FalseFriendIn finds one in a text of a language; nil when there is none.
func FalseFriendIn(lang, text string) *FalseFriend {
	text = notYen.Replace(strings.ToLower(text))
	for i := range FalseFriends {
		if f := &FalseFriends[i]; f.Lang == lang && strings.Contains(text, strings.ToLower(f.Rendering)) {
			return f
		}
	}
	return nil
}

// meantSo are the terms in which a rendering that would be false elsewhere is
// meant: container detention is no demurrage and says so, the yuan names itself.
var meantSo = map[string]bool{"item.detention": true, "item.port_dues_foreign": true, "ui.vat": true, "ui.cny": true}

// FalseFriendOf is the false friend in a term's own text; nil when there is none.
func (t *Term) FalseFriendOf(lang string) *FalseFriend {
	if meantSo[t.Key] {
		return nil
	}
	return FalseFriendIn(lang, t.Texts[lang])
}

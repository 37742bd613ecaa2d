package i18n

import "testing"

func TestRule(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		lang               Lang
		code, fields, want string
	}{
		{En, "DEC-0018", "TradeMode", "Trade mode “…” does not exist or is void. Give a four-digit code that is in force."},
		{En, "DEC-0020", "country fields", "country fields: “…” is not a known country or region. Give the three-letter code, for example CHN."},
		{De, "DEC-0013", "Date fields", "Datumsfelder: „…“ ist kein vorhandenes Datum. Die Form ist yyyyMMdd, in der Lizenzgebührengruppe yyyy-MM-dd."},
		{ZhHans, "DEC-0017", "CustomMaster, IEPort", "关区代码为 4 位数字；关区代码表中没有的代码只作提示，因为该表不完整。"}, // its own text
		{En, "DEC-9999", "x", "fault.DEC-9999"},
	} {
		if got := For(row.lang).Rule(row.code, row.fields); got != row.want {
			t.Errorf("%s in %s: %q, want %q", row.code, row.lang, got, row.want)
		}
	}
	for fields, want := range map[string]string{"Decimal/Integer fields": "number fields", "fields marked required_draft": "fields required in a draft", "GrossWet, NetWt": "GrossWet, NetWt", "any": "any element"} {
		if got := For(En).Fields(fields); got != want {
			t.Errorf("fields %q are %q, want %q", fields, got, want)
		}
	}
}

package wcoxml

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"kouan/declarations"
	"kouan/declarations/codes"
)

// conversion turns the canonical value of a field into the text of a WCO leaf
// and back. write gives no text when there is none, with the reason; a reason
// beside a text says what the text lacks. read tells whether the text has a
// canonical value.
type conversion struct {
	write func(t *codes.Set, v string) (text, reason string)
	read  func(t *codes.Set, text string) (v string, ok bool)
}

// plain is the same text on both sides.
var plain = conversion{
	write: func(_ *codes.Set, v string) (string, string) { return v, "" },
	read:  func(_ *codes.Set, text string) (string, bool) { return text, true },
}

// number is the same decimal on both sides; amount has three decimals in WCO.
var (
	number = conversion{
		write: func(_ *codes.Set, v string) (string, string) {
			if !isNumber(v) {
				return "", reasonNotValid
			}
			return v, ""
		},
		read: readNumber,
	}
	amount = conversion{write: writeAmount, read: readNumber}
)

func readNumber(_ *codes.Set, text string) (string, bool) { return text, isNumber(text) }

// isNumber is what declarations.Decimal.Number takes.
func isNumber(v string) bool { return declarations.Decimal(v).Fits(64, 32, true) }

// writeAmount rounds half up what does not fit n..16,3 (field map, line_amount).
func writeAmount(_ *codes.Set, v string) (string, string) {
	if declarations.Decimal(v).Fits(64, 3, true) {
		return v, ""
	}
	n, ok := declarations.Decimal(v).Number()
	if !ok {
		return "", reasonNotValid
	}
	if rounded := n.Round(3); !rounded.Equal(n) {
		return rounded.StringFixed(3), reasonRounded
	}
	return n.Round(3).StringFixed(3), ""
}

// country is alpha-3 or an old numeric code here, alpha-2 in WCO.
var country = conversion{
	write: func(t *codes.Set, v string) (string, string) {
		table := t.Table("countries")
		e, ok := table.Find(v, "")
		if !ok {
			e, ok = table.FindBy("old_numeric", v)
		}
		if !ok || e.Extra["alpha2"] == "" {
			return "", reasonNoCode
		}
		return e.Extra["alpha2"], ""
	},
	read: func(t *codes.Set, text string) (string, bool) {
		e, ok := t.Table("countries").FindBy("alpha2", text)
		if !ok || e.Code == "" {
			return "", false
		}
		return e.Code, true
	},
}

// currencyCode is alpha-3 on both sides; numeric codes of old messages are converted.
func currencyCode(t *codes.Set, v string) (string, bool) {
	if len(v) == 3 && v[0] >= '0' && v[0] <= '9' {
		e, ok := t.Table("currencies").FindBy("old_numeric", v)
		if !ok {
			return "", false
		}
		v = e.Code
	}
	return v, attributeFits(Amount, currencyID, v)
}

// unit is a customs unit of three digits here, UNECE Rec 20 in WCO.
var unit = conversion{
	write: func(t *codes.Set, v string) (string, string) {
		table := t.Table("units")
		e, ok := table.Find(v, "")
		if !ok || e.Extra["unece_rec20"] == "" {
			return "", reasonNoCode
		}
		text := e.Extra["unece_rec20"]
		if back, _ := table.FindBy("unece_rec20", text); back.Code != v {
			return text, reasonInexact
		}
		return text, ""
	},
	read: func(t *codes.Set, text string) (string, bool) {
		e, ok := t.Table("units").FindBy("unece_rec20", text)
		if !ok {
			return "", false
		}
		return e.Code, true
	},
}

// listed converts by pairs that the field map states: here, there.
func listed(pairs ...[2]string) conversion {
	to, from := map[string]string{}, map[string]string{}
	for _, p := range pairs {
		if _, known := to[p[0]]; !known {
			to[p[0]] = p[1]
		}
		if _, known := from[p[1]]; !known {
			from[p[1]] = p[0]
		}
	}
	return conversion{
		write: func(_ *codes.Set, v string) (string, string) {
			text, ok := to[v]
			switch {
			case !ok:
				return "", reasonNoCode
			case from[text] != v:
				return text, reasonInexact
			}
			return text, ""
		},
		read: func(_ *codes.Set, text string) (string, bool) {
			v, ok := from[text]
			return v, ok
		},
	}
}

// Code pairs of the field map. Bonded and special areas have no transport
// mode in WCO, market price and dunnage no Incoterm, drafts and uploads no
// function code.
var (
	transportMode = listed([2]string{"2", "1"}, [2]string{"3", "2"}, [2]string{"4", "3"}, [2]string{"5", "4"}, [2]string{"6", "5"},
		[2]string{"G", "7"}, [2]string{"9", "9"}, [2]string{"2", "6"}, [2]string{"2", "8"})
	deliveryTerms = listed([2]string{"1", "CIF"}, [2]string{"2", "CFR"}, [2]string{"3", "FOB"}, [2]string{"7", "EXW"},
		[2]string{"1", "CIP"}, [2]string{"1", "DAP"}, [2]string{"1", "DPU"}, [2]string{"1", "DAT"}, [2]string{"1", "DDP"},
		[2]string{"2", "CPT"}, [2]string{"3", "FCA"}, [2]string{"3", "FAS"})
	functionCode = listed([2]string{"C", "9"}, [2]string{"D", "9"})
	packageKind  = listed([2]string{"01", "NE"}, [2]string{"06", "BG"}, [2]string{"29", "BX"}, [2]string{"32", "1G"}, [2]string{"33", "2C"}, [2]string{"39", "DR"})
)

// day is yyyyMMdd of China here, an instant with its zone in WCO.
var day = conversion{
	write: func(_ *codes.Set, v string) (string, string) {
		if _, err := time.Parse("20060102", v); err != nil {
			return "", reasonNotValid
		}
		return v + "000000+08", ""
	},
	read: func(_ *codes.Set, text string) (string, bool) {
		if len(text) < 15 { // a day without a zone
			_, err := time.Parse("20060102", text)
			return text, err == nil
		}
		layout := "20060102150405-07"
		if strings.HasSuffix(text, "Z") {
			layout = "20060102150405Z"
		}
		at, err := time.Parse(layout, text)
		if err != nil {
			return "", false
		}
		return at.In(time.FixedZone("CST", 8*3600)).Format("20060102"), true
	},
}

// unNumber leaves the letters UN out in WCO (n..4).
var unNumber = conversion{
	write: func(_ *codes.Set, v string) (string, string) {
		text := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(v, "UN"), "un"))
		return text, ""
	},
	read: func(_ *codes.Set, text string) (string, bool) { return text, text != "" },
}

// grams gives the kilograms of a number of grams, exactly.
func grams(v declarations.Decimal) (string, bool) {
	n, ok := v.Number()
	if !ok {
		return "", false
	}
	return n.Mul(decimal.New(1, -3)).String(), true
}

// port is a customs port code here, UN/LOCODE in WCO, where the table of ports knows both.
var port = conversion{
	write: func(t *codes.Set, v string) (string, string) {
		e, ok := t.Table("ports").FindBy("customs_port_code", v)
		if !ok {
			return "", reasonNoCode
		}
		return e.Code, ""
	},
	read: func(t *codes.Set, text string) (string, bool) {
		e, ok := t.Table("ports").Find(text, "")
		if !ok || e.Extra["customs_port_code"] == "" {
			return "", false
		}
		return e.Extra["customs_port_code"], true
	},
}

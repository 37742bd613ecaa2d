package declarations

import (
	"strings"

	"kouan/declarations/codes"
)

var (
	offices        = named(HeadFields, "CustomMaster", "IEPort", "PurpOrgCode")
	headCountries  = named(HeadFields, "TradeCountry", "TradeAreaCode")
	headCurrencies = named(HeadFields, "FeeCurr", "InsurCurr", "OtherCurr")
	taxCurrencies  = named(TaxReturnFields, "FeeCurr", "InsurCurr", "OtherCurr")
	royaltyMoney   = named(RoyaltyFields, "Curr")
	ports          = named(HeadFields, "DistinatePort", "DespPortCode")
	entryPort      = named(HeadFields, "EntyPortCode")[0]

	lineCountries       = named(itemFields, "OriginCountry", "DestinationCountry", "RcepOrigPlaceCode")
	exportLineCountries = named(exportItemFields, "OriginCountry", "DestinationCountry", "RcepOrigPlaceCode")
	lineCurrency        = named(itemFields, "TradeCurr")
	lineUnits           = named(itemFields, "GUnit", "FirstUnit", "SecondUnit")
	licenceUnit         = named(LicenceFields, "LicWrtofQtyUnit")
	supplementCountry   = named(SupplementFields, "OriginCountry")
	supplementCurrency  = named(SupplementFields, "Curr")
)

// V017: customs offices have four digits. One that the table does not know is
// shown only, as long as the table has two districts of all.
func officeCodes(c *check) {
	visit(c, offices, c.d, func(c *check, f *spec, v string) {
		switch {
		case blank(v):
		case !allDigits(v, 4):
			c.fault(f.path, f.element, "value", shown(v), "reason", "office_form")
		case !c.knows(c.facts.offices, v):
			c.unknown(c.facts.offices, f.path, f.element, "value", v, "reason", "office_unknown")
		}
	})
}

// V018: a trade mode (监管方式) that is in force.
func tradeMode(c *check) {
	if v := c.d.Header.TradeModeCode; !blank(v) && !c.active(c.facts.tradeModes, v) {
		c.unknown(c.facts.tradeModes, "declaration.trade_mode_code", "TradeMode", "value", shown(v))
	}
}

// V019: a levy nature (征免性质), when one is given.
func levyNature(c *check) {
	if v := c.d.Header.LevyNatureCode; !blank(v) && !c.knows(c.facts.levies, v) {
		c.unknown(c.facts.levies, "declaration.levy_nature_code", "CutMode", "value", shown(v))
	}
}

// V020: countries and regions by their alpha-3 code, or by their number from
// before August 2018.
func countryCodes(c *check) {
	judged := func(c *check, f *spec, v string) {
		if v == "" || c.knows(c.facts.countries, v) || blank(v) {
			return
		}
		if _, old := c.oldNumeric(c.facts.countries, v); !old {
			c.unknown(c.facts.countries, c.path(f.pathIn(c.d.Header.TradeDirection)), f.element, "value", shown(v))
		}
	}
	visit(c, headCountries, c.d, judged)
	fields := lineCountries
	if c.d.IsExport() {
		fields = exportLineCountries
	}
	visitRows(c, "items", c.d.Items, fields, judged)
	visitRows(c, "supplements", c.d.Supplements, supplementCountry, judged)
}

// V021: currencies in use, by their alpha-3 code or their old number. A
// historic one (German mark) is in the table and not in use.
func currencyCodes(c *check) {
	judged := func(c *check, f *spec, v string) {
		if v == "" || c.active(c.facts.currencies, v) || blank(v) {
			return
		}
		if e, old := c.oldNumeric(c.facts.currencies, v); !old || e.Standing() == codes.Inactive {
			c.unknown(c.facts.currencies, c.path(f.path), f.element, "value", shown(v))
		}
	}
	visit(c, headCurrencies, c.d, judged)
	visitRows(c, "items", c.d.Items, lineCurrency, judged)
	visitRows(c, "supplements", c.d.Supplements, supplementCurrency, judged)
	visit(c, royaltyMoney, c.d, judged)
	visit(c, taxCurrencies, c.d, judged)
}

// V022: customs port codes of six letters or digits (their table was not
// obtained); the port of entry has six digits.
func portCodes(c *check) {
	visit(c, ports, c.d, func(c *check, f *spec, v string) {
		if !isCustomsCode(v, 6) && !blank(v) {
			c.fault(f.path, f.element, "value", shown(v))
		}
	})
	if v := entryPort.value(c.d); !blank(v) && !allDigits(v, 6) {
		c.fault(entryPort.path, entryPort.element, "value", shown(v))
	}
}

// V023: package types of the two-digit set of 2018. One digit stands for a
// type of the set before it, which is read and shown.
func packageType(c *check) {
	const path, element = "declaration.package_kind_code", "WrapType"
	switch v := c.d.Header.PackageKindCode; {
	case blank(v):
	case allDigits(v, 1):
		c.warn(path, element, "value", v, "reason", "package_type_old")
	case !c.knows(c.facts.packages, v):
		c.unknown(c.facts.packages, path, element, "value", shown(v), "reason", "package_type_unknown")
	}
}

// V075: units of measure (计量单位), three digits.
func unitCodes(c *check) {
	judged := func(c *check, f *spec, v string) {
		if v != "" && !c.knows(c.facts.units, v) && !blank(v) {
			c.unknown(c.facts.units, c.path(f.path), f.element, "value", shown(v))
		}
	}
	for i := range c.d.Items {
		c.enter("items", i)
		visit(c, lineUnits, &c.d.Items[i], judged)
		visitRows(c, "licences", c.d.Items[i].Licences, licenceUnit, judged)
		c.leave()
	}
}

// V076: a record-filing number (备案号) has twelve letters or digits, the first a letter.
func manualNumber(c *check) {
	v := c.d.Header.BondedManualNumber
	if !blank(v) && (!isCustomsCode(v, 12) || strings.IndexByte("0123456789", v[0]) >= 0) {
		c.fault("declaration.bonded_manual_number", "ManualNo", "value", shown(v))
	}
}

package codes

// The wire wants alpha-3 for countries and currencies (since August 2018);
// old documents and old software have three-digit numbers, ISO documents
// alpha-2. The two kinds share numbers: 142 is China as a country and the yuan
// as a currency, so each has a look-up of its own and there is none for both.

// Country finds a country or region by alpha-3, alpha-2 or its old number.
// Two entries have a number only: their Code is empty.
func (s *Set) Country(v, day string) (*Entry, bool) {
	t := s.tables["countries"]
	switch {
	case numeric(v):
		return t.OnlyBy("old_numeric", v, day)
	case len(v) == 2:
		return t.OnlyBy("alpha2", v, day)
	}
	return t.Find(v, day)
}

// CountryAlpha3 is the code that the wire wants; false for a country that has none.
func (s *Set) CountryAlpha3(v, day string) (string, bool) {
	e, ok := s.Country(v, day)
	if !ok || e.Code == "" {
		return "", false
	}
	return e.Code, true
}

// CountryAlpha2 is the code of ISO documents (WCO); false for a country that has none.
func (s *Set) CountryAlpha2(v, day string) (string, bool) {
	e, ok := s.Country(v, day)
	if !ok || e.Extra["alpha2"] == "" {
		return "", false
	}
	return e.Extra["alpha2"], true
}

// Currency finds a currency by alpha-3 or its old number. Historic ones are
// found and their Standing is Inactive.
func (s *Set) Currency(v, day string) (*Entry, bool) {
	t := s.tables["currencies"]
	if numeric(v) {
		return t.OnlyBy("old_numeric", v, day)
	}
	return t.Find(v, day)
}

// CurrencyAlpha3 is the code that the wire wants; active is false for a
// historic currency.
func (s *Set) CurrencyAlpha3(v, day string) (code string, active, ok bool) {
	e, ok := s.Currency(v, day)
	if !ok {
		return "", false, false
	}
	return e.Code, e.Standing() != Inactive, true
}

// UnitRec20 is the UN/ECE Recommendation 20 code of a customs unit; false
// where no equivalence is certain.
func (s *Set) UnitRec20(unit, day string) (string, bool) {
	e, ok := s.tables["units"].Find(unit, day)
	if !ok || e.Extra["unece_rec20"] == "" {
		return "", false
	}
	return e.Extra["unece_rec20"], true
}

// UnitFromRec20 is the customs unit of a Recommendation 20 code; false where
// none or more than one stands for it (PR is both 025 and 026).
func (s *Set) UnitFromRec20(rec20, day string) (string, bool) {
	e, ok := s.tables["units"].OnlyBy("unece_rec20", rec20, day)
	if !ok {
		return "", false
	}
	return e.Code, true
}

func numeric(v string) bool {
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return v != ""
}

package declarations

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/codes"
)

func TestOldDigitsBecomeLetters(t *testing.T) {
	t.Parallel()
	for _, dir := range []Direction{Import, Export} {
		got, want := Declaration{}, Declaration{}
		for _, row := range []struct {
			d                 *Declaration
			country, currency string
		}{{&got, "142", "142"}, {&want, "CHN", "CNY"}} {
			d := row.d
			d.Header.TradeDirection = dir
			d.Items, d.Supplements = make([]Item, 2), make([]Supplement, 1)
			for _, at := range []*string{tradeCountry(d), &d.Transport.TradingCountry, &d.Items[1].CountryOfOrigin, &d.Items[1].CountryOfDestination,
				&d.Items[1].PreferentialOriginCountry, &d.Supplements[0].OriginCountry, &d.Supplements[0].TransitCountry} {
				*at = row.country
			}
			for _, at := range []*string{&d.Valuation.Freight.Currency, &d.Valuation.Insurance.Currency, &d.Valuation.OtherCharges.Currency,
				&d.Items[1].Currency, &d.Supplements[0].Invoice.Currency, &d.Royalty.Currency,
				&d.TaxReturn.FreightCurrency, &d.TaxReturn.InsuranceCurrency, &d.TaxReturn.OtherChargesCurrency} {
				*at = row.currency
			}
			d.Items[0].HSCode, d.Items[0].TransactionUnitCode, d.Header.LevyNatureCode = "142", "142", "142" // no codes of these tables
		}
		got.UseAlphaCodes(codes.Default())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", dir, diff)
		}
	}
}

func TestCodesThatAreNotOldStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"", "CHN", "USD", "000", "999", "14", "0142", " 142", "１４２", "usd"} {
		d := Declaration{Items: []Item{{CountryOfOrigin: v, Currency: v}}}
		d.UseAlphaCodes(codes.Default())
		if it := d.Items[0]; it.CountryOfOrigin != v || it.Currency != v {
			t.Errorf("%q became %q and %q", v, it.CountryOfOrigin, it.Currency)
		}
	}
	d := Declaration{Items: []Item{{CountryOfOrigin: "142"}}}
	if d.UseAlphaCodes(&codes.Set{}); d.Items[0].CountryOfOrigin != "142" {
		t.Error("a set without tables knows a code")
	}
}

// Every field of the tables that a country or currency stands in is marked:
// those that the interface says so of.
func TestFieldsOfCountriesAndCurrenciesAreMarked(t *testing.T) {
	t.Parallel()
	if n := len(codedOfDeclaration) + len(codedOfItem) + len(codedOfSupplement); n != 16 {
		t.Errorf("%d fields are marked, want 16", n)
	}
}

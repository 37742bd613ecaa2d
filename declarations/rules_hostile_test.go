package declarations_test

import (
	"strings"
	"testing"
	"time"

	"kouan/declarations"
	"kouan/declarations/intake"
)

// Numbers of a million digits and lists of a million parts cost what their
// bytes cost: a rule that calculated with them, or went over the lines for
// each part, would not be back for hours.
func TestHostileValuesCostNoTime(t *testing.T) {
	t.Parallel()
	const size = 1_000_000
	d := declarations.Filled(50)
	nines, zeros := declarations.Decimal(strings.Repeat("9", size)), declarations.Decimal(strings.Repeat("0", size)+"1")
	d.Header.TotalGrossWeightKg, d.Header.TotalNetWeightKg, d.Header.TotalPackages = nines, zeros, nines+"."+nines
	d.Items[0].UnitPrice, d.Items[0].LineAmount, d.Items[0].TransactionQuantity = nines, zeros, "0."+nines
	d.Items[1].FirstStatutoryQuantity, d.Items[1].FirstStatutoryUnitCode = zeros, "035"
	d.Items[2].LineNumber = nines
	d.Valuation.OtherCharges = declarations.Charge{KindCode: "1", Value: "-" + nines}
	d.Containers[0].ItemNumbers = strings.Repeat("50,", size)
	d.Header.ShippingMarks = strings.Repeat("CSQU305438", size/10)
	d.MarkImages = []declarations.MarkImage{{FileName: "m", ContentBase64: strings.Repeat("QUJD", 2*size)}}
	for range 2 * size / 100 {
		d.Containers = append(d.Containers, declarations.Container{Number: "X", SizeTypeCode: "21", ItemNumbers: "77"})
	}
	begin := time.Now()
	faults := declarations.Validate(d)
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
	count := map[string]int{}
	for _, f := range faults {
		count[f.Code]++
		for name, v := range f.Args {
			if len(v) > 400 {
				t.Errorf("%s at %s: argument %s has %d bytes", f.Code, f.Path, name, len(v))
			}
		}
	}
	for _, code := range []string{"DEC-0012", "DEC-0050", "DEC-0051", "DEC-0057"} {
		if count[code] == 0 {
			t.Errorf("no fault %s in %v", code, count)
		}
	}
	if count["DEC-0050"] != 200 || count["DEC-0051"] != 200 {
		t.Errorf("faults are not bounded: %v", count)
	}
}

// FuzzValidate judges whatever can be read: it never panics, and each fault
// names a rule that applies and a place.
func FuzzValidate(f *testing.F) {
	for _, d := range declarations.Faulty() {
		if body, err := intake.Marshal(d); err == nil && len(body) < 20_000 {
			f.Add(body)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		row := intake.Read(body, intake.JSON)[0]
		if declarations.Rejected(row.Faults) {
			return
		}
		for _, fault := range declarations.Validate(&row.Declaration) {
			if _, known := declarations.RuleByCode(fault.Code); !known && fault.Code != declarations.CodeReferenceKey || fault.Path == "" || fault.Args["element"] == "" {
				t.Errorf("fault %+v", fault)
			}
		}
	})
}

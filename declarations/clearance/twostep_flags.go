package clearance

import (
	"strings"

	"kouan/declarations"
)

// Flag is one of the three questions of a two-step declaration. No element of
// the message carries the answer, so it is read off the document
// (clearance-modes.md §3.1, secondary); Why are the places that say yes.
type Flag struct {
	Set bool     `json:"set"`
	Why []string `json:"why,omitempty" doc:"Places in the document that say yes"`
}

// Flags are twoStepFlag: licence-controlled (涉证), under inspection and
// quarantine (涉检), duty payable (涉税). Duty is seen only by its guarantee:
// not set means that none is named, not that no duty is due.
type Flags struct {
	Licence    Flag   `json:"licence"`
	Inspection Flag   `json:"inspection"`
	Duty       Flag   `json:"duty"`
	Value      string `json:"value" example:"010" doc:"The three as 0 and 1, in this order"`
}

// FlagsOf derives the three flags.
func FlagsOf(d *declarations.Declaration) Flags {
	f := Flags{Licence: licenceFlag(d), Inspection: inspectionFlag(d), Duty: dutyFlag(d)}
	for _, one := range []Flag{f.Licence, f.Inspection, f.Duty} {
		if one.Set {
			f.Value += "1"
		} else {
			f.Value += "0"
		}
	}
	return f
}

func (f *Flag) because(path string) { f.Set, f.Why = true, append(f.Why, path) }

func licenceFlag(d *declarations.Declaration) (f Flag) {
	if d.Header.LicenceNumber != "" {
		f.because("declaration.licence_number")
	}
	for i := range d.Documents {
		f.because(declarations.IndexPath("documents", i, "type_code"))
	}
	for i := range d.Items {
		if len(d.Items[i].Licences) > 0 {
			f.because(declarations.IndexPath("items", i, "licences"))
		}
	}
	return f
}

// inspectionFlag: a code of ten digits says nothing alone, most have them; a
// line with one and a field of inspection does.
func inspectionFlag(d *declarations.Declaration) (f Flag) {
	for i := range d.Items {
		r := &d.Items[i]
		if len(r.HSCode) != 10 {
			continue
		}
		for _, c := range []struct{ field, value string }{
			{"inspection_category_code", r.InspectionCategoryCode}, {"inspection_category_name", r.InspectionCategoryName},
			{"goods_attribute_codes", string(r.GoodsAttributeCodes)}, {"purpose_code", r.PurposeCode},
		} {
			if c.value != "" {
				f.because(declarations.IndexPath("items", i, c.field))
				break
			}
		}
	}
	return f
}

func dutyFlag(d *declarations.Declaration) (f Flag) {
	if d.Header.GuaranteeReleaseFlag == "1" { // ChkSurety (担保验放)
		f.because("declaration.guarantee_release_flag")
	}
	if strings.TrimSpace(d.Header.FormType) == "CL" { // consolidated duty (汇总征税) stands on a guarantee
		f.because("declaration.form_type")
	}
	return f
}

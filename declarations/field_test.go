package declarations

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type limits struct {
	Element          string
	Length, Decimals int
	Need             Need
}

func limitsOf[T any](fields []Field[T]) []limits {
	out := make([]limits, 0, len(fields))
	for i := range fields {
		f := &fields[i]
		out = append(out, limits{f.Element, f.Length, f.Decimals, f.Need})
	}
	return out
}

// deviations are the places where the field table is wider or narrower than
// the interface table, each for a reason of the trap list.
var deviations = map[string]limits{
	"DecHead/Type":        {"Type", 10, 0, Optional},      // position 7 is defined; blank means ordinary
	"DecHead/CopCode":     {"CopCode", 18, 0, Always},     // production data has 10 to 18 characters
	"DecSign/ClientSeqNo": {"ClientSeqNo", 24, 0, Always}, // up to 24 occur (V061)
	"DecList/SecondQty":   {"SecondQty", 19, 5, Optional}, // both or neither with SecondUnit (V034)
}

func TestFieldTablesAgreeWithTheInterface(t *testing.T) {
	t.Parallel()
	want := map[string][]limits{}
	for _, r := range rows(t, "formats", "decmessage-fields.csv") {
		group, element := r["group"], r["element"]
		l := limits{Element: element, Length: atoi(t, r["length"]), Decimals: atoi(t, r["decimals"])}
		draft, declare := r["required_draft"], r["required_declare"]
		switch {
		case strings.HasPrefix(draft, "Y"):
			l.Need = Always
		case strings.HasPrefix(declare, "Y"):
			l.Need = OnDeclare
		}
		if d, ok := deviations[group+"/"+element]; ok {
			l = d
		}
		want[group] = append(want[group], l)
	}
	for group, got := range map[string][]limits{
		"DecHead": limitsOf(HeadFields), "DecList": limitsOf(ItemFields(Import)), "Container": limitsOf(ContainerFields),
		"LicenseDocu": limitsOf(DocumentFields), "EcoRelation": limitsOf(OriginLinkFields), "EdocRealation": limitsOf(AttachmentFields),
		"DecFreeTxt": limitsOf(FreeTextFields), "DecSign": limitsOf(SignFields),
	} {
		if diff := cmp.Diff(want[group], got); diff != "" {
			t.Errorf("%s (-interface +table):\n%s", group, diff)
		}
	}
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryFieldKeepsItsOwnValue(t *testing.T) {
	t.Parallel()
	var d Declaration
	keeps(t, HeadFields, &d)
	keeps(t, FreeTextFields, &d)
	keeps(t, SignFields, &d)
	keeps(t, ItemFields(Import), &Item{})
	keeps(t, ItemFields(Export), &Item{})
	keeps(t, ContainerFields, &Container{})
	keeps(t, AttachmentFields, &Attachment{})
}

// keeps sets all fields to different values and reads them back: no two
// fields may share a place.
func keeps[T any](t *testing.T, fields []Field[T], v *T) {
	t.Helper()
	for i := range fields {
		fields[i].Set(v, "v"+strconv.Itoa(i))
	}
	for i := range fields {
		if got, want := fields[i].Value(v), "v"+strconv.Itoa(i); got != want {
			t.Errorf("%s: got %q, want %q", fields[i].Element, got, want)
		}
	}
}

func TestCountriesAreSwappedOnExportOnly(t *testing.T) {
	t.Parallel()
	r := Item{CountryOfOrigin: "CHN", CountryOfDestination: "JPN"}
	for _, row := range []struct {
		dir                 Direction
		origin, destination string
	}{{Import, "CHN", "JPN"}, {Export, "JPN", "CHN"}} {
		for _, f := range ItemFields(row.dir) {
			want := map[string]string{"OriginCountry": row.origin, "DestinationCountry": row.destination}[f.Element]
			if want != "" && f.Value(&r) != want {
				t.Errorf("%s %s: got %s, want %s", row.dir, f.Element, f.Value(&r), want)
			}
		}
	}
}

func TestTypeKeepsBlanksAndWhatItCannotSay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		wire string
		want Header
	}{
		{"", Header{}},
		{"ML", Header{FormType: "ML"}},
		{"  5", Header{FilingStep: "5"}},
		{"      Z", Header{IsCombinedPort: true}},
		{"CL6   Z", Header{FormType: "CL", FilingStep: "6", IsCombinedPort: true}},
		{"ML1000", Header{FormType: "ML", FilingStep: "1", TypeAsRead: "ML1000"}},
		{"示", Header{TypeAsRead: "示"}},
	} {
		var d Declaration
		wireType.Set(&d, row.wire)
		if diff := cmp.Diff(row.want, d.Header); diff != "" {
			t.Errorf("%q (-want +got):\n%s", row.wire, diff)
		}
		if got := wireType.Get(&d); got != row.wire {
			t.Errorf("%q was written as %q", row.wire, got)
		}
	}
}

func TestPromisesOfAnyLengthRoundTrip(t *testing.T) {
	t.Parallel()
	for _, wire := range []string{"", "009", "0099", "00999", "009991", "1", "示09"} {
		var d Declaration
		wirePromises.Set(&d, wire)
		if got := wirePromises.Get(&d); got != wire {
			t.Errorf("%q was written as %q", wire, got)
		}
	}
}

func TestDecimalFitsPlainNotationOnly(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		in     string
		signed bool
		want   bool
	}{
		{"0", false, true}, {"1250.5", false, true}, {"12345678901234.12345", false, true}, {"0001", false, true},
		{"123456789012345.1", false, false}, {"1.123456", false, false}, {"1,250", false, false}, {"1e3", false, false},
		{"-1", false, false}, {"-1", true, true}, {"+1", true, false}, {".5", false, false}, {"5.", false, false},
		{"", false, false}, {"１", false, false}, {" 1", false, false},
	} {
		if got := Decimal(row.in).Fits(19, 5, row.signed); got != row.want {
			t.Errorf("%q signed %v: got %v", row.in, row.signed, got)
		}
	}
}

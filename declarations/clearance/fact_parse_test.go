package clearance_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/testfacts"
)

const gate = `{"kind":"gate_in","container_number":"ZZZU0000010","voyage_number":"026E","occurred_at":"2026-01-05T10:00:00+08:00"`

func shownFaults(faults []declarations.Fault) []string {
	out := []string{}
	for _, f := range faults {
		out = append(out, f.Code+" "+f.Path)
	}
	return out
}

func TestWrongFactsAreNamed(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, body string
		want       []string
	}{
		{"nothing", " ", []string{"DEC-1007 "}},
		{"no JSON", "{\"kind\":\n  gate}", []string{"DEC-1001 kind"}},
		{"cut off", gate, []string{"DEC-1001 "}},
		{"an empty list", "[]", []string{"FCT-1005 "}},
		{"too many", "[" + strings.Repeat("{},", clearance.MaxFacts) + "{}]", []string{"FCT-1005 "}},
		{"a number", "7", []string{"DEC-1004 "}},
		{"an unknown member", gate + `,"colour":"red"}`, []string{"DEC-1002 colour"}},
		{"a member twice", gate + `,"kind":"gate_out"}`, []string{"DEC-1003 kind"}},
		{"another type", gate + `,"estimated":"yes"}`, []string{"DEC-1004 estimated"}},
		{"an unknown kind", strings.Replace(gate, "gate_in", "gate", 1) + "}", []string{"FCT-1001 kind"}},
		{"no time", `{"kind":"gate_in","bill_number":"B"}`, []string{"FCT-1002 occurred_at"}},
		{"a time without a zone", `{"kind":"gate_in","bill_number":"B","occurred_at":"2026-01-05T10:00:00"}`, []string{"FCT-1003 occurred_at"}},
		{"nothing that decides", `{"kind":"ship_arrival","voyage_number":"026E","occurred_at":"2026-01-05T10:00:00Z"}`, []string{"FCT-1004 "}},
		{"a wrong check digit", strings.Replace(gate, "10\"", "11\"", 1) + "}", []string{"FCT-1003 container_number"}},
		{"a wrong IMO number", gate + `,"vessel_imo":"9074728"}`, []string{"FCT-1003 vessel_imo"}},
		{"half a package", gate + `,"packages":"1.5"}`, []string{"FCT-1003 packages"}},
		{"a weight with a unit", gate + `,"gross_weight_kg":"25 kg"}`, []string{"FCT-1003 gross_weight_kg"}},
		{"a long text", gate + `,"note":"` + strings.Repeat("箱", 201) + `"}`, []string{"FCT-1003 note"}},
		{"in a list", "[" + gate + "}," + gate + `,"note":"a\u0000b"}]`, []string{"FCT-1003 [1].note"}},
		{"a reference twice", "[" + gate + `,"reference":"R"},` + gate + `,"reference":"R"}]`, []string{"FCT-1009 [1].reference"}},
	} {
		facts, faults := clearance.ParseJSON([]byte(row.body))
		if diff := cmp.Diff(row.want, shownFaults(faults)); diff != "" || len(facts) > 0 {
			t.Errorf("%s: %d facts (-want +got):\n%s", row.name, len(facts), diff)
		}
	}
	f, faults := clearance.ParseJSON([]byte("{\"kind\":\"gate_in\",\n \"x\" 1}"))
	if len(f) > 0 || faults[0].Line != 2 || faults[0].Column == 0 {
		t.Errorf("place of broken JSON: %+v", faults)
	}
}

func TestRightFactsAreTaken(t *testing.T) {
	t.Parallel()
	facts, faults := clearance.ParseJSON([]byte(`[` + gate + `,"packages":20,"gross_weight_kg":25000.50,"reference":"R1"},
		{"withdraws":"0190-…","reference":"R2"}, {"kind":"manifest_accepted","bill_number":"EXBL2026000001","occurred_at":"2026-01-05T02:00:00Z"}]`))
	if len(faults) > 0 || len(facts) != 3 {
		t.Fatalf("%d facts, %+v", len(facts), faults)
	}
	if f := facts[0]; f.Packages != "20" || f.GrossWeightKg != "25000.50" || f.Subject() != "box:ZZZU0000010" {
		t.Errorf("%+v", f)
	}
}

func TestManifestAnswersOfTheSamples(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]clearance.Kind{"Receipt_manifest_01.xml": clearance.ManifestAccepted, "Receipt_manifest_03.xml": clearance.ManifestReceipt} {
		data, err := os.ReadFile(testfacts.Path(t, "samples", "receipts", name))
		if err != nil {
			t.Fatal(err)
		}
		facts, faults := clearance.ParseXML(data)
		if len(faults) > 0 || len(facts) != 1 || facts[0].Kind != want || facts[0].BillNumber != "EXBL2026000002" {
			t.Errorf("%s: %+v, %+v", name, facts, faults)
		}
		wrapped := []byte("<MFTMessage><MFTData>" + string(data[strings.Index(string(data), "<ns2:"):]) + "</MFTData></MFTMessage>")
		if again, faults := clearance.ParseXML(wrapped); len(faults) > 0 || !cmp.Equal(facts, again) {
			t.Errorf("%s wrapped: %+v, %+v", name, again, faults)
		}
	}
}

const arrivalReport = `<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT3101:1"><Head><MessageID>CN_MT3101_1p0_X_20260105</MessageID></Head><Declaration>
<DeclarationOfficeID>0901</DeclarationOfficeID>
<BorderTransportMeans><JourneyID>026E</JourneyID><TypeCode>1</TypeCode><ID>UN9074729</ID><Name>EXAMPLE STAR</Name></BorderTransportMeans>
<UnloadingLocation><ID>DCT01/0901</ID><ArrivalDate>20260105103000</ArrivalDate></UnloadingLocation>
<TransportEquipment><EquipmentIdentification><ID>ZZZU0000010</ID></EquipmentIdentification><CharacteristicCode>22G0</CharacteristicCode><FullnessCode>5</FullnessCode></TransportEquipment>
<TransportEquipment><EquipmentIdentification><ID>ZZZU0000026</ID></EquipmentIdentification></TransportEquipment>
</Declaration></Manifest>`

func TestArrivalReportOfSeaContainers(t *testing.T) {
	t.Parallel()
	facts, faults := clearance.ParseXML([]byte(arrivalReport))
	if len(faults) > 0 || len(facts) != 2 {
		t.Fatalf("%+v, %+v", facts, faults)
	}
	f := facts[1]
	if f.Kind != clearance.CargoArrival || f.ContainerNumber != "ZZZU0000026" || f.VesselIMO != "9074729" || f.Place != "DCT01/0901" ||
		!f.OccurredAt.Equal(at(t, "2026-01-05 10:30")) {
		t.Errorf("%+v", f)
	}
	for _, row := range []struct{ name, from, to, want string }{
		{"a road form", "MT3101", "MT3402", "FCT-1007 /Manifest"},
		{"no date", "20260105103000", "soon", "FCT-1003 /Declaration"},
		{"a box with a wrong digit", "ZZZU0000026", "ZZZU0000027", "FCT-1003 /TransportEquipment/container_number"},
		{"a box without a number", "<ID>ZZZU0000026</ID>", "", "FCT-1008 /TransportEquipment"},
		{"a document type", "<Manifest", "<!DOCTYPE x><Manifest", "DEC-0002 /"},
	} {
		facts, faults := clearance.ParseXML([]byte(strings.Replace(arrivalReport, row.from, row.to, -1)))
		if len(facts) > 0 || len(faults) == 0 || !strings.HasPrefix(faults[0].Code+" "+faults[0].Path, row.want) {
			t.Errorf("%s: %+v, %+v", row.name, facts, faults)
		}
		if len(faults) > 0 && faults[0].Line == 0 {
			t.Errorf("%s: the fault has no line", row.name)
		}
	}
}

func FuzzFacts(f *testing.F) {
	f.Add([]byte(gate + "}"))
	f.Add([]byte("[" + gate + "}]"))
	f.Add([]byte(arrivalReport))
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, read := range map[string]func([]byte) ([]clearance.Fact, []declarations.Fault){"JSON": clearance.ParseJSON, "XML": clearance.ParseXML} {
			facts, faults := read(data)
			if (len(facts) == 0) != declarations.Rejected(faults) {
				t.Errorf("%s: %d facts with %d faults", name, len(facts), len(faults))
			}
			for i := range facts {
				if facts[i].Withdraws == "" && facts[i].Subject() == "" {
					t.Errorf("%s: fact %s has no subject", name, strconv.Itoa(i))
				}
			}
		}
	})
}

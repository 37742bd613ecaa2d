package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/declarations/testfacts"
)

// run runs a command in this process.
func run(t *testing.T, args ...string) (code int, out, complaints string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Main(t.Context(), append(args, "--lang", "en"), nil, &bytes.Buffer{}, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestSchemasJudgeAtTheEdge(t *testing.T) {
	t.Parallel()
	wco := testfacts.Path(t, "samples", "wco")
	folder := filepath.Join(wco, "xsd")
	valid := filepath.Join(wco, "declarations-valid", "TT_IM011a__TT_IM011a.xml")
	invalid := filepath.Join(wco, "declarations-invalid", "derived_05_GoodsItem_without_SequenceNumeric.xml")
	foreign := filepath.Join(t.TempDir(), "foreign.xml")
	doc, err := os.ReadFile(valid)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(doc), "<GoodsItemQuantity>", "<ProcedureCategory>B1</ProcedureCategory><GoodsItemQuantity>", 1)
	if err := os.WriteFile(foreign, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	chinese, err := filepath.Abs("../../declarations/customsxml/testdata/valid-01-import-one-line.xml")
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		args []string
		code int
		says string
	}{
		"convert in, invalid":           {[]string{"convert", "--schemas", folder, "--to", "json", invalid}, 1, "57:5 XSD-1006 /MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem/TransactionNatureCode"},
		"convert in, valid":             {[]string{"convert", "--schemas", folder, "--to", "json", valid}, 0, ""},
		"convert out":                   {[]string{"convert", "--schemas", folder, "--from", "wco", "--to", "wco", valid}, 0, ""},
		"check, invalid":                {[]string{"check", "--schemas", folder, invalid}, 1, "XSD-1006"},
		"another profile is named":      {[]string{"convert", "--schemas", folder, "--to", "json", foreign}, 1, "WCO-1001"},
		"other messages are not judged": {[]string{"check", "--schemas", folder, chinese}, 0, ""},
		"a folder that is not there":    {[]string{"check", "--schemas", filepath.Join(folder, "none"), valid}, 1, "none"},
		"a folder without schemas":      {[]string{"check", "--schemas", t.TempDir(), valid}, 1, "customs/wrapper_submit.xsd"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _, complaints := run(t, row.args...)
			if code != row.code || !strings.Contains(complaints, row.says) {
				t.Errorf("exit %d, want %d: %s", code, row.code, complaints)
			}
		})
	}
}

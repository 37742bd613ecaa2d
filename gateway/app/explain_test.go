package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/i18n"
)

// explained runs explain on the sample import after a change, offline.
func explained(t *testing.T, change func(*declarations.Declaration), args ...string) string {
	t.Helper()
	d := intake.Read(demoImport, intake.JSON)[0].Declaration
	change(&d)
	body, err := intake.Marshal(&d)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "d.json")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := Main(t.Context(), append(append([]string{"explain"}, args...), file), nil, &bytes.Buffer{}, &out, &errs); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	return out.String()
}

func TestExplainShowsTheWayThroughThePort(t *testing.T) {
	t.Parallel()
	facts := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(facts, []byte(`{"kind":"ship_arrival","vessel_name":"EXAMPLE STAR","voyage_number":"026E","occurred_at":"2026-01-07T01:00:00Z"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	summary := func(d *declarations.Declaration) { d.Header.FilingStep, d.Transport.VoyageNumber = "5", "" }
	zh := explained(t, summary, "--facts", facts, "--lang", "zh-Hans")
	for _, want := range []string{"概要申报缺少 VoyNo", "2026-01-21", i18n.For("zh-Hans").Text("clearance.stage.pickup_released", nil)} {
		if !strings.Contains(zh, want) {
			t.Errorf("without %q:\n%s", want, zh)
		}
	}
	ordinary := func(*declarations.Declaration) {}
	for _, lang := range i18n.Languages() {
		out := explained(t, ordinary, "--lang", string(lang))
		if mode := i18n.For(lang).Text("clearance.mode.ordinary", nil); !strings.Contains(out, mode) || strings.Contains(out, "clearance.") || strings.Contains(out, "(?)") {
			t.Errorf("%s, want %q:\n%s", lang, mode, out)
		}
	}
	combined := explained(t, func(d *declarations.Declaration) { d.Header.IsCombinedPort = true }, "--lang", "en")
	if !strings.Contains(combined, "Clearance mode: combined port.") || strings.Contains(combined, "pick-up") {
		t.Errorf("combined port:\n%s", combined)
	}
}

package app

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kouan/i18n"
	"kouan/port-adapters/conformance"
)

const webhookSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

func TestConformanceOfTheSandboxIsGreen(t *testing.T) {
	t.Parallel()
	g := start(t, "sandbox", "terminal", "--no-answers", "--secret", webhookSecret)
	code, out, errs := run(t, "conformance", "terminal", "--url", g.url, "--secret", webhookSecret)
	if code != exitDone || !strings.Contains(out, "red: 0") || strings.Contains(out, "→") || strings.Count(out, "✓") != len(conformance.Checks()) {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if code := g.end(t); code != exitDone {
		t.Errorf("exit %d: %s", code, g.errors)
	}
}

func TestConformanceTellsWhatToDo(t *testing.T) {
	t.Parallel()
	g := start(t, "sandbox", "terminal", "--no-answers") // verifies nothing
	code, out, errs := run(t, "conformance", "terminal", "--url", g.url, "--secret", webhookSecret, "--json")
	if code != exitFailed {
		t.Errorf("exit %d: %s", code, errs)
	}
	found := map[string]conformance.Grade{}
	for line := range strings.Lines(out) {
		var s shownResult
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if s.Grade != conformance.Green {
			found[s.Check] = s.Grade
			if s.ToDo == "" || s.Detail == "" {
				t.Errorf("%s says %q, %q", s.Check, s.Detail, s.ToDo)
			}
		}
	}
	// An altered id is found without a signature: the body names another one.
	red := []string{"altered_body", "altered_time", "early", "foreign_signature", "old", "unsigned"}
	if diff := cmp.Diff(red, slices.Sorted(maps.Keys(found))); diff != "" {
		t.Errorf("not green (-want +got):\n%s", diff)
	}
	g.end(t)
}

func TestConformanceRefusesWrongUse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no address":         {nil, "--url"},
		"no URL":             {[]string{"--url", "terminal"}, "terminal"},
		"no such format":     {[]string{"--url", "http://127.0.0.1:1", "--format", "fax"}, "json"},
		"no Standard secret": {[]string{"--url", "http://127.0.0.1:1", "--secret", "%%hush%%"}, "whsec_"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _, errs := run(t, append([]string{"conformance", "terminal"}, c.args...)...)
			if code != exitUsage || !strings.Contains(errs, c.want) || strings.Contains(errs, "hush") {
				t.Errorf("exit %d: %s", code, errs)
			}
		})
	}
}

// TestConformanceHasWords: every check is told in every language, with what to do.
func TestConformanceHasWords(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages() {
		var out bytes.Buffer
		c := &console{out: &out, words: words{i18n.For(lang)}}
		for _, id := range conformance.Checks() {
			for _, grade := range []conformance.Grade{conformance.Green, conformance.Yellow, conformance.Red, conformance.Skipped} {
				r := conformance.Result{Check: id, Grade: grade, Found: "not_played"}
				if err := (&conformanceTerminal{}).show(c, &r); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, found := range []string{"not_played", "https", "loopback", "plain", "status", "no_answer", "slowest", "some"} {
			if _, known := i18n.Placeholders("conformance.found." + found); !known {
				t.Errorf("%s has no text", found)
			}
		}
		if strings.Contains(out.String(), "conformance.") || strings.Contains(out.String(), "(?)") {
			t.Errorf("%s: %s", lang, &out)
		}
	}
}

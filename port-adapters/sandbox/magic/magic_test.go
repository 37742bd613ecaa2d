package magic

import (
	"testing"

	"kouan/declarations"
)

func TestEveryScriptHasNumbersThatPassForReal(t *testing.T) {
	t.Parallel()
	seen := map[string]Script{}
	for _, s := range Scripts() {
		if s.Slug() == "" {
			t.Errorf("script %d has no name", s)
		}
		for n := range 100 {
			number := Number(s, n)
			if !declarations.CheckContainer(number) || !Reserved(number) {
				t.Errorf("%q of script %d: check digit %v, reserved %v", number, s, declarations.CheckContainer(number), Reserved(number))
			}
			if before, twice := seen[number]; twice {
				t.Errorf("%s belongs to %d and to %d", number, before, s)
			}
			seen[number] = s
			for _, form := range []string{number, number + "/2"} {
				if got, ok := ScriptOf(form); !ok || got != s {
					t.Errorf("%s is script %d %v, want %d", form, got, ok, s)
				}
			}
		}
	}
}

func TestOtherNumbersChooseNothing(t *testing.T) {
	t.Parallel()
	for container, reserved := range map[string]bool{
		"CSQU3054383":      false, // the example of ISO 6346
		"SBXU0000000":      true,  // wrong check digit
		Number(77, 1):      true,  // no such script
		"sbxu0000010":      true,
		" " + Number(1, 1): true,
		"":                 false,
		"木材 SBXU":          false,
	} {
		if s, ok := ScriptOf(container); ok {
			t.Errorf("%q is script %d", container, s)
		}
		if Reserved(container) != reserved {
			t.Errorf("%q: reserved is %v", container, !reserved)
		}
	}
}

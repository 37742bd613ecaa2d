package codes_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kouan/declarations/codes"
)

// kept is a folder on disk, with a source over it.
func kept(t *testing.T) (dir string, source *codes.Source) {
	t.Helper()
	dir = t.TempDir()
	source, err := codes.NewSource(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return dir, source
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// reload looks twice, because one look never reads.
func reload(t *testing.T, s *codes.Source) (bool, error) {
	t.Helper()
	if changed, err := s.Reload(); changed || err != nil {
		t.Errorf("the first look read: %v, %v", changed, err)
	}
	return s.Reload()
}

func english(s *codes.Source, code string) string {
	e, ok := s.Set().Table("duty_modes").Find(code, "2026-01-05")
	if !ok {
		return ""
	}
	return e.NameEn
}

func TestSourceFollowsItsFolder(t *testing.T) {
	t.Parallel()
	dir, s := kept(t)
	if s.Set().Edition() != codes.Default().Edition() {
		t.Error("an empty folder is not the built-in set")
	}
	put(t, dir, "duty_modes.csv", dutyHead+"1,一,first,confirmed\n")
	if changed, err := reload(t, s); !changed || err != nil || english(s, "1") != "first" {
		t.Errorf("new file: changed %v, %v, %q", changed, err, english(s, "1"))
	}
	if changed, err := s.Reload(); changed || err != nil {
		t.Errorf("nothing changed: %v, %v", changed, err)
	}
	put(t, dir, "duty_modes.csv", dutyHead+"1,一,second,confirmed\n")
	if changed, err := reload(t, s); !changed || err != nil || english(s, "1") != "second" {
		t.Errorf("changed file: changed %v, %v, %q", changed, err, english(s, "1"))
	}
	if err := os.Remove(filepath.Join(dir, "duty_modes.csv")); err != nil {
		t.Fatal(err)
	}
	if changed, err := reload(t, s); !changed || err != nil || s.Set().Edition() != codes.Default().Edition() {
		t.Errorf("file taken away: changed %v, %v", changed, err)
	}
}

func TestFaultyFileLeavesTheSetAndIsToldOnce(t *testing.T) {
	t.Parallel()
	dir, s := kept(t)
	put(t, dir, "duty_modes.csv", dutyHead+"1,一,good,confirmed\n")
	if _, err := reload(t, s); err != nil {
		t.Fatal(err)
	}
	edition := s.Set().Edition()
	put(t, dir, "duty_modes.csv", dutyHead+"1,一,good,confirmed\n2,二,bad,sure\n")
	_, err := reload(t, s)
	var bad *codes.FaultsError
	if !errors.As(err, &bad) || bad.Faults[0].Line != 3 {
		t.Errorf("faulty file: %v", err)
	}
	if s.Set().Edition() != edition || english(s, "1") != "good" {
		t.Error("a faulty file changed the set")
	}
	if changed, err := s.Reload(); changed || err != nil {
		t.Errorf("the same faults are told again: %v, %v", changed, err)
	}
	put(t, dir, "duty_modes.csv", dutyHead+"1,一,mended,confirmed\n2,二,better,confirmed\n")
	if changed, err := reload(t, s); !changed || err != nil || english(s, "2") != "better" {
		t.Errorf("mended file: %v, %v", changed, err)
	}
}

// A file that grows between two looks is being written.
func TestFileInTheMakingIsNotRead(t *testing.T) {
	t.Parallel()
	dir, s := kept(t)
	var text strings.Builder
	text.WriteString(dutyHead)
	for _, row := range []string{"1,一,a,confirmed\n", "2,二,b,confirmed\n", "3,三,c,confirmed\n"} {
		text.WriteString(row)
		put(t, dir, "duty_modes.csv", text.String())
		if changed, err := s.Reload(); changed || err != nil {
			t.Errorf("half a file was read: %v, %v", changed, err)
		}
	}
	if changed, err := s.Reload(); !changed || err != nil || english(s, "3") != "c" {
		t.Errorf("the whole file: %v, %v", changed, err)
	}
}

func TestSourceOverAFaultyFolderDoesNotOpen(t *testing.T) {
	t.Parallel()
	var bad *codes.FaultsError
	if _, err := codes.NewSource(folder("duty_modes.csv", "x")); !errors.As(err, &bad) {
		t.Errorf("a faulty folder: %v", err)
	}
	if _, err := codes.NewSource(os.DirFS(filepath.Join(t.TempDir(), "nowhere"))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestNoSourceIsTheBuiltInSet(t *testing.T) {
	t.Parallel()
	var s *codes.Source
	if s.Set() != codes.Default() {
		t.Error("a nil source has another set")
	}
	if changed, err := s.Reload(); changed || err != nil {
		t.Errorf("a nil source reloads: %v, %v", changed, err)
	}
}

func TestReadersAndReloadsTogether(t *testing.T) {
	t.Parallel()
	dir, s := kept(t)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if name := english(s, "1"); name != "levy at the statutory rate" && name != "even" && name != "odd" {
					t.Errorf("duty mode 1 is %q", name)
					return
				}
				s.Set().Table("duty_modes").Search("o")
			}
		})
	}
	for i := range 20 {
		put(t, dir, "duty_modes.csv", dutyHead+"1,一,"+[]string{"even", "odd"}[i%2]+",confirmed\n")
		for range 2 {
			if _, err := s.Reload(); err != nil {
				t.Errorf("reload: %v", err)
			}
		}
	}
	close(stop)
	readers.Wait()
}

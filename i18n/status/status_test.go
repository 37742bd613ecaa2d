package status

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kouan/i18n"
)

func TestTheBookKeepsUpWithTheCatalogues(t *testing.T) {
	t.Parallel()
	texts, book := BuiltIn()
	for _, f := range Check(texts, book) {
		if f.Warning() { // readers are told on the page of translations
			t.Logf("%s in %s is stale: gateway i18n stale", f.Key, f.Lang)
			continue
		}
		t.Errorf("%s %s %s %v (new keys: gateway i18n record)", f.Code, f.Key, f.Lang, f.Args)
	}
	if len(texts.Keys()) < 2000 {
		t.Errorf("%d keys: the search is broken", len(texts.Keys()))
	}
}

// TestNobodyIsSaidToHaveReviewed: a status is raised by a person only, who is
// named in the history. Whoever reviews a language takes its line out here.
func TestNobodyIsSaidToHaveReviewed(t *testing.T) {
	t.Parallel()
	texts, book := BuiltIn()
	for _, lang := range Translations() {
		n := book.Count(texts, lang)
		if n[Reviewed]+n[Official] != 0 || n[Proposed] == 0 {
			t.Errorf("%s: %v", lang, n)
		}
	}
}

// catalogues is a folder of small catalogues; a language that is not given has
// the English one.
func catalogues(t *testing.T, given map[i18n.Lang]string) Texts {
	t.Helper()
	dir := fstest.MapFS{}
	for _, lang := range i18n.Languages() {
		body, ok := given[lang]
		if !ok {
			body = given[i18n.En]
		}
		dir[string(lang)+".json"] = &fstest.MapFile{Data: []byte(body)}
	}
	texts, err := ReadTexts(dir)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestAChangedSourceMakesItsTranslationsStale(t *testing.T) {
	t.Parallel()
	before := catalogues(t, map[i18n.Lang]string{i18n.ZhHans: `{"a":"甲","b":"乙"}`, i18n.En: `{"a":"A","b":"B"}`})
	var book Book
	added, dropped := book.Record(before)
	if diff := cmp.Diff([]string{"a", "b"}, added); diff != "" || dropped != nil {
		t.Fatalf("recorded %v, dropped %v", added, dropped)
	}
	after := catalogues(t, map[i18n.Lang]string{i18n.ZhHans: `{"a":" 甲 ","b":"丙","c":"丁"}`, i18n.En: `{"a":"A","b":"B","c":"C"}`})
	if added, _ := book.Record(after); len(added) != 1 {
		t.Fatalf("recorded again: %v", added)
	}
	want := map[Status]int{Proposed: 2, Stale: 1}
	if diff := cmp.Diff(want, book.Count(after, i18n.Ru)); diff != "" {
		t.Errorf("recording keeps what changed stale (-want +got)\n%s", diff)
	}
	if !book.Set(after, "b", i18n.Ru, Reviewed) || book.Set(after, "x", i18n.Ru, Reviewed) || book.Set(after, "b", i18n.ZhHans, Reviewed) || book.Set(after, "b", i18n.Ru, Stale) {
		t.Error("a status is set for a known key, a translation, and never to stale")
	}
	if ru, _ := book.Of(after, "b", i18n.Ru); ru != Reviewed {
		t.Errorf("b in ru is %s", ru)
	}
	if de, _ := book.Of(after, "b", i18n.De); de != Stale {
		t.Errorf("b in de is %s", de)
	}
	again := catalogues(t, map[i18n.Lang]string{i18n.ZhHans: `{"a":"甲"}`, i18n.En: `{"a":"A"}`})
	if _, dropped := book.Record(again); len(dropped) != 2 {
		t.Errorf("dropped %v", dropped)
	}
}

func TestCheckFinds(t *testing.T) {
	t.Parallel()
	counting := `{"n":{"one":"{{.count}} box","other":"{{.count}} boxes"},"p":"{{.x}}"}`
	texts := catalogues(t, map[i18n.Lang]string{
		i18n.ZhHans: `{"n":"{{.count}}箱","p":"{{.x}}","gone":"无"}`, i18n.Ja: `{"n":"{{.count}}","p":"{{.y}}","gone":"x"}`, i18n.Ko: `{"n":"{{.count}}","p":"{{.x}}","gone":"x"}`,
		i18n.En: counting, i18n.De: `{"n":"{{.count}} Kisten","p":"{{.x}}","gone":"x","more":"m"}`,
		i18n.Fr: `{"n":{"one":"{{.count}} boîte","many":"de boîtes","other":"{{.count}} boîtes"},"p":"{{.x}}","gone":"x"}`,
		i18n.Ru: `{"n":{"one":"{{.count}} ящик","few":"{{.count}} ящика","many":"{{.count}} ящиков","other":"{{.count}} ящика"},"p":"{{.x}}","gone":"x"}`,
	})
	var book Book
	book.Record(texts)
	delete(book.said, "p")
	book.said["old"] = book.said["n"]
	var got []string
	for _, f := range Check(texts, &book) {
		got = append(got, f.Code+" "+f.Key+" "+string(f.Lang))
	}
	want := []string{CodeMissing + " gone en", CodeSurplus + " more de", CodeForms + " n de", CodePlaceholder + " n fr", CodeGone + " old ", CodeNoStatus + " p ", CodePlaceholder + " p ja"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

func TestABookIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	texts := catalogues(t, map[i18n.Lang]string{i18n.ZhHans: `{"a":"甲","b":"乙"}`, i18n.En: `{"a":"A","b":"B"}`})
	var book Book
	book.Record(texts)
	book.Set(texts, "a", i18n.Ru, Reviewed)
	book.said["b"][i18n.Ja] = Said{Official, Hash("other")}
	var first, second bytes.Buffer
	if err := book.Write(&first); err != nil {
		t.Fatal(err)
	}
	read, err := Read(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Write(&second); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(book.said, read.said); diff != "" || first.String() != second.String() {
		t.Errorf("(-written +read)\n%s", diff)
	}
	if n := strings.Count(first.String(), "\n"); n != 3 {
		t.Errorf("%d lines for two keys:\n%s", n, first.String())
	}
}

func TestABadBookIsRefused(t *testing.T) {
	t.Parallel()
	head, hash := "key,source_sha256,status,except\n", Hash("x")
	for name, body := range map[string]string{
		"nothing": "", "another heading": "key,status\n", "a key twice": head + "a," + hash + ",proposed,\na," + hash + ",proposed,\n",
		"stale by hand": head + "a," + hash + ",stale,\n", "no hash": head + "a,00,proposed,\n", "no key": head + "," + hash + ",proposed,\n",
		"a language that is none": head + "a," + hash + ",proposed,xx=proposed@" + hash + "\n",
		"the source itself":       head + "a," + hash + ",proposed,zh-Hans=proposed@" + hash + "\n",
		"an exception cut off":    head + "a," + hash + ",proposed,ru=reviewed\n", "a field too few": head + "a," + hash + "\n",
	} {
		if _, err := Read(strings.NewReader(body)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("key,source_sha256,status,except\na," + Hash("x") + ",proposed,ru=reviewed@" + Hash("y") + "\n")
	f.Fuzz(func(t *testing.T, body string) {
		book, err := Read(strings.NewReader(body))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := book.Write(&out); err != nil {
			t.Fatal(err)
		}
		again, err := Read(&out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(book.said, again.said); diff != "" {
			t.Error(diff)
		}
	})
}

package tariffs

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is kept as records is the same catalogue: rows, version and quotations.
func TestARecordGivesItsRowBack(t *testing.T) {
	t.Parallel()
	c := BuiltIn()
	again, err := FromRecords(c.Records())
	if err != nil {
		t.Fatal(err)
	}
	if again.Version != c.Version || len(c.Records()) < 280 {
		t.Errorf("version %s of %d records, want %s", again.Version, len(again.Records()), c.Version)
	}
	if diff := cmp.Diff(c.Rows("2026-11-25", RowFilter{}), again.Rows("2026-11-25", RowFilter{})); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c.Records(), again.Records()); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	for i := range c.Records() {
		r := &c.Records()[i]
		cells, err := r.Cells()
		if err != nil {
			t.Fatal(err)
		}
		made, err := NewRecord(r.Kind, cells)
		if err != nil || string(made.Body) != string(r.Body) || made.Key != r.Key {
			t.Errorf("%s %s made again: %s, %v, want %s", r.Kind, r.Key, made.Body, err, r.Body)
		}
	}
}

func TestAnotherVersionIsAnotherCatalogue(t *testing.T) {
	t.Parallel()
	records := slices.Clone(BuiltIn().Records())
	i := slices.IndexFunc(records, func(r Record) bool { return r.Kind == "rates" && r.Key == "PILOTAGE-2019-010" })
	records[i].Version, records[i].Replaces = 2, 1
	c, err := FromRecords(records)
	if err != nil {
		t.Fatal(err)
	}
	if c.Version == BuiltIn().Version {
		t.Error("the version of the catalogue did not change")
	}
	for _, r := range c.Rows("2026-11-25", RowFilter{Item: "PILOTAGE"}) {
		if r.ID == "" {
			continue
		}
		if want := map[bool]string{true: "2", false: "1"}[r.ID == "PILOTAGE-2019-010"]; r.Version != want {
			t.Errorf("row %s has version %s, want %s", r.ID, r.Version, want)
		}
	}
}

func TestABrokenRecordIsRefused(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]Record{
		"unknown column": {Kind: "rates", Key: "x", Version: 1, Body: []byte(`{"rate_id":"x","prise":"1"}`)},
		"missing cell":   {Kind: "rates", Key: "x", Version: 1, Body: []byte(`{"rate_id":"x"}`)},
		"other key":      {Kind: "roundings", Key: "x", Version: 1, Body: []byte(`{}`)},
		"number":         {Kind: "items", Key: "x", Version: 1, Body: []byte(`{"code":1}`)},
		"twice":          {Kind: "items", Key: "x", Version: 1, Body: []byte(`{"code":"x","code":"y"}`)},
		"cut off":        {Kind: "items", Key: "x", Version: 1, Body: []byte(`{"code":"x"`)},
		"no object":      {Kind: "items", Key: "x", Version: 1, Body: []byte(`[]`)},
	} {
		if _, err := FromRecords([]Record{r}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	var bad *RowError
	if _, err := NewRecord("channels", map[string]string{"id": "C", "number": "\xff", "verification": "unverified"}); !errors.As(err, &bad) || bad.Column != "number" {
		t.Errorf("a cell that is no text: %v", err)
	}
	if _, err := NewRecord("rates", map[string]string{"prise": "1"}); !errors.As(err, &bad) || bad.Column != "prise" {
		t.Errorf("unknown column of a new record: %v", err)
	}
}

package clearance_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/customsxml"
)

// sample reads one of the valid messages of customsxml.
func sample(t *testing.T, name string) *declarations.Declaration {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "customsxml", "testdata", name+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	m, faults := customsxml.Parse(data)
	if declarations.Rejected(faults) {
		t.Fatalf("%s: %v", name, faults)
	}
	return &m.Declaration
}

// at is an instant at the port: 2026-01-05 10:00.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("CST", 8*60*60))
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// receipt is code @ time.
type receipt struct{ code, at string }

// heard folds receipts of the first attempt of a declaration.
func heard(t *testing.T, d *declarations.Declaration, receipts ...receipt) *clearance.Course {
	t.Helper()
	c := &clearance.Course{Own: declarations.OwnRecord{State: "sent", Attempt: 1, Summary: d.IsSummary()}}
	var events []declarations.Heard
	for _, r := range receipts {
		events = append(events, declarations.Heard{Event: declarations.Event{Code: r.code, At: at(t, r.at), SequenceNumber: "I20260000000000001", Hash: r.code + r.at}})
	}
	c.Result = declarations.Fold(c.Own, events)
	return c
}

// known is a fact of the carrier, heard an hour after it happened.
func known(t *testing.T, kind clearance.Kind, when string, change ...func(*clearance.Known)) clearance.Known {
	t.Helper()
	k := clearance.Known{Fact: clearance.Fact{Kind: kind, OccurredAt: at(t, when)}, ID: string(kind) + when, Source: "carrier", Role: "carrier"}
	k.HeardAt = k.OccurredAt.Add(time.Hour)
	for _, c := range change {
		c(&k)
	}
	return k
}

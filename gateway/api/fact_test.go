package api

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"kouan/declarations"
	"kouan/declarations/clearance"
)

const factsPath = "/api/v1/facts"

const carrierRelease = `{"kind":"carrier_release","bill_number":"EXBL2026000001","voyage_number":"026E","occurred_at":"2026-01-05T02:00:00Z","reference":"R1"}`

func TestFactIsAnsweredOnceAndTellsNobodysDeclaration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, "EX1")), http.StatusCreated)
	first := b.postJSON(t, "carrier", factsPath, []byte(carrierRelease))
	f := read[FactAnswer](t, first, http.StatusAccepted)
	if !f.Matched || f.Count != 1 || f.Duplicate || f.Kind != "carrier_release" {
		t.Errorf("%+v", f)
	}
	again := read[FactAnswer](t, b.postJSON(t, "carrier", factsPath, []byte(carrierRelease)), http.StatusOK)
	if again.ID != f.ID || !again.Duplicate {
		t.Errorf("again: %+v", again)
	}
	for _, secret := range []string{d.ID, b.partner["alice"], "EX1"} {
		if bytes.Contains(first.body, []byte(secret)) {
			t.Errorf("the carrier learns %s", secret)
		}
	}
	many := read[FactAnswers](t, b.postJSON(t, "terminal", factsPath, []byte("["+carrierRelease+"]")), http.StatusAccepted)
	if len(many.Facts) != 1 || many.Facts[0].ID == f.ID {
		t.Errorf("another source's list: %+v", many)
	}
	other := strings.Replace(carrierRelease, "026E", "027E", 1)
	p := refused(t, b.postJSON(t, "carrier", factsPath, []byte(other)), http.StatusConflict, "conflict_fact")
	if !strings.Contains(p.Detail, f.ID) || !strings.Contains(p.Detail, "R1") {
		t.Errorf("detail %q", p.Detail)
	}
	line := read[Timeline](t, b.ask(t, "alice", http.MethodGet, all+"/"+d.ID+"/timeline", nil), http.StatusOK)
	var texts []string
	for _, e := range line.Entries {
		texts = append(texts, e.Text)
	}
	if got := strings.Join(texts, "; "); strings.Count(got, "the carrier released the cargo") != 2 { // one of each source
		t.Errorf("timeline: %s", got)
	}
}

func TestManifestAnswerAsItCame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, "EX1")), http.StatusCreated)
	message := `<ns2:Manifest xmlns:ns2="urn:Declaration:datamodel:standard:CN:MT1401:1"><ns2:Response><ns2:ID>EXBL2026000001</ns2:ID><ns2:AdditionalInformation><ns2:StatementCode>01</ns2:StatementCode></ns2:AdditionalInformation></ns2:Response></ns2:Manifest>`
	a := read[FactAnswers](t, b.postXML(t, "customs", factsPath, []byte(message)), http.StatusAccepted)
	if len(a.Facts) != 1 || a.Facts[0].Kind != "manifest_accepted" || a.Facts[0].Count != 1 {
		t.Errorf("%+v", a)
	}
	o := read[Clearance](t, b.ask(t, "alice", http.MethodGet, all+"/"+d.ID+"/clearance", nil), http.StatusOK)
	if o.Advance.Manifest.State != clearance.ManifestMatched || len(o.Advance.Manifest.Unchecked) != 3 || o.Advance.Manifest.Source != b.partner["customs"] {
		t.Errorf("%+v", o.Advance.Manifest)
	}
	p := refused(t, b.postXML(t, "customs", factsPath, []byte(strings.ReplaceAll(message, "Response>", "Declaration>"))), http.StatusUnprocessableEntity, "invalid")
	if p.Faults[0].Code != clearance.CodeFactForm || !strings.Contains(p.Faults[0].Message, "MT1401") || p.Faults[0].Line != 1 {
		t.Errorf("a manifest itself: %+v", p.Faults)
	}
}

func TestOneWrongFactKeepsTheOthersOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.rows(t)
	p := refused(t, b.postJSON(t, "agent", factsPath, []byte("["+carrierRelease+`,{"kind":"sunrise"},{"withdraws":"nothing"}]`)), http.StatusUnprocessableEntity, "invalid")
	var codes strings.Builder
	for _, f := range p.Faults {
		codes.WriteString(f.Code + " " + f.Path + "; ")
		if f.Message == "" || strings.HasPrefix(f.Message, "fault.") || strings.Contains(f.Message, "(?)") {
			t.Errorf("words of %s: %q", f.Code, f.Message)
		}
	}
	if codes.String() != "FCT-1001 [1].kind; FCT-1002 [1].occurred_at; FCT-1004 [1]; " {
		t.Errorf("faults %s", codes.String())
	}
	p = refused(t, b.postJSON(t, "agent", factsPath, []byte("["+carrierRelease+`,{"withdraws":"nothing"}]`)), http.StatusUnprocessableEntity, "invalid")
	if p.Faults[0].Code != clearance.CodeFactWithdraw || p.Faults[0].Path != "[1].withdraws" {
		t.Errorf("withdrawal of nothing: %+v", p.Faults)
	}
	refused(t, b.ask(t, "agent", http.MethodPost, factsPath, []byte("kind,place\n"), "Content-Type", "text/csv"), http.StatusUnsupportedMediaType, "media_type")
	for table, n := range b.rows(t) {
		if before[table] != n {
			t.Errorf("a refused report wrote into %s", table)
		}
	}
}

func TestBriefOfATwoStepDeclarationCountsDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	summary := func(d *declarations.Declaration) {
		d.Header.FilingStep, d.Transport.ImportExportDate = "5", ""
	}
	d := read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, "EX1", summary)), http.StatusCreated)
	r := read[briefRecord](t, b.ask(t, "alice", http.MethodGet, all+"/"+d.ID, nil), http.StatusOK)
	if c := r.Clearance; c.Mode != "two_step_summary" || c.State != "summary_sent" || c.Due != "" || c.DaysLeft != nil {
		t.Errorf("no day of entry: %+v", c)
	}
	day := clearance.DayOf(b.Clock().AddDate(0, 0, -20)) // 20 days ago: 6 days over
	b.postJSON(t, "carrier", factsPath, []byte(`{"kind":"ship_arrival","vessel_name":"EXAMPLE STAR","voyage_number":"026E","occurred_at":"`+string(day)+`T12:00:00+08:00"}`))
	r = read[briefRecord](t, b.ask(t, "alice", http.MethodGet, all+"/"+d.ID, nil), http.StatusOK)
	if c := r.Clearance; c.Due != string(day.Add(14)) || c.DaysLeft == nil || *c.DaysLeft != -6 {
		t.Errorf("%+v, want %s", c, day.Add(14))
	}
	o := read[Clearance](t, b.ask(t, "alice", http.MethodGet, all+"/"+d.ID+"/clearance", nil, "Accept-Language", "de"), http.StatusOK)
	if o.TwoStep.Deadline.State != clearance.Overdue || !strings.Contains(o.TwoStep.Deadline.Text, "6 Tage überfällig") {
		t.Errorf("%+v", o.TwoStep.Deadline)
	}
}

// briefRecord is what the test wants of a Record, whose document has no type of its own.
type briefRecord struct {
	Clearance ClearanceBrief `json:"clearance"`
}

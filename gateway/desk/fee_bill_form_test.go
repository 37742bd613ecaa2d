package desk_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/testfacts"
	"kouan/gateway/desk"
	"kouan/tariffs"
)

func sampleFile(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(testfacts.Path(t, "samples", "tariffs", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestTheFormOfAgentsIsReadStrictly: beside the program's own form; what it
// does not have is refused with its place.
func TestTheFormOfAgentsIsReadStrictly(t *testing.T) {
	t.Parallel()
	body := sampleFile(t, "account-overcharged.json")
	got, err := desk.ReadAccount(tariffs.BuiltIn(), body, nil)
	if err != nil {
		t.Fatalf("read: %v %v", err, refused(t, body))
	}
	a := got.Account
	if a.Kind != desk.BillFinal || !a.Synthetic || a.Call.Terminal != "CNDLC-06" || a.Call.Ship.GT != "27411" || a.Call.Ship.Flag != "PA" || a.Call.Berth.IdleReason != "ship" || len(a.Lines) != 9 {
		t.Errorf("account %+v", a)
	}
	if diff := cmp.Diff([]string{"FEE-1321 synthetic", "FEE-1322 ship.cargo_completed"}, placed(got.Notes)); diff != "" {
		t.Errorf("notes (-want +got)\n%s", diff)
	}
	for _, c := range []struct{ name, was, now, want string }{
		{"a member of nobody", `"kind": "final"`, `"kind": "final", "price": 1`, "DEC-1002 price"},
		{"one of the ship", `"flag": "PA"`, `"flag": "PA", "beam_m": "30"`, "DEC-1002 ship.beam_m"},
		{"one of a line", `"text_en": "Tugs"`, `"text_en": "Tugs", "tugs": "3"`, "DEC-1002 lines[3].tugs"},
		{"a call beside the ship", `"kind": "final"`, `"kind": "final", "call": {}`, "DEC-1002 synthetic"},
		{"a kind of nobody", `"kind": "final"`, `"kind": "draft"`, "FEE-1002 kind draft"},
		{"a type of nobody", `"bulk_general_other"`, `"yacht"`, "FEE-1002 ship.type yacht"},
		{"a terminal elsewhere", `"香炉礁及附近"`, `"上海"`, "FEE-1007 ship.terminal 上海"},
		{"a stay without an end", `/2026-09-18T05:20:00+08:00`, ``, "FEE-1009 ship.alongside"},
		{"a stay that ends before it begins", `/2026-09-18T05:20:00+08:00`, `/2026-09-10T05:20:00+08:00`, "FEE-1004 ship.alongside"},
		{"a tonnage in words", `"15872"`, `"large"`, "FEE-1001 ship.nt large"},
		{"an answer that answers no question", `"first_chinese_port": true`, `"first_chinese_port": true, "us_nexus": "some"`, "FEE-1002 ship.us_nexus some"},
		{"a word of nobody", `"verification": "unverified"`, `"verification": "sure"`, "FEE-1002 verification sure"},
		{"dollars", `"CNY"`, `"USD"`, "FEE-1207 currency USD"},
	} {
		changed := bytes.Replace(body, []byte(c.was), []byte(c.now), 1)
		if bytes.Equal(changed, body) {
			t.Fatalf("%s: %s is not in the sample", c.name, c.was)
		}
		if c.name == "a call beside the ship" {
			if got := refused(t, changed); !strings.HasPrefix(got[0], "DEC-1002 ") {
				t.Errorf("%s: %q", c.name, got)
			}
			continue
		}
		if got := refused(t, changed); !strings.Contains(strings.Join(got, "; "), c.want) {
			t.Errorf("%s: refused by %q, want %s", c.name, got, c.want)
		}
	}
	far := bytes.Replace(body, []byte(`"distance_nm": 12`), []byte(`"distance_nm": 15.5`), 1)
	if got, err = desk.ReadAccount(tariffs.BuiltIn(), far, nil); err != nil || !strings.Contains(strings.Join(placed(got.Notes), ";"), "FEE-1208 ship.distance_nm 15.5") {
		t.Errorf("another distance: %v, %v", placed(got.Notes), err)
	}
}

// TestAStayAfterCargoIsReadOneWay: by whatever form the times come, and never
// where a reason is stated.
func TestAStayAfterCargoIsReadOneWay(t *testing.T) {
	t.Parallel()
	const head, row = "line,text_zh,amount,arrival,currency", "1,停泊费,1,2026-09-14T22:40:00+08:00,CNY"
	const times, stay = ",alongside_from,alongside_to,cargo_completed", ",2026-09-15T00:15:00+08:00,2026-09-18T05:20:00+08:00,2026-09-17T20:00:00+08:00"
	at := func(s string) time.Time {
		got, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	fill := func(c *tariffs.Call) {
		c.Berth = &tariffs.Berth{From: at("2026-09-15T00:15:00+08:00"), To: at("2026-09-18T05:20:00+08:00"), CargoDone: at("2026-09-17T20:00:00+08:00")}
	}
	for _, c := range []struct {
		name, body string
		fill       func(*tariffs.Call)
		reason     string
		noted      bool
	}{
		{"in the table", head + times + "\n" + row + stay + "\n", nil, "ship", true},
		{"filled in beside it", head + "\n" + row + "\n", fill, "ship", true},
		{"with a reason", head + times + ",idle_reason\n" + row + stay + ",repair\n", nil, "repair", false},
	} {
		got, err := desk.ReadAccount(tariffs.BuiltIn(), []byte(c.body), c.fill)
		if err != nil {
			t.Fatalf("%s: %v %v", c.name, err, refused(t, []byte(c.body)))
		}
		if noted := strings.Contains(strings.Join(placed(got.Notes), ";"), "FEE-1322 cargo_completed"); noted != c.noted || got.Account.Call.Berth.IdleReason != c.reason {
			t.Errorf("%s: read for %q, notes %v", c.name, got.Account.Call.Berth.IdleReason, placed(got.Notes))
		}
	}
}

// TestAFileSaysWhatKindItIs: an estimate is not kept as a final account, and
// what is invented counts nowhere.
func TestAFileSaysWhatKindItIs(t *testing.T) {
	t.Parallel()
	b, now := accounts(t)
	body := sampleFile(t, "account-overcharged.json")
	_, err := b.CheckBill(t.Context(), desk.BillUpload{Body: body, Kind: desk.BillEstimate, Peer: "p"})
	wantFault(t, "a final account as an estimate", err, "FEE-1320 kind estimate")
	made := checked(t, b, desk.BillUpload{Body: bytes.Replace(body, []byte(`"final"`), []byte(`"estimate"`), 1)})
	if made.Bill.Kind != desk.BillEstimate {
		t.Errorf("an estimate is kept as %s", made.Bill.Kind)
	}
	made = checked(t, b, desk.BillUpload{Body: body})
	if why := made.Bill.Unratable(b.Desk.Clock()); made.Bill.Kind != desk.BillFinal || why == nil || why[1] != "bill_synthetic" {
		t.Errorf("an invented account: %s, %v at %d", made.Bill.Kind, why, now.Load())
	}
	if of, err := b.FeeBody(t.Context(), "pilot-station"); err != nil || len(of.Months) != 0 {
		t.Errorf("an invented account counts: %+v, %v", of.Months, err)
	}
}

package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/tariffs"
)

// accountForm is the form in which agents' accounts are exchanged as JSON:
// the facts of the call lie in the ship, in the words of the columns of the
// table (samples/tariffs/account-*.json). The program's own form has a call
// as a quotation takes it.
type accountForm struct {
	Synthetic    bool   `json:"synthetic"`
	Verification string `json:"verification"` // of the whole file; each figure is judged by itself
	Note         string `json:"note"`

	Number   string                `json:"account_no"`
	Kind     string                `json:"kind"`
	Currency string                `json:"currency"`
	Agent    string                `json:"agent"`
	Ship     accountFormShip       `json:"ship"`
	Lines    []tariffs.AccountLine `json:"lines"`
	Total    string                `json:"total"`
}

type accountFormShip struct {
	Name      string               `json:"name"`
	IMO       string               `json:"imo"`
	Type      string               `json:"type"`
	Flag      string               `json:"flag"`
	NT        string               `json:"nt"`
	GT        string               `json:"gt"`
	LOA       string               `json:"loa_m"`
	Terminal  string               `json:"terminal"`
	Distance  declarations.Decimal `json:"distance_nm"`
	Arrival   time.Time            `json:"arrival"`
	Departure time.Time            `json:"departure"`
	Alongside string               `json:"alongside"` // from/to (ISO 8601)
	CargoDone time.Time            `json:"cargo_completed"`
	FirstPort *bool                `json:"first_chinese_port"`
	Nexus     string               `json:"us_nexus"` // not stated
}

// formPlaces are where the facts of a call stand in the form.
var formPlaces = map[string]string{
	"ship.net_tonnage": "ship.nt", "ship.gross_tonnage": "ship.gt", "ship.length_overall_m": "ship.loa_m", "arrival": "ship.arrival",
	"departure": "ship.departure", "terminal": "ship.terminal", "berth.from": "ship.alongside", "berth.to": "ship.alongside",
	"berth.cargo_completed": "ship.cargo_completed",
}

func formPlace(path string) string {
	if place := formPlaces[path]; place != "" {
		return place
	}
	return path
}

// isAccountForm reports whether an object has a ship and no call.
func isAccountForm(body []byte) bool {
	var members map[string]jsontext.Value
	if readStrict(body, &members) != nil {
		return false // whoever reads it says what is wrong
	}
	_, ship := members["ship"]
	_, call := members["call"]
	return ship && !call
}

// readAccountForm reads the form into an account.
func readAccountForm(c *tariffs.Catalogue, body []byte, fill func(*tariffs.Call)) (*tariffs.Account, []declarations.Fault) {
	var f accountForm
	if faults := readStrict(body, &f); faults != nil {
		return nil, faults
	}
	a := &tariffs.Account{Synthetic: f.Synthetic, Number: f.Number, Kind: f.Kind, Currency: f.Currency, Agent: f.Agent, Lines: f.Lines, Total: f.Total}
	var faults []declarations.Fault
	if f.Verification != "" && !slices.Contains(tariffs.Words, tariffs.Word(f.Verification)) {
		faults = append(faults, choiceFault("verification", f.Verification, wordList()))
	}
	call, more := f.Ship.call(c)
	a.Call = call
	faults = append(append(faults, more...), accountFaults(c, a, fill, formPlace)...)
	return a, append(faults, assumeIdle(a.Call.Berth, "ship.cargo_completed")...)
}

// call takes the facts of the call out of the ship.
func (s *accountFormShip) call(c *tariffs.Catalogue) (tariffs.Call, []declarations.Fault) {
	var faults []declarations.Fault
	call := tariffs.Call{Arrival: s.Arrival, Leaving: s.Departure,
		Ship: tariffs.Ship{Name: s.Name, IMO: s.IMO, Type: shipGroup(s.Type), NT: s.NT, GT: s.GT, LOA: s.LOA, Flag: s.Flag},
		// An account is for a call with arrival and departure: both pilotages are due.
		Pilotage: &tariffs.Pilotage{In: true, Out: true}}
	if s.Terminal != "" {
		if call.Terminal = terminalNamed(c, s.Terminal); call.Terminal == "" {
			faults = append(faults, strictjson.Reject(tariffs.CodeTerminal, "ship.terminal", "value", strictjson.Shown(s.Terminal)))
		}
	}
	if known, differs := otherDistance(c, call.Terminal, string(s.Distance)); differs {
		f := strictjson.Reject(codeBillDistance, "ship.distance_nm", "value", strictjson.Shown(string(s.Distance)), "known", known)
		f.Severity = declarations.Warn
		faults = append(faults, f)
	}
	if s.Alongside != "" {
		from, to, _ := strings.Cut(s.Alongside, "/")
		begin, err := time.Parse(time.RFC3339, from)
		end, err2 := time.Parse(time.RFC3339, to)
		if err != nil || err2 != nil {
			faults = append(faults, strictjson.Reject(tariffs.CodeInstant, "ship.alongside", "value", strictjson.Shown(s.Alongside)))
		}
		call.Berth = &tariffs.Berth{From: begin, To: end, CargoDone: s.CargoDone}
	}
	switch s.Nexus {
	case "", "not stated": // nobody's answer to the questions of the special port fee
	default:
		faults = append(faults, choiceFault("ship.us_nexus", s.Nexus, "not stated"))
	}
	if s.FirstPort != nil {
		call.Special = &tariffs.Special{FirstPort: s.FirstPort}
	}
	return call, faults
}

// shipGroup is the group of the tug table for a type; the form writes
// container for the group of container, ro-ro and passenger ships. What it
// writes otherwise is left for the check of the call.
func shipGroup(name string) string {
	if name == "container" {
		return "container_roro_passenger"
	}
	return name
}

// assumeIdle: completion of cargo is stated to say from when a stay is the
// ship's own (1997/2001 rules art. 23(1)); without a reason it is read so, and
// noted: the stay may be caused by the port, which costs nothing (art. 24).
func assumeIdle(b *tariffs.Berth, place string) []declarations.Fault {
	if b == nil || b.CargoDone.IsZero() || b.IdleReason != "" || b.PortCaused || !b.To.After(b.CargoDone) {
		return nil
	}
	b.IdleReason = "ship"
	return []declarations.Fault{{Code: codeBillIdle, Severity: declarations.Warn, Path: place}}
}

func choiceFault(path, value, known string) declarations.Fault {
	return strictjson.Reject(tariffs.CodeChoice, path, "value", strictjson.Shown(value), "known", known)
}

func wordList() string {
	words := make([]string, len(tariffs.Words))
	for i, w := range tariffs.Words {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

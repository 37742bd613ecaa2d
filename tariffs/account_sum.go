package tariffs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Standing is how what a body billed stands to the catalogue.
type Standing string

// The standings, the gravest first. Against a reference that was not read in
// its instrument nobody is said to differ: there is something to ask.
const (
	StandsDiffers  Standing = "differs"
	StandsAsked    Standing = "asked"
	StandsEqual    Standing = "equal"
	StandsUnjudged Standing = "unjudged"
)

// Standings are all of them.
var Standings = []Standing{StandsEqual, StandsDiffers, StandsAsked, StandsUnjudged}

// TooMuch reports a verdict that says that more was asked than the catalogue gives.
func TooMuch(v Verdict) bool {
	switch v {
	case AboveCeiling, QuantityWrong, NoSeparateCharge, Abolished, AgentMargin, BasisWrong:
		return true
	}
	return false
}

// Standing of one billed line.
func (f *AccountFinding) Standing() Standing {
	for _, v := range f.Verdicts {
		switch {
		case (TooMuch(v) || v == SumWrong) && f.Word.Plain():
			return StandsDiffers
		case TooMuch(v), v == RateKindQuestion, v == SumWrong:
			return StandsAsked
		}
	}
	if slices.Contains(f.Verdicts, Equal) || slices.Contains(f.Verdicts, WithinCeiling) {
		return StandsEqual
	}
	return StandsUnjudged
}

// wholeLine are the verdicts by which all of a line is in question: it should not
// be on the account. So is a line whose basis leaves no figure to hold it against.
var wholeLine = []Verdict{Abolished, AgentMargin, NoSeparateCharge}

// Questioned is the part of a line that is over, or to be asked about.
func (f *AccountFinding) Questioned(billed Fen) Fen {
	if slices.ContainsFunc(f.Verdicts, func(v Verdict) bool { return slices.Contains(wholeLine, v) || v == BasisWrong && f.Reference == nil }) {
		return billed
	}
	if f.Difference != nil && f.Standing() != StandsUnjudged && *f.Difference > 0 {
		return *f.Difference
	}
	return 0
}

// Sum is what part of an account adds up to. Over is above a reference that
// was read in its instrument, Asked above any other: the two are never added.
type Sum struct {
	Of       string   `json:"of"` // payer, or code of a body; empty: lines that the catalogue does not have
	Lines    int      `json:"lines"`
	Judged   int      `json:"judged"`
	Agreeing int      `json:"agreeing"`
	Differs  int      `json:"differs"`
	Asked    int      `json:"asked"`
	Billed   Fen      `json:"billed_fen"`
	Over     Fen      `json:"over_fen"`
	Question Fen      `json:"asked_fen"`
	Standing Standing `json:"standing"`
}

func (s *Sum) add(f *AccountFinding, billed Fen) {
	s.Lines++
	s.Billed += billed
	standing := f.Standing()
	switch standing {
	case StandsEqual:
		s.Agreeing++
	case StandsDiffers:
		s.Differs++
		s.Over += f.Questioned(billed)
	case StandsAsked:
		s.Asked++
		s.Question += f.Questioned(billed)
	}
	s.Judged = s.Agreeing + s.Differs + s.Asked
	switch {
	case s.Differs > 0:
		s.Standing = StandsDiffers
	case s.Asked > 0:
		s.Standing = StandsAsked
	case s.Agreeing > 0:
		s.Standing = StandsEqual
	default:
		s.Standing = StandsUnjudged
	}
}

// AccountSums are an account's lines added up by who pays and by who charges,
// and all together.
type AccountSums struct {
	All     Sum     `json:"all"`
	ByPayer []Sum   `json:"by_payer"`
	ByBody  []Sum   `json:"by_body"`
	Shares  []Share `json:"-"`
}

// Share is what an account says about one body against references of one
// word: what figures over many accounts are made of.
type Share struct {
	Body                        string
	Word                        Word
	Lines, Agreeing, Questioned int
	Billed, Over                Fen // Over: what is questioned of the billed
}

// SumAccount adds up what CheckAccount found. What it found about the account
// as a whole (a sum that is wrong, a line that is missing) is no line's.
func SumAccount(c *Catalogue, a *Account, findings []AccountFinding) AccountSums {
	var out AccountSums
	for i := range findings {
		f := &findings[i]
		at := slices.IndexFunc(a.Lines, func(l AccountLine) bool { return l.Line == f.Line })
		if f.Line == 0 || at < 0 {
			continue
		}
		amount, _ := decimalOf(a.Lines[at].Amount)
		billed := round(amount)
		payer, body := c.parties(f)
		out.All.add(f, billed)
		sumOf(&out.ByPayer, payer).add(f, billed)
		sumOf(&out.ByBody, body).add(f, billed)
		out.share(f, body, billed)
	}
	return out
}

func (s *AccountSums) share(f *AccountFinding, body string, billed Fen) {
	at := slices.IndexFunc(s.Shares, func(x Share) bool { return x.Body == body && x.Word == f.Word })
	if at < 0 {
		at, s.Shares = len(s.Shares), append(s.Shares, Share{Body: body, Word: f.Word})
	}
	x := &s.Shares[at]
	x.Lines++
	x.Billed += billed
	switch f.Standing() {
	case StandsEqual:
		x.Agreeing++
	case StandsDiffers, StandsAsked:
		x.Questioned++
		x.Over += f.Questioned(billed)
	}
}

func sumOf(list *[]Sum, of string) *Sum {
	at := slices.IndexFunc(*list, func(s Sum) bool { return s.Of == of })
	if at < 0 {
		at, *list = len(*list), append(*list, Sum{Of: of})
	}
	return &(*list)[at]
}

// parties of a line: who pays it and who asks for it. A margin on somebody
// else's charge is the agent's own.
func (c *Catalogue) parties(f *AccountFinding) (payer, body string) {
	if len(f.Items) == 0 {
		return "", ""
	}
	it := c.items[f.Items[0]]
	if it == nil {
		return "", ""
	}
	if agent := c.items["AGENCY_FEE"]; agent != nil && slices.Contains(f.Verdicts, AgentMargin) {
		return it.Payer, BodyCode(agent.Collector)
	}
	return it.Payer, BodyCode(c.CollectorOf(it.Code, f.Row)) // of the company whose price it was held against
}

// Identity tells accounts apart by what they say, however the file is written:
// number, ship, day of arrival and the billed lines. One account in two files,
// or uploaded by two people, has one identity.
func (a *Account) Identity() string {
	ship := strings.TrimSpace(a.Call.Ship.IMO)
	if ship == "" {
		ship = strings.ToUpper(plainName(a.Call.Ship.Name))
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", plainName(a.Number), ship, DayOf(a.Call.Arrival))
	for i := range a.Lines {
		amount, _ := decimalOf(a.Lines[i].Amount)
		fmt.Fprintf(h, "%s %s\n", plainName(a.Lines[i].Text()), amount.StringFixed(2))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Variance is one charge of an estimate beside the same of the final account;
// nil is not on that account.
type Variance struct {
	Item       string `json:"item,omitzero"` // of the catalogue
	Text       string `json:"text,omitzero"` // as billed, when the catalogue has no such item
	Estimate   *Fen   `json:"estimate_fen,omitzero"`
	Final      *Fen   `json:"final_fen,omitzero"`
	Difference Fen    `json:"difference_fen"`
}

// CompareAccounts holds a final account against its estimate, charge by
// charge, in the order of the final one and then what only the estimate had.
func CompareAccounts(c *Catalogue, estimate, final *Account) []Variance {
	var keys []string
	by := map[string]*Variance{}
	names := c.names()
	add := func(a *Account, side func(*Variance) **Fen) {
		for i := range a.Lines {
			m := names.match(&a.Lines[i])
			key, v := "text "+plainName(a.Lines[i].Text()), Variance{Text: a.Lines[i].Text()}
			if m.item != nil {
				key, v = "item "+m.item.Code, Variance{Item: m.item.Code}
			}
			if by[key] == nil {
				by[key], keys = &v, append(keys, key)
			}
			to := side(by[key])
			if *to == nil {
				*to = new(Fen)
			}
			**to += round(m.amount)
		}
	}
	add(final, func(v *Variance) **Fen { return &v.Final })
	add(estimate, func(v *Variance) **Fen { return &v.Estimate })
	out := make([]Variance, 0, len(keys))
	for _, key := range keys {
		v := by[key]
		if v.Final != nil {
			v.Difference += *v.Final
		}
		if v.Estimate != nil {
			v.Difference -= *v.Estimate
		}
		out = append(out, *v)
	}
	return out
}

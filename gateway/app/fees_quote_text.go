package app

import (
	"strconv"

	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// tellQuote writes a quotation for people: lines, sums, notes, and what was
// asked for beside it.
func (c *console) tellQuote(of *tariffs.Catalogue, a *quoted, path bool) error {
	w := c.tariffWords(of)
	if err := c.quoteLines(w, &a.Quote, path); err != nil {
		return err
	}
	if err := c.quoteSums(w, &a.Quote); err != nil {
		return err
	}
	if err := c.quoteAcross(w, a.Quote.Across); err != nil {
		return err
	}
	if a.Compared != nil {
		if err := c.quoteChanges(w, a); err != nil {
			return err
		}
	}
	if len(a.Terms) > 0 {
		if err := c.termOffers(w, a.Terms); err != nil {
			return err
		}
	}
	for i := range a.Quote.Notes {
		if err := c.print("* %s\n", w.Note(&a.Quote.Notes[i])); err != nil {
			return err
		}
	}
	return c.say("cli.fees.prevails", nil)
}

func (c *console) quoteHead(w wording.Words, q *tariffs.Quotation) error {
	return c.print("%s — %s\n", w.Term("ui.quotation"), c.words.text("cli.fees.quoted", arguments{
		"day": string(q.On), "known": string(q.KnownOn), "version": shortVersion(q.Catalogue)}))
}

func (c *console) quoteLines(w wording.Words, q *tariffs.Quotation, path bool) error {
	if err := c.quoteHead(w, q); err != nil {
		return err
	}
	grid := [][]string{{"", w.Term("ui.item"), w.Term("ui.quantity") + " × " + w.Term("ui.rate"), w.Term("ui.unit"), w.Term("ui.amount"),
		w.Term("ui.payer"), w.Term("ui.collector"), w.Term("ui.legal_basis"), w.Term("ui.verification")}}
	for i := range q.Lines {
		l := &q.Lines[i]
		basis := w.Cited(l.Instrument, l.Article)
		if l.Basis != "" {
			basis += " (" + w.Basis(l.Basis) + ")"
		}
		grid = append(grid, []string{strconv.Itoa(i + 1), w.Line(l.Item, l.Component, l.Part), w.Computed(l), w.Unit(l.Item, l.Unit), w.Price(l),
			w.Party(l.Payer), w.Party(l.Collector), basis, w.Sure(l.Word)})
	}
	if err := c.printGrid(grid); err != nil || !path {
		return err
	}
	if err := c.print("%s\n", w.Term("ui.rule_path")); err != nil {
		return err
	}
	for i := range q.Lines {
		l := &q.Lines[i]
		if err := c.print("%d %s\n", i+1, w.Line(l.Item, l.Component, l.Part)); err != nil {
			return err
		}
		for s := range l.Path {
			if err := c.print("    %s\n", w.Step(&l.Path[s])); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *console) quoteSums(w wording.Words, q *tariffs.Quotation) error {
	if err := c.print("%s\n", w.Labelled(w.Term("ui.total"), w.Sum(&q.Total)+" — "+w.Status(&q.Total))); err != nil {
		return err
	}
	if yuan := q.Total.Yuan; yuan != nil {
		if err := c.print("%s\n", w.Text("page.quote.in_yuan", map[string]string{"amount": w.Money(*yuan)})); err != nil {
			return err
		}
	}
	for _, by := range []struct {
		term string
		sums []tariffs.Total
	}{{"ui.payer", q.ByPayer}, {"ui.collector", q.ByCollector}} {
		for i := range by.sums {
			t := &by.sums[i]
			if err := c.print("  %s\n", w.Labelled(w.Term(by.term)+" "+w.Party(t.Of), w.Sum(t))); err != nil {
				return err
			}
		}
	}
	return nil
}

// side is the amount of one side of a comparison.
func side(w wording.Words, l *tariffs.Line) string {
	if l == nil {
		return "–"
	}
	return w.Price(l)
}

func (c *console) quoteChanges(w wording.Words, a *quoted) error {
	if err := c.quoteHead(w, a.Compared); err != nil {
		return err
	}
	grid := [][]string{{w.Term("ui.item"), "1", "2", c.words.text("cli.fees.difference", nil), c.words.text("cli.fees.changed", nil)}}
	for i := range a.Changes {
		ch := &a.Changes[i]
		difference := "?"
		if ch.Difference != nil {
			difference = w.Money(*ch.Difference)
		}
		grid = append(grid, []string{w.Line(ch.Item, ch.Component, ch.Part), side(w, ch.Before), side(w, ch.After), difference, w.Why(ch)})
	}
	one, two := &a.Quote.Total, &a.Compared.Total
	difference := "?"
	if one.Amount != nil && two.Amount != nil {
		difference = w.Money(*two.Amount - *one.Amount)
	}
	grid = append(grid, []string{w.Term("ui.total"), w.Sum(one), w.Sum(two), difference, ""})
	return c.printGrid(grid)
}

func (c *console) termOffers(w wording.Words, offers []tariffs.TermOffer) error {
	grid := [][]string{{w.Term("ui.licence_term"), w.Term("ui.amount"), c.words.text("cli.fees.licences", nil), c.words.text("cli.fees.year", nil), w.Term("ui.verification")}}
	for i := range offers {
		o := &offers[i]
		line := []string{c.words.text("fee_term."+o.Term, nil), w.Unknown(o.Unknown, o.Needs, o.About), strconv.Itoa(o.MostLicences), w.Term("ui.unknown"), ""}
		if o.One != nil && o.Year != nil {
			line[1], line[3], line[4] = w.Money(*o.One), w.Money(*o.Year), w.Sure(o.Word)
		}
		grid = append(grid, line)
	}
	return c.printGrid(grid)
}

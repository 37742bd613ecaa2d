package app

import (
	"context"
	"strconv"

	"kouan/i18n"
	"kouan/tariffs"
)

// feesList shows the rows in force on a day.
type feesList struct {
	feeRows `embed:""`
}

// Run prints a table for people, or the rows for programs.
func (cmd *feesList) Run(ctx context.Context, c *console, common *Common) error {
	if cmd.CSV && cmd.JSON {
		return &usageError{key: "cli.error.fee_form"}
	}
	l, err := cmd.list(ctx, c, common)
	switch {
	case err != nil:
		return err
	case cmd.CSV:
		err = tariffs.WriteRows(c.out, l.of.Version, l.rows)
	case cmd.JSON:
		err = c.printJSON(l.forPrograms())
	default:
		err = c.feeTable(l)
	}
	if err != nil {
		return err
	}
	return c.tellSource(l.of)
}

// listed is the list of a day for programs.
type listed struct {
	Catalogue string        `json:"catalogue"`
	Edition   int           `json:"edition,omitzero"`
	On        tariffs.Day   `json:"on"`
	Rows      []tariffs.Row `json:"rows"`
}

func (l *feeList) forPrograms() *listed { return &listed{l.of.Version, l.of.Number, l.day, l.rows} }

// feeTable: the Chinese name prevails and stands beside the translated one.
func (c *console) feeTable(l *feeList) error {
	w, rows := c.tariffWords(l.of.Catalogue), l.rows
	chinese := w.Lang() == i18n.ZhHans
	if len(rows) == 0 {
		return c.print("%s\n", w.Term("ui.no_rows"))
	}
	head := []string{w.Term("ui.item")}
	if !chinese {
		head = append(head, i18n.For(i18n.ZhHans).Text("cli.fees.name", nil), c.words.text("cli.fees.translation", nil))
	}
	head = append(head, w.Term("ui.rate"), w.Term("ui.unit"), c.words.text("cli.fees.conditions", nil), w.Term("ui.payer"), w.Term("ui.collector"),
		w.Term("ui.legal_basis"), c.words.text("cli.fees.basis", nil), c.words.text("cli.fees.validity", nil), w.Term("ui.verification"))
	grid := [][]string{head}
	for i := range rows {
		r := &rows[i]
		line := []string{w.Line(r.Item, r.Component, "")}
		if !chinese {
			line = append(line, r.NameZH, w.Translation(r.Item))
		}
		grid = append(grid, append(line, w.Amount(r), w.Unit(r.Item, r.Unit), w.Conditions(r), w.Party(r.Payer), w.Party(r.Collector),
			w.Cited(r.LegalBasis, r.Article), w.Basis(r.BasisStatus), w.Validity(r), w.Sure(r.Word)))
	}
	if err := c.print("%s\n", c.words.text("cli.fees.rows", arguments{"day": string(l.day), "count": strconv.Itoa(len(rows)),
		"version": shortVersion(l.of.Version)})); err != nil {
		return err
	}
	if err := c.printGrid(grid); err != nil {
		return err
	}
	return c.say("cli.fees.prevails", nil)
}

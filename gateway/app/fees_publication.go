package app

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/publication"
)

// person is who does a step of publication at the command line. The operating
// system has let him in; his name is what the second pair of eyes is told by.
type person struct {
	By string `help:"cli.flag.fee_by" placeholder:"NAME"`
}

func (p *person) step() (desk.FeeStep, error) {
	name := strings.TrimSpace(p.By)
	if name == "" || len(name) > 64 {
		return desk.FeeStep{}, &usageError{key: "cli.error.fee_by"}
	}
	return desk.FeeStep{By: operator + "/" + name, Actor: operator}, nil
}

// draft keeps the files as a draft, or with --dry-run says what would become
// of them on top of the edition that was published last.
func (cmd *feesImport) draft(ctx context.Context, c *console, common *Common) error {
	by, err := cmd.step()
	if err != nil {
		return err
	}
	in := desk.FeeDrafting{By: by.By, Actor: by.Actor, Note: cmd.Note, Reason: cmd.Reason, Urgent: cmd.Urgent, DryRun: cmd.DryRun, Partial: cmd.Partial}
	for _, file := range cmd.Files {
		body, err := c.readDocument(file)
		if err != nil {
			return err
		}
		in.Files = append(in.Files, desk.FeeFile{Name: filepath.Base(file), ContentType: "application/octet-stream", Body: body})
	}
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		out, err := c.desk(s).DraftFees(ctx, in)
		if err != nil {
			return c.feeFaults(strings.Join(cmd.Files, ","), err)
		}
		if err := c.tellFaults(strings.Join(cmd.Files, ","), out.Warnings); err != nil {
			return err
		}
		if err := c.printFeeChanges(out.Changes); err != nil {
			return err
		}
		key := "cli.fees.drafted"
		if cmd.DryRun {
			key = "cli.fees.dry"
		}
		if err := c.say(key, arguments{"number": strconv.Itoa(out.Head.Number), "rows": strconv.Itoa(out.Rows), "changes": strconv.Itoa(len(out.Changes))}); err != nil {
			return err
		}
		if len(out.LeftOut) == 0 {
			return nil
		}
		if err := c.tellFaults(strings.Join(cmd.Files, ","), out.LeftOut); err != nil {
			return err
		}
		if err := c.say("cli.fees.left_out", nil); err != nil {
			return err
		}
		return faultyError{}
	})
}

// feeFaults writes the faults of a refusal, one a line.
func (c *console) feeFaults(file string, err error) error {
	var bad *desk.FaultsError
	if !errors.As(err, &bad) {
		return err
	}
	if err := c.tellFaults(filepath.ToSlash(file), bad.Faults); err != nil {
		return err
	}
	return faultyError{}
}

// feesCheckDraft is the second pair of eyes.
type feesCheckDraft struct {
	Database `embed:""`
	person   `embed:""`
	Number   int `arg:"" name:"number" help:"cli.arg.fee_edition"`
}

// Run says that another person's draft is right.
func (cmd *feesCheckDraft) Run(ctx context.Context, c *console, common *Common) error {
	return runFeeStep(ctx, c, common, &cmd.Database, &cmd.person, func(d *desk.Desk, by desk.FeeStep) (desk.FeeEditionHead, []declarations.Fault, error) {
		head, err := d.CheckFees(ctx, cmd.Number, by)
		return head, nil, err
	})
}

// feesPublish gives a checked draft to the public.
type feesPublish struct {
	Database  `embed:""`
	person    `embed:""`
	Effective string `help:"cli.flag.fee_effective" placeholder:"DAY"`
	Reason    string `help:"cli.flag.fee_reason" placeholder:"TEXT"`
	Urgent    string `help:"cli.flag.fee_urgent" placeholder:"TEXT"`
	Number    int    `arg:"" name:"number" help:"cli.arg.fee_edition"`
}

// Run publishes; a running gateway shows it within a second, or on its day.
func (cmd *feesPublish) Run(ctx context.Context, c *console, common *Common) error {
	return runFeeStep(ctx, c, common, &cmd.Database, &cmd.person, func(d *desk.Desk, by desk.FeeStep) (desk.FeeEditionHead, []declarations.Fault, error) {
		return d.PublishFees(ctx, cmd.Number, desk.FeePublication{FeeStep: by, Effective: tariffs.Day(cmd.Effective), Reason: cmd.Reason, Urgent: cmd.Urgent})
	})
}

// feesWithdraw takes an edition back.
type feesWithdraw struct {
	Database `embed:""`
	person   `embed:""`
	Why      string `help:"cli.flag.fee_why" required:"" placeholder:"TEXT"`
	Number   int    `arg:"" name:"number" help:"cli.arg.fee_edition"`
}

// Run withdraws; the edition before is in force again.
func (cmd *feesWithdraw) Run(ctx context.Context, c *console, common *Common) error {
	return runFeeStep(ctx, c, common, &cmd.Database, &cmd.person, func(d *desk.Desk, by desk.FeeStep) (desk.FeeEditionHead, []declarations.Fault, error) {
		head, err := d.WithdrawFees(ctx, cmd.Number, by, cmd.Why)
		return head, nil, err
	})
}

// runFeeStep does a step of an edition and tells where it stands.
func runFeeStep(ctx context.Context, c *console, common *Common, db *Database, who *person, do func(*desk.Desk, desk.FeeStep) (desk.FeeEditionHead, []declarations.Fault, error)) error {
	by, err := who.step()
	if err != nil {
		return err
	}
	return db.with(ctx, c, common, func(s *store.Store) error {
		head, warnings, err := do(c.desk(s), by)
		if err != nil {
			return c.feeFaults("-", err)
		}
		if err := c.tellFaults("-", warnings); err != nil {
			return err
		}
		return c.say("cli.fees.step", arguments{"number": strconv.Itoa(head.Number), "state": c.words.text("fee_edition_state."+head.State, nil), "at": feeInstant(head.EffectiveAt)})
	})
}

// feesVersions lists the editions, drafts too.
type feesVersions struct {
	Database `embed:""`
	JSON     bool `name:"json" help:"cli.flag.fee_json"`
}

// Run prints one line an edition, newest first.
func (cmd *feesVersions) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		d := c.desk(s)
		if _, err := d.FeeEdition(ctx); err != nil { // the first start publishes the built-in tables
			return err
		}
		heads, err := d.AllFeeEditions(ctx)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return c.printJSON(heads)
		}
		grid := [][]string{{"EDITION", "STATE", "EFFECTIVE", "ROWS", "DRAFTED", "CHECKED", "PUBLISHED", "DIGEST", "NOTE"}}
		for i := range heads {
			h := &heads[i]
			grid = append(grid, []string{strconv.Itoa(h.Number), c.words.text("fee_edition_state."+h.State, nil), feeInstant(h.EffectiveAt), strconv.Itoa(h.Rows),
				h.DraftedBy, orDash(h.CheckedBy), orDash(h.PublishedBy), shortVersion(h.Digest), orDash(strings.TrimSpace(h.Note + " " + h.WithdrawnWhy))})
		}
		return c.printGrid(grid)
	})
}

func feeInstant(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// feesDiff tells two editions apart.
type feesDiff struct {
	Database `embed:""`
	JSON     bool `name:"json" help:"cli.flag.fee_json"`
	A        int  `arg:"" name:"a" help:"cli.arg.fee_edition_a"`
	B        int  `arg:"" name:"b" help:"cli.arg.fee_edition_b"`
}

// Run prints + for a row that came, ~ for one that changed, cell by cell, - for one that ended.
func (cmd *feesDiff) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		changes, err := c.desk(s).FeeDifferenceDrafted(ctx, cmd.A, cmd.B)
		if err != nil {
			return err
		}
		if cmd.JSON {
			if changes == nil {
				changes = []publication.Change{}
			}
			return c.printJSON(changes)
		}
		return c.printFeeChanges(changes)
	})
}

var changeSigns = map[string]string{publication.Added: "+", publication.Changed: "~", publication.Ended: "-"}

func (c *console) printFeeChanges(changes []publication.Change) error {
	for i := range changes {
		ch := &changes[i]
		version := strconv.Itoa(ch.After)
		switch ch.What {
		case publication.Changed:
			version = strconv.Itoa(ch.Before) + " → " + version
		case publication.Ended:
			version = strconv.Itoa(ch.Before)
		}
		if err := c.print("%s %s %s (%s)\n", changeSigns[ch.What], ch.Kind, ch.Key, version); err != nil {
			return err
		}
		for _, cell := range ch.Cells {
			line := cell.Column + ": " + cell.To
			if ch.What == publication.Changed {
				line = cell.Column + ": " + strconv.Quote(cell.From) + " → " + strconv.Quote(cell.To)
			}
			if err := c.print("    %s\n", line); err != nil {
				return err
			}
		}
	}
	return nil
}

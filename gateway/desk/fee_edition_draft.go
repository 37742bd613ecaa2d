package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kouan/declarations"
	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/publication"
)

// FeeFile is a file that a draft is made from: a price list, or a table of the
// catalogue, as CSV or workbook.
type FeeFile struct {
	Name        string
	ContentType string
	Body        []byte
}

// FeeDrafting is what is to be different in the next edition. What it says of
// rows and files is set on top of the edition that was published last.
type FeeDrafting struct {
	By     string // the person; see FeePerson
	Actor  string // for the audit log: partner or operator
	Note   string
	Reason string // why rows are valid from a day that has passed
	Urgent string // why the notice is short
	Files  []FeeFile
	Rows   publication.Draft
	DryRun bool // keep nothing
	// Partial keeps what can be kept: a row of a file that something stands
	// against is left out, and told.
	Partial bool

	IdempotencyKey string // optional, of Actor
	RequestSHA     string // of everything that the key stands for
	// Render makes the answer that the key repeats.
	Render func(FeeDrafted) Replayed
}

// FeeDrafted is a draft that was kept, or that would be.
type FeeDrafted struct {
	Head     FeeEditionHead // Number 0 after a dry run
	Changes  []publication.Change
	Warnings []declarations.Fault
	LeftOut  []declarations.Fault // what stands against the rows that were left out
	Rows     int                  // of files and settings that are in it
	Replayed *Replayed            // the first answer to the key, instead of all this
}

// feeText is the most that a note or a reason may say.
const feeText = 1000

// feeTries bounds how often a step is computed anew because another was first.
const feeTries = 5

// DraftFees keeps a draft of the next edition with the files that it came
// from. *FaultsError for all that stands against it; nothing is kept then.
func (d *Desk) DraftFees(ctx context.Context, in FeeDrafting) (FeeDrafted, error) {
	if faults := feeTexts(map[string]string{"note": in.Note, "reason": in.Reason, "urgent": in.Urgent}); len(faults) > 0 {
		return FeeDrafted{}, &FaultsError{faults}
	}
	for range feeTries {
		first, err := d.replay(ctx, in.Actor, in.IdempotencyKey, in.RequestSHA)
		if err != nil || first != nil {
			return FeeDrafted{Replayed: first}, err
		}
		out, err := d.draftOnce(ctx, &in)
		if store.IsConflict(err, "fee_edition", "idempotency") {
			continue // another draft took the number, a version of a row, or the key
		}
		return out, err
	}
	return FeeDrafted{}, fmt.Errorf("draft an edition: too many at once: %w", store.ErrUnavailable)
}

func (d *Desk) draftOnce(ctx context.Context, in *FeeDrafting) (FeeDrafted, error) {
	base, newest, err := d.feeGround(ctx)
	if err != nil {
		return FeeDrafted{}, err
	}
	files, err := readFeeFiles(base.Catalogue, in.Files)
	if err != nil {
		return FeeDrafted{}, err
	}
	var left []declarations.Fault
	if in.Partial {
		left = files.leaveOut(files.found)
	}
	faults := slices.Concat(files.faults, files.tell(files.found))
	if declarations.Rejected(faults) {
		return FeeDrafted{}, &FaultsError{slices.Concat(faults, left)}
	}
	counts, err := d.Store.FeeRowCounts(ctx)
	if err != nil {
		return FeeDrafted{}, err
	}
	given := publication.Newest{}
	for _, r := range counts {
		given[[2]string{r.Kind, r.Key}] = r.Version
	}
	draft, next, found := files.apply(base.Catalogue, &in.Rows, given)
	for in.Partial && next == nil {
		more := files.leaveOut(found)
		if len(more) == 0 {
			break
		}
		left = append(left, more...)
		draft, next, found = files.apply(base.Catalogue, &in.Rows, given)
	}
	faults = append(faults, files.tell(found)...)
	if next == nil {
		return FeeDrafted{}, &FaultsError{slices.Concat(faults, left)}
	}
	today := tariffs.DayOf(d.Clock())
	gate := publication.Gate(base.Catalogue, next.Catalogue, next.Changes, publication.Terms{Published: today, Effective: today, Reason: in.Reason, Urgent: in.Urgent})
	for i := range gate {
		if gate[i].Code == publication.CodePast { // the reason may come with the publication
			gate[i].Severity = tariffs.Warn
		}
	}
	faults = append(faults, files.tell(gate)...)
	if declarations.Rejected(faults) {
		return FeeDrafted{}, &FaultsError{faults}
	}
	out := FeeDrafted{Changes: next.Changes, Warnings: faults, LeftOut: left, Rows: len(draft.Settings) + len(draft.Endings)}
	e := &store.FeeEdition{Number: newest + 1, State: FeeDraft, Base: base.Number, Digest: next.Catalogue.Version, Rows: len(next.Records), Note: in.Note,
		Reason: in.Reason, Urgent: in.Urgent, DraftedBy: in.By, DraftedAt: d.now()}
	if in.DryRun {
		e.Number = 0
		out.Head = feeHead(nil, e, d.now())
		return out, nil
	}
	out.Head = feeHead(nil, e, d.now())
	var answer *store.Idempotency
	if in.IdempotencyKey != "" && in.Render != nil {
		a := in.Render(out)
		answer = &store.Idempotency{Tenant: in.Actor, Key: in.IdempotencyKey, RequestSHA: in.RequestSHA, Status: a.Status, ContentType: a.ContentType, Body: a.Body, CreatedAt: d.now()}
	}
	if err := d.keepDraft(ctx, in, e, next, answer); err != nil {
		return FeeDrafted{}, err
	}
	d.feeChanged(ctx)
	return out, nil
}

// keepDraft writes the edition, its new versions and its files at once.
func (d *Desk) keepDraft(ctx context.Context, in *FeeDrafting, e *store.FeeEdition, next *publication.Result, answer *store.Idempotency) error {
	f := &store.FeeChange{Edition: e}
	for i := range next.Fresh {
		f.Rows = append(f.Rows, feeRow(&next.Fresh[i], e.DraftedAt))
	}
	for i := range next.Records {
		r := &next.Records[i]
		f.Holds = append(f.Holds, store.FeeEditionRow{Kind: r.Kind, Key: r.Key, Version: r.Version})
	}
	for i, file := range in.Files {
		f.Sources = append(f.Sources, store.FeeSource{Edition: e.Number, Number: i + 1, Name: feeClip(file.Name, 255), ContentType: feeClip(file.ContentType, 255),
			SHA256: digest(file.Body), Body: file.Body})
	}
	err := d.Store.Commit(ctx, store.Change{Fees: f, Idempotency: answer, Audit: []store.AuditEntry{d.audit(in.Actor, "fees.draft", "", "edition "+strconv.Itoa(e.Number), e.Digest)}})
	if errors.Is(err, store.ErrUnknown) {
		if got, lookErr := d.Store.FeeEdition(ctx, e.Number); lookErr == nil && got.DraftedBy == e.DraftedBy && got.Digest == e.Digest {
			return nil
		}
		return fmt.Errorf("draft did not stand: %w", store.ErrUnavailable)
	}
	if err != nil {
		return fmt.Errorf("keep draft: %w", err)
	}
	return nil
}

func feeClip(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	for utf8.RuneCountInString(s) > most {
		r := []rune(s)
		s = string(r[:most])
	}
	return s
}

// feeGround is the edition that the next one stands on: the last published,
// also when its day is still to come. newest is the highest number given.
func (d *Desk) feeGround(ctx context.Context) (base *FeeEdition, newest int, err error) {
	if _, err := d.FeeEdition(ctx); err != nil { // there is a first one
		return nil, 0, err
	}
	heads, err := d.Store.FeeEditions(ctx)
	if err != nil {
		return nil, 0, err
	}
	for i := range heads {
		newest = max(newest, heads[i].Number)
		if heads[i].State == FeePublished && heads[i].SupersededBy == 0 {
			c, err := d.feeCatalogue(ctx, &heads[i])
			if err != nil {
				return nil, 0, err
			}
			base = &FeeEdition{FeeEditionHead: feeHead(heads, &heads[i], d.now()), Catalogue: c}
		}
	}
	if base == nil {
		return nil, 0, fmt.Errorf("last published edition: %w", store.ErrNotFound)
	}
	return base, newest, nil
}

// feeFiles are the files of a draft, read.
type feeFiles struct {
	settings []publication.Setting
	faults   []declarations.Fault  // what stands against reading them
	found    []publication.Finding // about what they say
	files    []feeFile
}

type feeFile struct {
	name    string
	columns []string
	place   FeePlacer
}

func readFeeFiles(c *tariffs.Catalogue, files []FeeFile) (*feeFiles, error) {
	out := &feeFiles{}
	for i := range files {
		sheet, place, faults, err := ReadFeeSheet(files[i].Body)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", files[i].Name, err)
		}
		out.faults = append(out.faults, faults...)
		if sheet == nil {
			out.files = append(out.files, feeFile{name: files[i].Name})
			continue
		}
		out.files = append(out.files, feeFile{files[i].Name, sheet.Columns, place})
		settings, found := publication.FromSheet(c, sheet)
		for k := range settings {
			settings[k].File = i
		}
		for k := range found {
			found[k].File = i
		}
		out.settings = append(out.settings, settings...)
		out.found = append(out.found, found...)
	}
	return out, nil
}

// apply sets what the files and the rest of a draft say.
func (f *feeFiles) apply(c *tariffs.Catalogue, rest *publication.Draft, given publication.Newest) (publication.Draft, *publication.Result, []publication.Finding) {
	draft := *rest
	draft.Settings = slices.Concat(draft.Settings, f.settings)
	next, found := publication.Apply(c, &draft, given)
	return draft, next, found
}

// feeHeading is the line of a file that all its rows stand on.
const feeHeading = 1

// leaveOut takes the rows that something stands against out of the files, and
// says what. What is not about one row, or about the heading, stays.
func (f *feeFiles) leaveOut(found []publication.Finding) []declarations.Fault {
	out := map[[2]int]bool{}
	for i := range found {
		if n := &found[i]; n.Severity == tariffs.Reject && n.Line > feeHeading {
			out[[2]int{n.File, n.Line}] = true
		}
	}
	settings := slices.DeleteFunc(slices.Clone(f.settings), func(s publication.Setting) bool { return out[[2]int{s.File, s.Line}] })
	var told []publication.Finding
	for i := range found {
		if out[[2]int{found[i].File, found[i].Line}] {
			told = append(told, found[i])
		}
	}
	f.settings = settings
	f.found = slices.DeleteFunc(f.found, func(n publication.Finding) bool { return out[[2]int{n.File, n.Line}] })
	return f.tell(told)
}

// tell makes faults of findings, each at its place in its file, or in the row
// of the catalogue that it is about.
func (f *feeFiles) tell(found []publication.Finding) []declarations.Fault {
	out := make([]declarations.Fault, 0, len(found))
	for i := range found {
		n := &found[i]
		fault := declarations.Fault{Code: n.Code, Severity: declarations.Reject, Args: n.Args, Path: n.Column}
		if n.Severity == tariffs.Warn {
			fault.Severity = declarations.Warn
		}
		if n.Key != "" {
			fault.Path = n.Kind + "/" + n.Key + "." + n.Column
		}
		if n.Line > 0 && n.File < len(f.files) && f.files[n.File].place != nil {
			file := &f.files[n.File]
			first, _, _ := strings.Cut(n.Column, "|")
			fault.Line = n.Line
			fault.Column = 1 + max(0, slices.Index(file.columns, first))
			fault.Path = file.place(n.Line, fault.Column)
			if len(f.files) > 1 {
				fault.Path = file.name + ": " + fault.Path
			}
		}
		out = append(out, fault)
	}
	return out
}

// CodeFeeReason says that a text is missing or too long; args: name.
const CodeFeeReason = "FEE-1128"

// feeTexts bounds what a person wrote.
func feeTexts(texts map[string]string) []declarations.Fault {
	var out []declarations.Fault
	for _, name := range []string{"note", "urgent", "why", "reason"} {
		if s := texts[name]; !utf8.ValidString(s) || utf8.RuneCountInString(s) > feeText {
			out = append(out, feeFault(CodeFeeReason, name, "name", name))
		}
	}
	return out
}

func feeFault(code, path string, args ...string) declarations.Fault {
	f := declarations.Fault{Code: code, Severity: declarations.Reject, Path: path, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	return f
}

package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kouan/declarations/codes"
	"kouan/declarations/versions"
	"kouan/gateway/store"
	"kouan/i18n"
)

// Version is one document that a declaration had.
type Version struct {
	Number   int       `json:"number" doc:"From 1"`
	Kind     string    `json:"kind" enum:"draft,edit,submission,amendment,completion,restored,existing"`
	KindText string    `json:"kind_text" doc:"In the caller's language"`
	At       time.Time `json:"at"`
	By       string    `json:"by" doc:"Partner that handed it in"`
	SHA256   string    `json:"sha256" doc:"Of the canonical document, hex; equal for equal content"`
	Request  string    `json:"request,omitzero" doc:"Request by which it came"`
	Href     string    `json:"href" doc:"Where the document is"`
}

// VersionList is every version, the first one first.
type VersionList struct {
	Items []Version `json:"items"`
}

// VersionRecord is one version with its document.
type VersionRecord struct {
	Version
	Document document `json:"declaration" doc:"The canonical document"`
}

// Change is one difference between two versions.
type Change struct {
	Path    string `json:"path" example:"items[2].transaction_quantity" doc:"Canonical; rows count as the later version has them, a removed row as the earlier one had it"`
	Field   string `json:"field,omitzero" example:"GQty" doc:"Name in the standard message; absent for a row"`
	Kind    string `json:"kind" enum:"added,removed,changed"`
	Old     string `json:"old,omitzero" doc:"A row as its canonical JSON"`
	New     string `json:"new,omitzero"`
	OldName string `json:"old_name,omitzero" doc:"Name of a code"`
	NewName string `json:"new_name,omitzero"`
	Text    string `json:"text" doc:"In the caller's language"`
}

// Difference is what the later version has otherwise.
type Difference struct {
	From  int      `json:"from"`
	To    int      `json:"to"`
	Items []Change `json:"items" doc:"In the order of the form"`
	Text  string   `json:"text" doc:"The same, one line each"`
}

type versionsOutput struct {
	Localised
	Body VersionList
}

func (s *server) listVersions(ctx context.Context, in *idInput) (*versionsOutput, error) {
	c := callOf(ctx)
	rows, err := s.Desk.Versions(ctx, c.principal, in.ID)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	out := &versionsOutput{Localised: inLanguage(words.Lang()), Body: VersionList{Items: make([]Version, 0, len(rows))}}
	for i := range rows {
		out.Body.Items = append(out.Body.Items, version(&rows[i], words))
	}
	return out, nil
}

func version(v *store.Version, words i18n.Printer) Version {
	return Version{Number: v.Number, Kind: v.Kind, KindText: words.Text("version."+v.Kind, nil), At: instant(v.At), By: v.Actor, SHA256: v.SHA,
		Request: v.Request, Href: "/api/v1/declarations/" + v.DeclarationID + "/versions/" + strconv.Itoa(v.Number)}
}

type versionInput struct {
	ID string `path:"id" maxLength:"64"`
	N  int    `path:"n" minimum:"1" doc:"From 1"`
}

type versionOutput struct {
	Localised
	Body VersionRecord
}

func (s *server) getVersion(ctx context.Context, in *versionInput) (*versionOutput, error) {
	c := callOf(ctx)
	v, canonical, err := s.Desk.Version(ctx, c.principal, in.ID, in.N)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	return &versionOutput{Localised: inLanguage(words.Lang()), Body: VersionRecord{Version: version(&v, words), Document: document(canonical)}}, nil
}

type differenceInput struct {
	ID string `path:"id" maxLength:"64"`
	A  int    `path:"n" minimum:"1" doc:"The earlier version"`
	B  int    `path:"m" minimum:"1" doc:"The later version; any two may be compared"`
}

type differenceOutput struct {
	Localised
	Body Difference
}

func (s *server) getDifference(ctx context.Context, in *differenceInput) (*differenceOutput, error) {
	c := callOf(ctx)
	changes, err := s.Desk.Difference(ctx, c.principal, in.ID, in.A, in.B)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	out := &differenceOutput{Localised: inLanguage(words.Lang()), Body: Difference{From: in.A, To: in.B, Items: changesIn(words, changes)}}
	lines := make([]string, len(out.Body.Items))
	for i := range out.Body.Items {
		lines[i] = out.Body.Items[i].Text
	}
	out.Body.Text = strings.Join(lines, "\n")
	return out, nil
}

// changesIn puts differences into words.
func changesIn(words i18n.Printer, changes []versions.Change) []Change {
	out := make([]Change, 0, len(changes))
	for i := range changes {
		out = append(out, changeIn(words, &changes[i]))
	}
	return out
}

func changeIn(words i18n.Printer, c *versions.Change) Change {
	generic := c.Generic()
	out := Change{Path: c.Path, Kind: string(c.Kind), Old: c.Old, New: c.New}
	field, before, after := rowName(words, generic), briefOf(generic, c.Old), briefOf(generic, c.New)
	if !c.IsRow() {
		out.Field = versions.Element(generic)
		out.OldName, out.NewName = codeName(words.Lang(), generic, c.Old), codeName(words.Lang(), generic, c.New)
		before, after = withName(c.Old, out.OldName), withName(c.New, out.NewName)
		field = fieldName(words, c, generic)
	}
	switch c.Kind {
	case versions.Added:
		out.Text = words.Text("difference.added", map[string]string{"field": field, "new": after})
	case versions.Removed:
		out.Text = words.Text("difference.removed", map[string]string{"field": field, "old": before})
	default:
		out.Text = words.Text("difference.changed", map[string]string{"field": field, "old": before, "new": after})
	}
	return out
}

func briefOf(generic, row string) string {
	if !strings.HasSuffix(generic, "]") || row == "" {
		return row
	}
	return versions.Brief(generic, row)
}

func withName(code, name string) string {
	if name == "" {
		return code
	}
	return code + " " + name
}

// fieldName is the label of a field where there is one, else its name in the
// standard message, else its path; in a row with the row before it.
func fieldName(words i18n.Printer, c *versions.Change, generic string) string {
	key := "field." + generic
	name := words.Text(key, nil)
	if name == key {
		name = versions.Element(generic)
	}
	if name == "" {
		name = generic[strings.LastIndexByte(generic, '.')+1:]
	}
	list, rest, inRow := strings.Cut(c.Path, "[")
	if !inRow {
		return name
	}
	n, err := strconv.Atoi(rest[:max(0, strings.IndexByte(rest, ']'))])
	if err != nil {
		return name
	}
	return words.Text("difference.place", map[string]string{"list": rowName(words, list+"[]"), "number": strconv.Itoa(n + 1), "field": name})
}

// rowName is what a row of a list is called.
func rowName(words i18n.Printer, generic string) string {
	key := "list." + strings.TrimSuffix(generic, "[]")
	if text := words.Text(key, nil); text != key {
		return text
	}
	return words.Text("list.other", nil)
}

// codeName is the name of a code in the language of the caller: Chinese, or
// English for everybody else, because the tables have those two.
func codeName(lang i18n.Lang, generic, code string) string {
	table := codes.Default().Table(versions.Table(generic))
	if table == nil || code == "" {
		return ""
	}
	e, ok := table.Find(code, "")
	switch {
	case !ok:
		return ""
	case lang == i18n.ZhHans:
		return e.NameZh
	}
	return e.NameEn
}

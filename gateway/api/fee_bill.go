package api

import (
	"net"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// FeeBill is a checked disbursement account. It is its holder's own.
type FeeBill struct {
	Secret    string           `json:"secret,omitzero" doc:"Of the link, 256 bits; in the answer to the upload only. Who has it sees, rates and deletes the account"`
	Href      string           `json:"href,omitzero" doc:"Of the account, likewise"`
	Page      string           `json:"page,omitzero" doc:"The same as a page, likewise"`
	CheckedAt time.Time        `json:"checked_at"`
	KnownOn   string           `json:"known_on" example:"2026-11-26"`
	Kind      string           `json:"kind" enum:"final,estimate"`
	Edition   int              `json:"edition" doc:"Of the catalogue"`
	Catalogue string           `json:"catalogue" doc:"Version of its rows"`
	Format    string           `json:"format" enum:"csv,xlsx,json"`
	SHA256    string           `json:"sha256" doc:"Of the file as it came"`
	Size      int64            `json:"size"`
	Number    string           `json:"account_no,omitzero"`
	Ship      string           `json:"ship,omitzero"`
	Lines     []FeeBillLine    `json:"lines"`
	Account   []FeeBillLine    `json:"account,omitempty" doc:"What was found about the account as a whole"`
	Sum       FeeBillSum       `json:"sum"`
	ByPayer   []FeeBillSum     `json:"by_payer"`
	ByBody    []FeeBillSum     `json:"by_body"`
	Variance  []FeeBillVary    `json:"variance,omitempty" doc:"Final account against its estimate"`
	Ratings   []FeeRatingGiven `json:"ratings,omitempty"`
	MayRate   bool             `json:"may_rate" doc:"The account can carry ratings"`
	MayNot    string           `json:"may_not_rate,omitzero" doc:"Why not, in the caller's language"`
	Notes     []Fault          `json:"notes,omitempty" doc:"What was read otherwise than it was written, and what was assumed"`
	Prevails  string           `json:"prevails" doc:"Which text prevails, in the caller's language"`
}

// FeeBillLine is one line with its verdict. Against a reference that nobody
// read in its instrument, words ask for an explanation; they never accuse.
type FeeBillLine struct {
	Line         int      `json:"line,omitzero"`
	Text         string   `json:"text,omitzero" doc:"As billed"`
	Items        []string `json:"items,omitempty" doc:"Codes of the catalogue"`
	Name         string   `json:"name,omitzero" doc:"Of the first item, in the caller's language"`
	Body         string   `json:"body,omitzero" doc:"Name of who charges it, in the caller's language"`
	Billed       *int64   `json:"billed_fen,omitempty"`
	Reference    *int64   `json:"reference_fen,omitempty" doc:"What the catalogue gives, or its ceiling; absent: not on file"`
	Difference   *int64   `json:"difference_fen,omitempty" doc:"Billed above it"`
	Verdicts     []string `json:"verdicts"`
	Standing     string   `json:"standing" enum:"equal,differs,asked,unjudged"`
	Verification string   `json:"verification" enum:"official_text,triangulated,secondary,unverified" doc:"How sure the reference is"`
	Words        string   `json:"words" doc:"The verdict in the caller's language"`
	Row          string   `json:"row,omitzero" doc:"Of the catalogue"`
	Reason       string   `json:"reason,omitzero" doc:"What more is known of the verdict: light_dues, gross_tonnage, hourly_tugs, unknown_circular, not_at_this_port, repeated, no_such_rate, several_groups"`
	Needs        []string `json:"needs,omitempty" doc:"Facts of the call without which the line cannot be judged, as paths of the call"`
	Perhaps      string   `json:"perhaps,omitzero" doc:"An item that may be meant; never taken by itself"`
	Complaint    string   `json:"complaint,omitzero" doc:"Where to complain about the line in one step; only in the answer to the upload, because it names the secret"`
}

// FeeBillSum is a part of the account added up. What is over and what is to be
// asked about are never one number.
type FeeBillSum struct {
	Of       string `json:"of,omitzero" doc:"Payer, or code of the charging body; absent: lines that the catalogue does not have"`
	Name     string `json:"name,omitzero" doc:"In the caller's language"`
	Lines    int    `json:"lines"`
	Judged   int    `json:"judged"`
	Agreeing int    `json:"agreeing"`
	Billed   int64  `json:"billed_fen"`
	Over     int64  `json:"over_fen" doc:"Above references that were read in their instrument"`
	Asked    int64  `json:"asked_fen" doc:"To be explained, against any other reference"`
	Standing string `json:"standing" enum:"equal,differs,asked,unjudged"`
}

// FeeBillVary is one charge of a final account beside its estimate.
type FeeBillVary struct {
	Item       string `json:"item,omitzero"`
	Name       string `json:"name"`
	Estimate   *int64 `json:"estimate_fen,omitempty" doc:"Absent: it was not on the estimate"`
	Final      *int64 `json:"final_fen,omitempty" doc:"Absent: it is not on the final account"`
	Difference int64  `json:"difference_fen"`
}

const (
	headerEstimate = "X-Estimate-Bill" // not in the query: addresses stand in logs
	pathBills      = "/api/v1/fee-bills/"
)

// feeBill is an account in a language. With a secret it says where it is.
func feeBill(b *desk.FeeBill, secret string, lang i18n.Lang, now time.Time) FeeBill {
	words := wording.For(i18n.For(lang), b.Catalogue)
	out := FeeBill{CheckedAt: b.At, KnownOn: string(b.KnownOn), Kind: b.Kind, Edition: b.Edition, Catalogue: b.Catalogue.Version, Format: b.Format,
		SHA256: b.SHA256, Size: b.Size, Number: b.Account.Number, Ship: b.Account.Call.Ship.Name, Notes: faultsIn(words.Printer, b.Notes),
		Lines: []FeeBillLine{}, Prevails: words.Text("cli.fees.prevails", nil)}
	if secret != "" {
		out.Secret, out.Href, out.Page = secret, pathBills+secret, "/"+string(lang)+"/fees/check/"+secret
	}
	for i := range b.Findings {
		f := &b.Findings[i]
		line := feeBillLine(b, f, words)
		if f.Line == 0 {
			out.Account = append(out.Account, line)
			continue
		}
		if secret != "" && b.Complainable(f) {
			line.Complaint = "/" + string(lang) + "/fees/complaint?bill=" + secret + "&bill_line=" + strconv.Itoa(f.Line)
		}
		out.Lines = append(out.Lines, line)
	}
	out.Sum = feeBillSum(&b.Sums.All, "")
	for i := range b.Sums.ByPayer {
		out.ByPayer = append(out.ByPayer, feeBillSum(&b.Sums.ByPayer[i], words.Payer(b.Sums.ByPayer[i].Of)))
	}
	for i := range b.Sums.ByBody {
		out.ByBody = append(out.ByBody, feeBillSum(&b.Sums.ByBody[i], words.Body(b.Sums.ByBody[i].Of)))
	}
	for i := range b.Variance {
		v := &b.Variance[i]
		name := v.Text
		if v.Item != "" {
			name = words.Item(v.Item)
		}
		out.Variance = append(out.Variance, FeeBillVary{Item: v.Item, Name: name, Estimate: fen(v.Estimate), Final: fen(v.Final), Difference: int64(v.Difference)})
	}
	for i := range b.Ratings {
		out.Ratings = append(out.Ratings, feeRatingGiven(&b.Ratings[i]))
	}
	why := b.Unratable(now)
	if out.MayRate = why == nil; !out.MayRate {
		out.MayNot = words.Text("reason."+why[1], nil)
	}
	return out
}

func feeBillLine(b *desk.FeeBill, f *tariffs.AccountFinding, words wording.Words) FeeBillLine {
	line := FeeBillLine{Line: f.Line, Items: f.Items, Reference: fen(f.Reference), Difference: fen(f.Difference), Standing: string(f.Standing()),
		Verification: string(f.Word), Words: words.Verdicts(f), Row: f.Row, Perhaps: f.Suggestion, Reason: f.Reason, Needs: f.Needs}
	for _, v := range f.Verdicts {
		line.Verdicts = append(line.Verdicts, string(v))
	}
	if len(f.Items) > 0 {
		line.Name = words.Item(f.Items[0])
		if it := b.Catalogue.Item(f.Items[0]); it != nil {
			line.Body = words.Party(it.Collector)
		}
	}
	if at := slices.IndexFunc(b.Account.Lines, func(l tariffs.AccountLine) bool { return l.Line == f.Line }); at >= 0 {
		line.Text = b.Account.Lines[at].Text()
		if billed, ok := b.Account.Lines[at].Billed(); ok {
			line.Billed = fen(&billed)
		}
	}
	return line
}

func feeBillSum(s *tariffs.Sum, name string) FeeBillSum {
	return FeeBillSum{Of: s.Of, Name: name, Lines: s.Lines, Judged: s.Judged, Agreeing: s.Agreeing, Billed: int64(s.Billed), Over: int64(s.Over), Asked: int64(s.Question),
		Standing: string(s.Standing)}
}

func fen(f *tariffs.Fen) *int64 {
	if f == nil {
		return nil
	}
	n := int64(*f)
	return &n
}

// optional is the caller of a route for everybody who showed a key all the
// same; nobody when there is none. A key that is none of ours is refused: who
// shows one means it.
func (s *server) optional(r *http.Request) (auth.Principal, error) {
	if r.Header.Get("Authorization") == "" {
		return auth.Principal{}, nil
	}
	return s.Auth.Authenticate(r.Context(), r.Header.Get("Authorization"))
}

// checkBill is POST /api/v1/fee-bills.
func (s *server) checkBill(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "kind")
	if err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	p, err := s.optional(r)
	if err != nil {
		return err
	}
	body, err := s.body(r)
	if err != nil {
		return err
	}
	contentType, err := mediaType(r, typeJSON, typeCSV, typeXLSX, "application/octet-stream")
	if err != nil {
		return err
	}
	lang, estimate := language(r), r.Header.Get(headerEstimate)
	made, err := s.Desk.CheckBill(r.Context(), desk.BillUpload{Body: body, ContentType: contentType, Kind: q.Get("kind"), Estimate: estimate, Partner: p.PartnerID, Actor: p.KeyID,
		Peer: peerOf(r), IdempotencyKey: key, RequestSHA: requestSHA(r.Method, r.URL.Path+"?"+q.Encode()+"\n"+estimate, false, contentType, body),
		Render: func(b *desk.FeeBill, secret string) desk.Replayed {
			out := feeBill(b, secret, lang, s.Clock())
			return desk.Replayed{Status: http.StatusCreated, ContentType: typeJSON, Body: marshal(&out)}
		}})
	if err != nil {
		return err
	}
	if made.Repeated {
		w.Header().Set("Idempotency-Replayed", "true")
	} else {
		w.Header().Set("Content-Language", string(lang))
		w.Header().Set("Location", pathBills+made.Secret)
	}
	w.Header().Set("Vary", "Accept-Language")
	s.write(w, r, made.Answer.Status, made.Answer.ContentType, made.Answer.Body)
	return nil
}

// peerOf is the address of the caller without its port. Behind a proxy all
// strangers have the proxy's, and share its pace: headers can be made up.
func peerOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// getBill is GET /api/v1/fee-bills/{secret}.
func (s *server) getBill(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	b, err := s.Desk.FeeBill(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	out := feeBill(&b, "", language(r), s.Clock())
	s.localised(w, language(r))
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// getBillFile is GET /api/v1/fee-bills/{secret}/file: the bytes that came.
func (s *server) getBillFile(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	b, err := s.Desk.FeeBill(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	file, err := s.Desk.FeeBillFile(r.Context(), &b)
	if err != nil {
		return err
	}
	// A stranger's file is never shown in a browser as anything but a download.
	w.Header().Set("Content-Disposition", `attachment; filename="account.`+b.Format+`"`)
	s.write(w, r, http.StatusOK, "application/octet-stream", file)
	return nil
}

// deleteBill is DELETE /api/v1/fee-bills/{secret}.
func (s *server) deleteBill(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	if err := s.Desk.DeleteFeeBill(r.Context(), r.PathValue("secret")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func secretParameter() *huma.Param {
	return parameterOf("path", "secret", "Of the account's link", anyText)
}

func describeCheckBill(s *server, op *huma.Operation) {
	op.Description = "For everybody, with a partner's key or without; strangers wait after ten accounts. A CSV or a workbook has one row a line (" + columnsText() + "), or headings as agents write them; JSON has call and lines, or is the form of agents (ship and lines). Amounts are CNY. Without a key an Idempotency-Key has at least 22 characters that nobody guesses."
	op.Parameters = append(op.Parameters, parameterOf("query", "kind", "final (the default) or estimate", &huma.Schema{Type: huma.TypeString, Enum: []any{desk.BillFinal, desk.BillEstimate}}),
		parameterOf("header", headerEstimate, "Secret of the estimate that a final account is held against", anyText))
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeCSV: {Schema: anyText}, typeXLSX: {Schema: anyBytes}, typeJSON: {Schema: &huma.Schema{}},
		"application/octet-stream": {Schema: anyBytes}}}
	op.Responses["201"] = s.described("Checked and kept", typeJSON, s.schema(reflect.TypeFor[FeeBill]()))
}

func columnsText() string {
	var text strings.Builder
	for i, name := range desk.AccountColumns {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(name)
	}
	return text.String()
}

func describeBill(s *server, op *huma.Operation) {
	op.Description = "For who has the secret. A deleted account and one that never was look the same."
	op.Parameters = append(op.Parameters, secretParameter())
	op.Responses["200"] = s.described("The account", typeJSON, s.schema(reflect.TypeFor[FeeBill]()))
}

func describeBillFile(s *server, op *huma.Operation) {
	op.Description = "For who has the secret."
	op.Parameters = append(op.Parameters, secretParameter())
	op.Responses["200"] = s.described("The exact bytes that came", "application/octet-stream", anyBytes)
}

func describeDeleteBill(_ *server, op *huma.Operation) {
	op.Description = "For who has the secret. The file, what was read in it, its part in all figures and the ratings given with it go for good."
	op.Parameters = append(op.Parameters, secretParameter())
	op.Responses["204"] = &huma.Response{Description: "Gone"}
}

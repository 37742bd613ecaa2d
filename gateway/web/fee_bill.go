package web

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/tariffs"
)

// feeBillRoutes are the pages of checked accounts, of charging bodies, and of
// the authority's view of them.
func (s *server) feeBillRoutes() {
	s.page("GET /{lang}/fees/check", "", s.billForm)
	s.largeForm("POST /{lang}/fees/check", desk.MaxBill+maxForm, s.checkBill)
	s.page("GET /{lang}/fees/check/form.csv", "", s.billTemplate)
	s.page("GET /{lang}/fees/check/{secret}", "", s.showBill)
	s.page("GET /{lang}/fees/check/{secret}/file", "", s.billFile)
	s.page("GET /{lang}/fees/check/{secret}/result.csv", "", s.billResult)
	s.page("POST /{lang}/fees/check/{secret}/deletion", "", s.deleteBill)
	s.page("POST /{lang}/fees/check/{secret}/ratings", "", s.rateBody)
	s.madePage("GET /{lang}/fees/bodies", &moving, s.listBodies, nil)
	s.publicPage("GET /{lang}/fees/bodies/method", s.showMethod)
	s.madePage("GET /{lang}/fees/bodies/{body}", &moving, s.showBody, nil)
	s.page("GET /{lang}/fees/bodies/{body}/figures.csv", "", s.bodyFigures)
	s.page("POST /{lang}/fees/bodies/{body}/replies", auth.ReplyRating, s.replyRating)
	s.page("GET /{lang}/inbox/over-charging", auth.ReadOvercharging, s.overcharging)
}

// largeForm registers a public form that carries a file.
func (s *server) largeForm(pattern string, limit int64, h handler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		body := r.Body // admit bounds every other form much closer
		s.answer(w, r, "", func(w http.ResponseWriter, v *visit) error {
			v.Body = http.MaxBytesReader(w, body, limit)
			return h(w, v)
		})
	})
}

// billForm is the form of an upload, and what was wrong with the last one.
type billForm struct {
	feeBase
	Ref     string // of the next upload: a form sent twice is one account
	Kinds   []string
	Types   []feeChoice
	Was     map[string]string
	Faults  []Fault
	Deleted bool
}

func (s *server) billForm(w http.ResponseWriter, v *visit) error {
	return s.billAgain(w, v, http.StatusOK, nil)
}

// billAgain shows the form, with what is wrong and what was entered; the file
// must be chosen again, which browsers ask for.
func (s *server) billAgain(w http.ResponseWriter, v *visit, status int, faults []Fault) error {
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	p := &billForm{feeBase: base, Kinds: desk.BillKinds, Was: map[string]string{}, Faults: faults, Deleted: v.URL.Query().Get("deleted") != ""}
	if p.Ref, err = s.reference(); err != nil {
		return err
	}
	if v.MultipartForm != nil {
		for name, values := range v.MultipartForm.Value {
			p.Was[name] = values[0]
		}
	}
	t := base.words.Term
	p.Types = choices(p.Was["ship_type"], "container_roro_passenger", t("ship.type.container"), "oil_chemical_gas", t("ship.type.tanker"), "bulk_general_other", t("ship.type.bulk"))
	title := v.words.Text("page.bill.title", nil)
	if len(faults) > 0 {
		title = v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	return s.renderFees(w, v, status, "fee-check", title, p, nil)
}

// checkBill is POST /{lang}/fees/check.
func (s *server) checkBill(w http.ResponseWriter, v *visit) error {
	private(w)
	var large *http.MaxBytesError
	if err := v.ParseMultipartForm(desk.MaxBill + maxForm); errors.As(err, &large) {
		return s.billFaults(w, v, []declarations.Fault{{Code: declarations.CodeTooLarge, Severity: declarations.Reject, Path: "file",
			Args: map[string]string{"limit": strconv.Itoa(desk.MaxBill), "unit": "bytes"}}})
	} else if err != nil {
		return errForm
	}
	body, contentType, err := billPart(v)
	if err != nil {
		return err
	}
	fill, faults := billFacts(v)
	if faults != nil {
		return s.billFaults(w, v, faults)
	}
	in := desk.BillUpload{Body: body, ContentType: contentType, Kind: v.FormValue("kind"), Estimate: secretOf(v.FormValue("estimate")), Fill: fill, Peer: peerOf(v.Request),
		IdempotencyKey: v.FormValue("ref"), RequestSHA: billRequest(v, body),
		Render: func(_ *desk.FeeBill, secret string) desk.Replayed {
			return desk.Replayed{Status: http.StatusSeeOther, Body: []byte(secret)}
		}}
	if v.caller != nil {
		in.Partner, in.Actor = v.caller.PartnerID, v.caller.KeyID
	}
	made, err := s.Desk.CheckBill(v.Context(), in)
	var wrong *desk.FaultsError
	switch {
	case errors.As(err, &wrong):
		return s.billFaults(w, v, wrong.Faults)
	case err != nil:
		return err
	}
	http.Redirect(w, v.Request, v.to("/fees/check/"+string(made.Answer.Body)), http.StatusSeeOther)
	return nil
}

func (s *server) billFaults(w http.ResponseWriter, v *visit, faults []declarations.Fault) error {
	p := s.explain(v, &desk.FaultsError{Faults: faults})
	status := p.Status
	if status < http.StatusBadRequest {
		status = http.StatusUnprocessableEntity
	}
	return s.billAgain(w, v, status, billFaultsAt(p.Faults))
}

// billFields are the inputs that a fault can point to; every other place is in the file.
var billFields = []string{"kind", "estimate", "alongside_from", "alongside_to", "cargo_completed", "tugs_in", "tugs_out"}

func billFaultsAt(faults []Fault) []Fault {
	for i := range faults {
		f := &faults[i]
		if !slices.Contains(billFields, f.Path) {
			if f.Path != "" && f.Path != "file" {
				f.Message = f.Path + ": " + f.Message
			}
			f.Path = "file"
		}
	}
	return faults
}

// billPart is the file of the form.
func billPart(v *visit) (body []byte, contentType string, err error) {
	files := v.MultipartForm.File["file"]
	if len(files) == 0 {
		return nil, "", nil
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, "", errForm
	}
	defer f.Close() //nolint:errcheck // it was only read
	if body, err = io.ReadAll(f); err != nil {
		return nil, "", errForm
	}
	contentType = files[0].Header.Get("Content-Type")
	if len(contentType) > 255 {
		contentType = ""
	}
	return body, contentType, nil
}

// billFacts are the facts of the call that the form adds where the file says nothing.
func billFacts(v *visit) (func(*tariffs.Call), []declarations.Fault) {
	get := func(name string) string { return strings.TrimSpace(v.FormValue(name)) }
	var faults []declarations.Fault
	at := func(name string) time.Time {
		if get(name) == "" {
			return time.Time{}
		}
		t, err := time.ParseInLocation(formTime, get(name), port)
		if err != nil {
			faults = append(faults, strictjson.Reject(tariffs.CodeInstant, name, "value", strictjson.Shown(get(name))))
		}
		return t
	}
	count := func(name string) *int {
		if get(name) == "" {
			return nil
		}
		n, err := strconv.Atoi(get(name))
		if err != nil {
			faults = append(faults, strictjson.Reject(tariffs.CodeNumber, name, "value", strictjson.Shown(get(name))))
		}
		return &n
	}
	from, to, done, in, out := at("alongside_from"), at("alongside_to"), at("cargo_completed"), count("tugs_in"), count("tugs_out")
	outside := get("outside_special_fee") != ""
	fill := func(call *tariffs.Call) {
		if call.Ship.Type == "" {
			call.Ship.Type = get("ship_type")
		}
		if call.Berth == nil && (!from.IsZero() || !to.IsZero()) {
			call.Berth = &tariffs.Berth{From: from, To: to, CargoDone: done}
		}
		if call.Tugs == nil && (in != nil || out != nil) {
			call.Tugs = &tariffs.Tugs{In: in, Out: out}
		}
		if call.Special == nil && outside {
			no := false
			call.Special = &tariffs.Special{Owner: &no, Operator: &no, Equity: &no, Flag: &no, BuiltUS: &no}
		}
	}
	return fill, faults
}

// billRequest names everything that the reference of a form stands for.
func billRequest(v *visit, body []byte) string {
	h := newDigest(body)
	names := make([]string, 0, len(v.MultipartForm.Value))
	for name := range v.MultipartForm.Value {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		h.add(name + "=" + v.FormValue(name))
	}
	return h.hex()
}

// secretOf takes the secret out of a link that somebody pasted.
func secretOf(link string) string {
	link = strings.TrimSpace(link)
	if u, err := url.Parse(link); err == nil {
		link = u.Path
	}
	return link[strings.LastIndexByte(link, '/')+1:]
}

// peerOf is the address of the caller without its port.
func peerOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// billTemplate is an empty account to fill in, with the headings of agents.
func (s *server) billTemplate(w http.ResponseWriter, _ *visit) error {
	return writeTable(w, "account.csv", [][]string{desk.AccountColumns})
}

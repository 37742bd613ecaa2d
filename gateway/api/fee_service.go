package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/desk"
	"kouan/tariffs"
	"kouan/tariffs/boxcost"
	"kouan/tariffs/services"
)

type feeServicesOutput struct {
	Body struct {
		Items []desk.PublishedService `json:"items" doc:"A service without a price has an unknown one: not zero. One marked sample is no real offer"`
	}
}

// listFeeServices is GET /api/v1/fee-services.
func (s *server) listFeeServices(ctx context.Context, _ *struct{}) (*feeServicesOutput, error) {
	list, err := s.Desk.FeeServices(ctx)
	if err != nil {
		return nil, err
	}
	out := &feeServicesOutput{}
	out.Body.Items = list
	return out, nil
}

// FeeServiceList is what the authority publishes.
type FeeServiceList struct {
	Services []services.Service `json:"services"`
}

// FeeServicesTaken is what became of it.
type FeeServicesTaken struct {
	Added     int `json:"added"`
	Changed   int `json:"changed" doc:"Known numbers that got another version; the old one is kept"`
	Unchanged int `json:"unchanged"`
}

// publishFeeServices is POST /api/v1/fee-services. The same list again changes
// nothing, so it needs no Idempotency-Key.
func (s *server) publishFeeServices(w http.ResponseWriter, r *http.Request) error {
	body, err := s.bodyJSON(r)
	if err != nil {
		return err
	}
	var list FeeServiceList
	if faults := readObject(body, &list); faults != nil {
		return &desk.FaultsError{Faults: faults}
	}
	taken, err := s.Desk.PublishFeeServices(r.Context(), callOf(r.Context()).principal, list.Services)
	if err != nil {
		return err
	}
	out := FeeServicesTaken(taken)
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// readObject fills into from one JSON object, strictly.
func readObject(body []byte, into any) []declarations.Fault {
	values, isList, fault := strictjson.Split(body)
	switch {
	case fault != nil:
		return []declarations.Fault{*fault}
	case isList:
		return []declarations.Fault{strictjson.Reject(declarations.CodeWrongType, "", "want", "object", "got", "array")}
	}
	if fault, _ = strictjson.Read(values[0], into); fault != nil {
		return []declarations.Fault{*fault}
	}
	return nil
}

func describeFeeServices(s *server, op *huma.Operation) {
	op.Description += " All of the list is published, or nothing when one service has a fault. A known service_no gets another version; nothing is written over. What the government sets or guides is a charge of the catalogue and is refused here."
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[FeeServiceList]())}}}
	op.Responses["200"] = s.described("Published", typeJSON, s.schema(reflect.TypeFor[FeeServicesTaken]()))
}

type feeBoxInput struct {
	Box     string `path:"box" maxLength:"20" example:"import-20" doc:"import-20, import-40, export-20 or export-40; laden with general cargo"`
	Edition int    `query:"edition" minimum:"0" maximum:"1000000" doc:"Of the catalogue; the one in force when it is absent"`
}

type feeBoxOutput struct {
	Body struct {
		Box       boxcost.Box     `json:"box"`
		Edition   int             `json:"edition"`
		Catalogue string          `json:"catalogue" doc:"Version of the rows"`
		Currency  string          `json:"currency" example:"CNY"`
		Counted   tariffs.Word    `json:"parts_verification" doc:"Which charges belong to the cost of a box is our own choice: no instrument states it"`
		Months    []boxcost.Month `json:"months" doc:"By the rows of the last day of each month, of today for the running one. known_fen is at least what a box costs; whole is false while a part is unknown"`
	}
}

// feeBox is GET /api/v1/fee-boxes/{box}.
func (s *server) feeBox(ctx context.Context, in *feeBoxInput) (*feeBoxOutput, error) {
	cost, err := s.Desk.FeeBoxCost(ctx, in.Box, in.Edition)
	if err != nil {
		return nil, err
	}
	out := &feeBoxOutput{}
	out.Body.Box, out.Body.Edition, out.Body.Catalogue, out.Body.Currency, out.Body.Counted, out.Body.Months = cost.Box, cost.Edition, cost.Catalogue.Version, "CNY", tariffs.Unverified, cost.Months
	return out, nil
}

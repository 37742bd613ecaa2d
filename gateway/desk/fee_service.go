package desk

import (
	"context"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/tariffs/services"
)

// FeeServicesTaken says what became of a list of services.
type FeeServicesTaken struct {
	Added, Changed, Unchanged int
}

// PublishFeeServices takes a list from the authority; see ImportFeeServices.
func (d *Desk) PublishFeeServices(ctx context.Context, p auth.Principal, list []services.Service) (FeeServicesTaken, error) {
	if err := allow(p, auth.PublishFeeServices); err != nil {
		return FeeServicesTaken{}, err
	}
	return d.ImportFeeServices(ctx, p.PartnerID, list)
}

// ImportFeeServices publishes services of third parties: all of the list, or
// none when one has a fault. A number that is known gets another version when
// what it says has changed; the same list again changes nothing.
func (d *Desk) ImportFeeServices(ctx context.Context, actor string, list []services.Service) (FeeServicesTaken, error) {
	e, err := d.FeeEdition(ctx)
	if err != nil {
		return FeeServicesTaken{}, err
	}
	var faults []declarations.Fault
	if len(list) == 0 {
		faults = append(faults, strictjson.Reject(services.CodeNoRows, "services"))
	}
	at := map[string]int{}
	for i := range list {
		found := list[i].Check(e.Catalogue)
		if _, twice := at[list[i].Number]; twice {
			found = append(found, services.Fault{Code: services.CodeTwice, Column: "service_no", Args: map[string]string{"value": list[i].Number}})
		}
		at[list[i].Number] = i
		for _, f := range found {
			for name, value := range f.Args {
				f.Args[name] = strictjson.Shown(value)
			}
			faults = append(faults, declarations.Fault{Code: f.Code, Severity: declarations.Reject, Path: declarations.IndexPath("services", i, f.Column), Args: f.Args})
		}
	}
	if len(faults) > 0 {
		return FeeServicesTaken{}, &FaultsError{faults}
	}
	for range versionRetries {
		taken, c, err := d.feeServiceChange(ctx, actor, list)
		if err != nil || len(c.FeeServices) == 0 {
			return taken, err
		}
		if err = d.write(ctx, c); !store.IsConflict(err, "fee_service") { // else another writer's version came first
			return taken, err
		}
	}
	return FeeServicesTaken{}, fmt.Errorf("publish services: %w", store.ErrUnavailable)
}

func (d *Desk) feeServiceChange(ctx context.Context, actor string, list []services.Service) (FeeServicesTaken, store.Change, error) {
	known := map[string]store.FeeService{}
	rows, err := d.Store.FeeServices(ctx)
	if err != nil {
		return FeeServicesTaken{}, store.Change{}, err
	}
	for _, row := range rows {
		known[row.Number] = row
	}
	var taken FeeServicesTaken
	var c store.Change
	for i := range list {
		document, err := json.Marshal(&list[i], json.Deterministic(true))
		if err != nil {
			return taken, c, fmt.Errorf("write service: %w", err)
		}
		before, there := known[list[i].Number]
		switch {
		case there && before.SHA256 == digest(document):
			taken.Unchanged++
			continue
		case there:
			taken.Changed++
		default:
			taken.Added++
		}
		row := store.FeeService{Number: list[i].Number, Version: before.Version + 1, Document: document, SHA256: digest(document), Actor: actor, At: d.now()}
		c.FeeServices = append(c.FeeServices, row)
		c.Audit = append(c.Audit, d.audit(actor, "fee_service.publish", "", row.Number+" version "+strconv.Itoa(row.Version), row.SHA256))
	}
	return taken, c, nil
}

// PublishedService is a service with the version that it has by now.
type PublishedService struct {
	services.Service
	Version int `json:"version"`
}

// FeeServices are the services in their newest versions, by number. They are public.
func (d *Desk) FeeServices(ctx context.Context) ([]PublishedService, error) {
	rows, err := d.Store.FeeServices(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]PublishedService, len(rows))
	for i := range rows {
		out[i].Version = rows[i].Version
		if err := json.Unmarshal(rows[i].Document, &out[i].Service); err != nil {
			return nil, fmt.Errorf("read service %s: %w", rows[i].Number, err)
		}
	}
	return out, nil
}

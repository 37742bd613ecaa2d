package api

import (
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/tariffs"
	"kouan/tariffs/publication"
	"kouan/tariffs/rating"
)

// Media types that the surface reads and writes.
const (
	typeJSON    = "application/json"
	typeXML     = "application/xml"
	typeTextXML = "text/xml"
)

// describe is huma's configuration: strict JSON, no $schema links, no pages
// of its own.
func (s *server) describe() huma.Config {
	c := huma.DefaultConfig("Kouan", s.Version)
	c.Info.Description = "Trade single window and port gateway. Errors are RFC 9457 problems with faults in the language of Accept-Language."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil // the $schema links
	c.RejectUnknownQueryParameters = true
	c.Transformers = []huma.Transformer{s.transform}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	format := huma.Format{
		Marshal:   func(w io.Writer, v any) error { return json.MarshalWrite(w, v, json.Deterministic(true)) },
		Unmarshal: func(b []byte, v any) error { return json.Unmarshal(b, v, json.RejectUnknownMembers(true)) },
	}
	c.Formats, c.DefaultFormat = map[string]huma.Format{typeJSON: format, "json": format}, typeJSON
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "The key of a partner"},
	}
	// Lists that the standard message writes in one field are arrays in JSON.
	list := reflect.TypeFor[[]string]()
	for _, t := range []reflect.Type{reflect.TypeFor[declarations.CommaList](), reflect.TypeFor[declarations.SemicolonList](), reflect.TypeFor[declarations.SpecialBusiness]()} {
		c.Components.Schemas.RegisterTypeAlias(t, list)
	}
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[document](), reflect.TypeFor[declarations.Declaration]())
	return c
}

// schemaName is the name of a type, which the types of an inspection and of
// port charges share with those of this package.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch t.PkgPath() {
	case reflect.TypeFor[inspection.Event]().PkgPath():
		return "Inspection" + name
	case reflect.TypeFor[tariffs.Call]().PkgPath():
		return "Tariff" + name
	case reflect.TypeFor[publication.Change]().PkgPath():
		return "Edition" + name
	}
	if t.PkgPath() == reflect.TypeFor[rating.Summary]().PkgPath() {
		return "FeeRating" + name
	}
	return name
}

// tidy takes out of the description what this surface never sends: huma's
// own errors, for which Problem stands, and null, which nothing here is.
func (s *server) tidy() {
	schemas := s.api.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	for _, schema := range schemas {
		neverNull(schema)
	}
}

// neverNull goes through a schema and all that it is made of.
func neverNull(s *huma.Schema) {
	if s == nil {
		return
	}
	s.Nullable = false
	neverNull(s.Items)
	if of, ok := s.AdditionalProperties.(*huma.Schema); ok {
		neverNull(of)
	}
	for _, p := range s.Properties {
		neverNull(p)
	}
}

// operation is what the table says about a route.
func (s *server) operation(rt *route) huma.Operation {
	op := huma.Operation{OperationID: rt.name, Method: rt.method, Path: rt.path, Summary: rt.summary,
		Responses: map[string]*huma.Response{}}
	if rt.act != "" {
		op.Security = []map[string][]string{{"key": {}}}
		op.Description = "For: " + roles(rt.act) + "."
	}
	if rt.creates {
		op.Parameters = append(op.Parameters, parameterOf("header", "Idempotency-Key", "Up to 255 visible ASCII characters. The same key with the same request gets the first answer again, byte for byte, with Idempotency-Replayed: true.",
			&huma.Schema{Type: huma.TypeString, MaxLength: new(maxKey), MinLength: new(1)}))
	}
	op.Responses["default"] = s.described("A problem", problemType, s.schema(reflect.TypeFor[Problem]()))
	return op
}

func parameterOf(in, name, text string, schema *huma.Schema) *huma.Param {
	return &huma.Param{In: in, Name: name, Description: text, Schema: schema, Required: in == "path"}
}

func (s *server) schema(t reflect.Type) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
}

func (s *server) described(text, contentType string, schema *huma.Schema) *huma.Response {
	return &huma.Response{Description: text, Content: map[string]*huma.MediaType{contentType: {Schema: schema}}}
}

var (
	anyBytes = &huma.Schema{Type: huma.TypeString, Format: "binary"}
	anyText  = &huma.Schema{Type: huma.TypeString}
)

func (s *server) declarationBody() *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		typeJSON:    {Schema: s.schema(reflect.TypeFor[declarations.Declaration]())},
		typeXML:     {Schema: anyText},
		typeTextXML: {Schema: anyText},
	}}
}

func describeSubmit(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("query", "draft", "1 keeps the declaration with its faults and sends nothing", &huma.Schema{Type: huma.TypeString, Enum: []any{"0", "1"}}))
	op.RequestBody = s.declarationBody()
	for _, t := range []string{typeCSV, typeXLSX, typeZIP} {
		op.RequestBody.Content[t] = &huma.MediaType{Schema: anyBytes}
	}
	op.Responses["201"] = s.described("Durable; waiting to leave", typeJSON, s.schema(reflect.TypeFor[Accepted]()))
	op.Responses["200"] = s.described("The same content stands under this client reference already; or what became of each declaration of a table, package or array",
		typeJSON, &huma.Schema{OneOf: []*huma.Schema{s.schema(reflect.TypeFor[Accepted]()), s.schema(reflect.TypeFor[Upload]())}})
}

func describeEdit(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter(),
		parameterOf("header", "If-Match", "The ETag that was read", &huma.Schema{Type: huma.TypeString}))
	op.RequestBody = s.declarationBody()
	op.Responses["200"] = s.described("Kept with its faults", typeJSON, s.schema(reflect.TypeFor[Accepted]()))
}

func describeSend(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.Responses["201"] = s.described("Durable; waiting to leave", typeJSON, s.schema(reflect.TypeFor[Accepted]()))
}

func describeMessage(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter(), parameterOf("path", "n", "From 1", &huma.Schema{Type: huma.TypeInteger, Minimum: new(1.0)}))
	op.Responses["200"] = s.described("The exact bytes, with Content-Digest", "*/*", anyBytes)
}

func describeReceipt(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("header", "X-File-Name", "Name under which the receipt came, when it was a file", anyText))
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeXML: {Schema: anyText}, typeTextXML: {Schema: anyText}, typeJSON: {Schema: &huma.Schema{}}}}
	op.Responses["202"] = s.described("Heard for the first time; kept also when nothing here answers to it", typeJSON, s.schema(reflect.TypeFor[Hearing]()))
	op.Responses["200"] = s.described("Heard before; the first result", typeJSON, s.schema(reflect.TypeFor[Hearing]()))
}

func describeEvents(s *server, op *huma.Operation) {
	op.Description += " Each event has id, event (its kind) and data (JSON). With Last-Event-ID the stream goes on from there; what is up to ten seconds older than that id may come again under its id, so that nothing is missed."
	op.Parameters = append(op.Parameters, parameterOf("header", "Last-Event-ID", "The last id that was seen", anyText))
	s.schema(reflect.TypeFor[Event]())
	op.Responses["200"] = s.described("data is an Event", "text/event-stream", anyText)
}

func describeLive(s *server, op *huma.Operation) {
	op.Responses["200"] = s.described("Alive", "text/plain", anyText)
	delete(op.Responses, "default")
}

func describeReady(s *server, op *huma.Operation) {
	ready := s.schema(reflect.TypeFor[Readiness]())
	op.Responses["200"] = s.described("Ready", typeJSON, ready)
	op.Responses["503"] = s.described("Not ready", typeJSON, ready)
	delete(op.Responses, "default")
}

func hidden(_ *server, op *huma.Operation) { op.Hidden = true }

func idParameter() *huma.Param { return parameterOf("path", "id", "Id of the declaration", anyText) }

// openapi answers the description, made once: it does not change.
func (s *server) openapi(w http.ResponseWriter, r *http.Request) error {
	body, err := s.spec.get(s.api.OpenAPI().MarshalJSON)
	if err != nil {
		return err
	}
	s.write(w, r, http.StatusOK, typeJSON, body)
	return nil
}

package tariffs

import (
	"fmt"
	"strings"
	"time"
)

// tableFile is one table of the folder and what a row of it becomes.
type tableFile struct {
	kind    string // name without that of its form
	columns []string
	extra   []string // may be missing
	row     func(*table)
}

func columns(list string) []string { return strings.Split(list, ",") }

// tableColumns are the columns of each table; the first one names its rows.
var tableColumns = map[string][]string{
	"instruments":      columns("id,number,title_zh,title_en,issued,effective_from,effective_to,status,changed,verification,note"),
	"items":            columns("code,parent,name_zh,name_en,regime,collector,payer,basis,unit,trade_scope,legal_basis,article,valid_from,valid_to,note,verification"),
	"rates":            columns("rate_id,place,item,component,schedule_kind,trade,cargo_class,container_size,load_state,direction,ship_type,loa_from,loa_to,nt_from,nt_to,distance_from_nm,distance_to_nm,amount,currency,unit,ceiling,valid_from,valid_to,instrument,verification,note"),
	"modifiers":        columns("id,kind,item,components,place,trade,parameter,value,value_alternative,condition,order,stackable,valid_from,valid_to,instrument,enabled_by_default,verification,note"),
	"rounding":         columns("id,applies_to,quantity,rule,parameter,instrument,article,valid_from,enabled_by_default,verification,note"),
	"terminals":        columns("code,port,area_zh,area_en,boarding_dm,boarding_lat,boarding_lon,leaving_dm,leaving_lat,leaving_lon,radius_nm,terminal_zh,terminal_en,distance_nm,over_distance_nm,instrument,verification,note"),
	"channels":         columns("id,number,dial_abroad,scope_zh,scope_en,used_for,superseded_by,valid_from,valid_to,source,verification,note"),
	"tonnage_dues":     columns("id,nt_from,nt_to,rate_kind,licence_term,amount,currency,unit,schedule_kind,valid_from,valid_to,instrument,verification,note"),
	"special_port_fee": columns("id,row_type,from_at,to_at,amount,currency,unit,text_en,text_zh,instrument,verification,note"),
}

func (c *Catalogue) files() [9]tableFile {
	of := func(kind string, extra []string, row func(*table)) tableFile {
		return tableFile{kind, tableColumns[kind], extra, row}
	}
	return [...]tableFile{
		of("instruments", nil, c.instrument),
		of("items", nil, c.item),
		of("rates", StatedColumns, c.rate),
		of("modifiers", nil, c.modifier),
		of("rounding", nil, c.rounding),
		of("terminals", nil, c.terminal),
		of("channels", nil, c.channel),
		of("tonnage_dues", nil, c.dues),
		of("special_port_fee", nil, c.special),
	}
}

func (c *Catalogue) instrument(t *table) {
	c.Instruments = append(c.Instruments, Instrument{ID: t.need("id"), Version: t.version, Number: t.text("number"), TitleZH: t.need("title_zh"), TitleEN: t.text("title_en"),
		Issued: t.day("issued"), Effective: t.span("effective_from", "effective_to"), Status: t.need("status"), Changed: t.text("changed"),
		Word: t.word("verification"), Note: t.text("note")})
}

func (c *Catalogue) item(t *table) {
	c.Items = append(c.Items, Item{Code: t.need("code"), Version: t.version, Parent: t.text("parent"), NameZH: t.need("name_zh"), NameEN: t.text("name_en"),
		Regime:    Regime(t.one("regime", string(GovernmentSet), string(GovernmentGuided), string(Market))),
		Collector: t.need("collector"), Payer: t.need("payer"), Basis: t.need("basis"), Unit: t.need("unit"),
		Trade: t.one("trade_scope", "international", "domestic", "both"), LegalBasis: t.text("legal_basis"), Article: t.text("article"),
		Valid: t.span("valid_from", "valid_to"), Note: t.text("note"), Word: t.word("verification")})
}

func (c *Catalogue) rate(t *table) {
	r := Rate{ID: t.need("rate_id"), Version: t.version, Place: t.need("place"), Item: t.need("item"), Component: t.text("component"),
		Kind: ScheduleKind(t.one("schedule_kind", string(Flat), string(Progressive), string(Slab), string(FixedAbove), string(StartedDays), string(HalfHours), string(Matrix))),
		// trade foreign is what cargo rows call international
		Trade: t.one("trade", "international", "domestic", "both", "foreign"), CargoClass: t.text("cargo_class"), ContainerSize: t.text("container_size"),
		LoadState: t.text("load_state"), Direction: t.text("direction"), ShipType: t.text("ship_type"),
		LOA: t.band("loa_from", "loa_to"), NT: t.band("nt_from", "nt_to"), Distance: t.band("distance_from_nm", "distance_to_nm"),
		Amount: t.amount("amount"), Currency: t.one("currency", "CNY"), Unit: t.need("unit"), Ceiling: t.one("ceiling", "true", "false") == "true",
		Valid: t.span("valid_from", "valid_to"), Instrument: t.text("instrument"), Word: t.word("verification"), Note: t.text("note"), text: t.text("amount"), Stated: t.stated()}
	if r.Amount != nil && r.Amount.IsZero() && r.Instrument == "" {
		r.Amount, r.Groundless = nil, true
	}
	c.Rates = append(c.Rates, r)
}

// stated reads what only a price list says.
func (t *table) stated() Stated {
	s := Stated{Collector: t.text("collector_zh"), Payer: t.text("payer_zh"), Basis: t.text("basis_zh"), Reason: t.text("reason_zh"),
		Payment: t.text("when_how_paid_zh"), LegalBasis: t.text("legal_basis"), Article: t.text("article"), Published: t.day("published_at"),
		Channel: t.text("complaint_channel"), Attachment: t.text("attachment"), Authority: t.text("authority_zh")}
	if t.text("urgent") != "" {
		s.Urgent = t.one("urgent", "yes", "no") == "yes"
	}
	return s
}

func (c *Catalogue) modifier(t *table) {
	m := Modifier{ID: t.need("id"), Version: t.version, Kind: t.need("kind"), Items: strings.Split(t.need("item"), "|"), Place: t.need("place"), Trade: t.text("trade"),
		Parameter: t.text("parameter"), Value: t.text("value"), Alternative: t.text("value_alternative"), Condition: t.text("condition"),
		Order: t.text("order"), Stackable: t.text("stackable"), Valid: t.span("valid_from", "valid_to"), Instrument: t.text("instrument"),
		Enabled: t.one("enabled_by_default", "yes", "no") == "yes", Word: t.word("verification"), Note: t.text("note")}
	if s := t.text("components"); s != "" {
		m.Components = strings.Split(s, "|")
	}
	c.Modifiers = append(c.Modifiers, m)
}

func (c *Catalogue) rounding(t *table) {
	c.Roundings = append(c.Roundings, Rounding{ID: t.need("id"), AppliesTo: t.need("applies_to"), Quantity: t.text("quantity"), Rule: t.need("rule"),
		Parameter: t.text("parameter"), Instrument: t.text("instrument"), Article: t.text("article"), From: t.day("valid_from"),
		Enabled: t.one("enabled_by_default", "yes", "no", "ask"), Word: t.word("verification"), Note: t.text("note")})
}

func (c *Catalogue) terminal(t *table) {
	d, known := t.measure("distance_nm")
	c.Terminals = append(c.Terminals, Terminal{Code: t.need("code"), Port: t.need("port"), AreaZH: t.text("area_zh"), AreaEN: t.text("area_en"),
		NameZH: t.need("terminal_zh"), NameEN: t.need("terminal_en"), Distance: d, Known: known,
		Instrument: t.text("instrument"), Word: t.word("verification"), Note: t.text("note")})
}

func (c *Catalogue) channel(t *table) {
	c.Channels = append(c.Channels, Channel{ID: t.need("id"), Number: t.text("number"), DialAbroad: t.text("dial_abroad"), ScopeZH: t.text("scope_zh"),
		ScopeEN: t.text("scope_en"), UsedFor: t.text("used_for"), SupersededBy: t.text("superseded_by"), Valid: t.span("valid_from", "valid_to"),
		Source: t.text("source"), Word: t.word("verification"), Note: t.text("note")})
}

func (c *Catalogue) dues(t *table) {
	amount := t.amount("amount")
	if amount == nil {
		t.fail("amount", "empty")
		return
	}
	t.one("schedule_kind", string(Slab))
	c.Dues = append(c.Dues, Dues{ID: t.need("id"), Version: t.version, NT: t.band("nt_from", "nt_to"), RateKind: t.one("rate_kind", "preferential", "ordinary"),
		Term: t.one("licence_term", "P30D", "P90D", "P1Y"), Amount: *amount, Valid: t.span("valid_from", "valid_to"),
		Instrument: t.text("instrument"), Word: t.word("verification")})
}

func (c *Catalogue) special(t *table) {
	r := SpecialRow{ID: t.need("id"), Version: t.version, From: t.instant("from_at"), To: t.instant("to_at"), Amount: t.amount("amount"),
		TextEN: t.need("text_en"), TextZH: t.need("text_zh"), Instrument: t.text("instrument"), Word: t.word("verification"), Note: t.text("note")}
	s := &c.Special
	switch t.one("row_type", "rate", "state", "scope", "exemption", "limit") {
	case "rate":
		s.Rates = append(s.Rates, r)
	case "state":
		s.States = append(s.States, r)
	case "scope":
		s.Scope = append(s.Scope, r)
	case "exemption":
		s.Exemptions = append(s.Exemptions, r)
	case "limit":
		s.Limits = append(s.Limits, r)
	}
}

func (t *table) instant(column string) time.Time {
	s := t.text(column)
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.fail(column, fmt.Sprintf("%q is no instant", s))
	}
	return at
}

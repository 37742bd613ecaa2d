package wcoxml

import "kouan/declarations"

type declaration = declarations.Declaration

// shipment begins the paths of GoodsShipment.
const (
	shipment = "GoodsShipment/"
	head     = "/Declaration/"
)

// headField is a field of the declaration at a place below Declaration.
func headField(name, path string, conv conversion, at func(*declaration) *string) field[declaration] {
	f := field[declaration]{name: name, at: at, pair: pair(name, head+path), place: below(Root(), path), conv: conv}
	if f.pair.ExportPath != "" {
		f.export = below(Root(), f.pair.ExportPath[len(head):])
	}
	return f
}

// headFields are the fields that stand at one leaf of the declaration.
func headFields() []field[declaration] {
	gross := headField("declaration.total_gross_weight_kg", "TotalGrossMassMeasure", number, func(d *declaration) *string { return (*string)(&d.Header.TotalGrossWeightKg) }) // WCO 131
	gross.attr = kilograms
	trading := headField("transport.trading_country", shipment+"Seller/Address/CountryCode", country, func(d *declaration) *string { return &d.Transport.TradingCountry })
	trading.writeOnly = true // what is read there is the seller's address
	return []field[declaration]{
		headField("declaration.client_reference", "FunctionalReferenceID", plain, func(d *declaration) *string { return &d.Header.ClientReference }),              // WCO D026
		headField("declaration.customs_entry_number", "ID", plain, func(d *declaration) *string { return &d.Header.CustomsEntryNumber }),                          // WCO D014
		headField("declaration.function_code", "FunctionCode", functionCode, func(d *declaration) *string { return &d.Header.FunctionCode }),                      // WCO 017
		headField("declaration.issue_date", "IssueDateTime", day, func(d *declaration) *string { return &d.Header.IssueDate }),                                    // WCO D011
		headField("declaration.declaration_office_code", "DeclarationOfficeID", plain, func(d *declaration) *string { return &d.Header.DeclarationOfficeCode }),   // WCO 065
		headField("declaration.border_office_code", "ExitOffice/ID", plain, func(d *declaration) *string { return &d.Header.BorderOfficeCode }),                   // WCO G005
		headField("declaration.destination_office_code", "PresentationOffice/ID", plain, func(d *declaration) *string { return &d.Header.DestinationOfficeCode }), // WCO G015
		headField("declaration.total_packages", "TotalPackageQuantity", number, func(d *declaration) *string { return (*string)(&d.Header.TotalPackages) }),       // WCO 146
		gross,
		headField("parties.declarant.customs_code", "Declarant/ID", plain, func(d *declaration) *string { return &d.Parties.Declarant.CustomsCode }), // WCO R123
		headField("parties.declarant.name", "Declarant/Name", plain, func(d *declaration) *string { return &d.Parties.Declarant.Name }),
		headField("parties.declarant.person_name", "Declarant/Contact/Name", plain, func(d *declaration) *string { return &d.Parties.Declarant.PersonName }),   // WCO 246
		headField("parties.submitter.name", "Submitter/Name", plain, func(d *declaration) *string { return &d.Parties.Submitter.Name }),                        // WCO R058
		headField("parties.submitter.organisation_code", "Submitter/ID", plain, func(d *declaration) *string { return &d.Parties.Submitter.OrganisationCode }), // WCO R059
		headField("parties.submitter.operator_name", "Authentication/Authenticator/Name", plain, func(d *declaration) *string { return &d.Parties.Submitter.OperatorName }),
		headField("parties.trader.customs_code", shipment+"Importer/ID", plain, func(d *declaration) *string { return &d.Parties.Trader.CustomsCode }), // WCO R038, R032
		headField("parties.foreign_consignor.code", "Exporter/ID", plain, func(d *declaration) *string { return &d.Parties.ForeignConsignor.Code }),    // WCO R032
		headField("parties.foreign_consignor.name", "Exporter/Name", plain, func(d *declaration) *string { return &d.Parties.ForeignConsignor.Name }),  // WCO R031
		headField("parties.foreign_consignor.address", "Exporter/Address/Line", plain, func(d *declaration) *string { return &d.Parties.ForeignConsignor.Address }),
		headField("parties.foreign_consignee.code", shipment+"Consignee/ID", plain, func(d *declaration) *string { return &d.Parties.ForeignConsignee.Code }),                              // WCO R015
		headField("parties.foreign_consignee.name", shipment+"Consignee/Name", plain, func(d *declaration) *string { return &d.Parties.ForeignConsignee.Name }),                            // WCO R014
		headField("transport.border_mode_code", "BorderTransportMeans/ModeCode", transportMode, func(d *declaration) *string { return &d.Transport.BorderModeCode }),                       // WCO T022
		headField("transport.inland_mode_code", shipment+"Consignment/ArrivalTransportMeans/ModeCode", transportMode, func(d *declaration) *string { return &d.Transport.InlandModeCode }), // WCO T020
		headField("transport.import_export_date", shipment+"ExitDateTime", day, func(d *declaration) *string { return &d.Transport.ImportExportDate }),
		headField("transport.loading_port_code", shipment+"Consignment/LoadingLocation/ID", port, func(d *declaration) *string { return &d.Transport.LoadingPortCode }), // WCO L010
		headField("transport.goods_location", shipment+"Consignment/GoodsLocation/Name", plain, func(d *declaration) *string { return &d.Transport.GoodsLocation }),     // WCO L016
		headField("transport.warehouse_id", shipment+"Warehouse/ID", plain, func(d *declaration) *string { return &d.Transport.WarehouseID }),                           // WCO L019
		headField("transport.country_of_dispatch", shipment+"ExportCountry/ID", country, func(d *declaration) *string { return &d.Transport.CountryOfDispatch }),        // WCO 062
		headField("terms.delivery_terms_code", shipment+"TradeTerms/ConditionCode", deliveryTerms, func(d *declaration) *string { return &d.Terms.DeliveryTermsCode }),  // WCO 090
		trading,
	}
}

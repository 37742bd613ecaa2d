package declarations

// Transport is the conveyance, its ports, dates and the place of the goods.
type Transport struct {
	TransportDocumentNumber      string `json:"transport_document_number,omitzero"`        // BillNo
	TransitOrDestinationPortCode string `json:"transit_or_destination_port_code,omitzero"` // DistinatePort
	ImportExportDate             string `json:"import_export_date,omitzero"`               // IEDate
	CountryOfDispatch            string `json:"country_of_dispatch,omitzero"`              // TradeCountry
	InlandModeCode               string `json:"inland_mode_code,omitzero"`                 // NativeTrafMode
	BorderModeCode               string `json:"border_mode_code,omitzero"`                 // TrafMode
	MeansName                    string `json:"means_name,omitzero"`                       // TrafName
	TradingCountry               string `json:"trading_country,omitzero"`                  // TradeAreaCode
	LoadingPortCode              string `json:"loading_port_code,omitzero"`                // DespPortCode
	EntryExitPortCode            string `json:"entry_exit_port_code,omitzero"`             // EntyPortCode
	GoodsLocation                string `json:"goods_location,omitzero"`                   // GoodsPlace
	DeliveryOrderNumber          string `json:"delivery_order_number,omitzero"`            // BLNo
	DespatchDate                 string `json:"despatch_date,omitzero"`                    // DespDate
	UnloadingCompletedDate       string `json:"unloading_completed_date,omitzero"`         // CmplDschrgDt
	OriginalContainerFlag        string `json:"original_container_flag,omitzero"`          // OrigBoxFlag
	WarehouseID                  string `json:"warehouse_id,omitzero"`                     // BonNo
	VoyageNumber                 string `json:"voyage_number,omitzero"`                    // VoyNo
	YardCode                     string `json:"yard_code,omitzero"`                        // CusFie
	CountryOfDestination         string `json:"country_of_destination,omitzero"`           // TradeCountry
}

package declarations

// Item is one goods line (报关单表体). Countries mean what they say in both
// directions; the swap of the export form happens where XML is read and written.
type Item struct {
	ClassificationMark            string           `json:"classification_mark,omitzero"`             // ClassMark
	HSCode                        string           `json:"hs_code,omitzero"`                         // CodeTS
	ManualItemNumber              Decimal          `json:"manual_item_number,omitzero"`              // ContrItem
	UnitPrice                     Decimal          `json:"unit_price,omitzero"`                      // DeclPrice
	DutyModeCode                  string           `json:"duty_mode_code,omitzero"`                  // DutyMode
	UnitRatio                     Decimal          `json:"unit_ratio,omitzero"`                      // Factor
	Specification                 string           `json:"specification,omitzero"`                   // GModel
	GoodsName                     string           `json:"goods_name,omitzero"`                      // GName
	LineNumber                    Decimal          `json:"line_number,omitzero"`                     // GNo
	CountryOfOrigin               string           `json:"country_of_origin,omitzero"`               // OriginCountry
	Currency                      string           `json:"currency,omitzero"`                        // TradeCurr
	LineAmount                    Decimal          `json:"line_amount,omitzero"`                     // DeclTotal
	TransactionQuantity           Decimal          `json:"transaction_quantity,omitzero"`            // GQty
	FirstStatutoryQuantity        Decimal          `json:"first_statutory_quantity,omitzero"`        // FirstQty
	SecondStatutoryQuantity       Decimal          `json:"second_statutory_quantity,omitzero"`       // SecondQty
	TransactionUnitCode           string           `json:"transaction_unit_code,omitzero"`           // GUnit
	FirstStatutoryUnitCode        string           `json:"first_statutory_unit_code,omitzero"`       // FirstUnit
	SecondStatutoryUnitCode       string           `json:"second_statutory_unit_code,omitzero"`      // SecondUnit
	UseCode                       string           `json:"use_code,omitzero"`                        // UseTo
	ProcessingFee                 Decimal          `json:"processing_fee,omitzero"`                  // WorkUsd
	ProductNumber                 string           `json:"product_number,omitzero"`                  // ExgNo
	ProductVersion                Decimal          `json:"product_version,omitzero"`                 // ExgVersion
	CountryOfDestination          string           `json:"country_of_destination,omitzero"`          // DestinationCountry
	InspectionCategoryCode        string           `json:"inspection_category_code,omitzero"`        // CiqCode
	GoodsNameEnglish              string           `json:"goods_name_english,omitzero"`              // DeclGoodsEname
	OriginRegionCode              string           `json:"origin_region_code,omitzero"`              // OrigPlaceCode
	PurposeCode                   string           `json:"purpose_code,omitzero"`                    // Purpose
	ValidUntil                    string           `json:"valid_until,omitzero"`                     // ProdValidDt
	ShelfLife                     string           `json:"shelf_life,omitzero"`                      // ProdQgp
	GoodsAttributeCodes           CommaList        `json:"goods_attribute_codes,omitzero"`           // GoodsAttr
	Ingredients                   string           `json:"ingredients,omitzero"`                     // Stuff
	UNNumber                      string           `json:"un_number,omitzero"`                       // Uncode
	DangerousGoodsName            string           `json:"dangerous_goods_name,omitzero"`            // DangName
	DangerousPackingGroup         string           `json:"dangerous_packing_group,omitzero"`         // DangPackType
	DangerousPackingSpecification string           `json:"dangerous_packing_specification,omitzero"` // DangPackSpec
	OverseasManufacturerName      string           `json:"overseas_manufacturer_name,omitzero"`      // EngManEntCnm
	NotDangerousFlag              string           `json:"not_dangerous_flag,omitzero"`              // NoDangFlag
	DestinationPlaceCode          string           `json:"destination_place_code,omitzero"`          // DestCode
	InspectionSpecification       string           `json:"inspection_specification,omitzero"`        // GoodsSpec
	Model                         string           `json:"model,omitzero"`                           // GoodsModel
	Brand                         string           `json:"brand,omitzero"`                           // GoodsBrand
	ProductionDates               SemicolonList    `json:"production_dates,omitzero"`                // ProduceDate
	BatchNumbers                  string           `json:"batch_numbers,omitzero"`                   // ProdBatchNo
	DomesticRegionCode            string           `json:"domestic_region_code,omitzero"`            // DistrictCode
	InspectionCategoryName        string           `json:"inspection_category_name,omitzero"`        // CiqName
	ProducerRegistrationNumber    string           `json:"producer_registration_number,omitzero"`    // MnufctrRegNo
	ProducerName                  string           `json:"producer_name,omitzero"`                   // MnufctrRegName
	PreferentialOriginCountry     string           `json:"preferential_origin_country,omitzero"`     // RcepOrigPlaceCode
	ControlCode                   string           `json:"control_code,omitzero"`                    // ControlExplainCode
	Licences                      []Licence        `json:"licences,omitempty"`                       // DecGoodsLimits
	ControlElements               []ControlElement `json:"control_elements,omitempty"`               // DecControlModel
	Carried                       []Carried        `json:"carried,omitempty"`                        // what is not understood
	Extensions                    []Extension      `json:"extensions,omitempty"`
}

package declarations

// Licence is one licence of a line (许可证信息, DecGoodsLimit).
type Licence struct {
	ItemNumber       Decimal           `json:"item_number,omitzero"`        // GoodsNo
	TypeCode         string            `json:"type_code,omitzero"`          // LicTypeCode
	Number           string            `json:"number,omitzero"`             // LicenceNo
	LineNumber       string            `json:"line_number,omitzero"`        // LicWrtofDetailNo
	WriteoffQuantity string            `json:"writeoff_quantity,omitzero"`  // LicWrtofQty
	WriteoffUnitCode string            `json:"writeoff_unit_code,omitzero"` // LicWrtofQtyUnit
	Vehicles         []LicensedVehicle `json:"vehicles,omitempty"`
}

// LicensedVehicle is one vehicle under a licence (许可证VIN信息, DecGoodsLimitVin).
type LicensedVehicle struct {
	LicenceNumber    string  `json:"licence_number,omitzero"`      // LicenceNo
	LicenceTypeCode  string  `json:"licence_type_code,omitzero"`   // LicTypeCode
	Sequence         string  `json:"sequence,omitzero"`            // VinNo
	BillOfLadingDate string  `json:"bill_of_lading_date,omitzero"` // BillLadDate
	Warranty         string  `json:"warranty,omitzero"`            // QualityQgp
	EngineNumber     string  `json:"engine_number,omitzero"`       // MotorNo
	VIN              string  `json:"vin,omitzero"`                 // VinCode
	ChassisNumber    string  `json:"chassis_number,omitzero"`      // ChassisNo
	InvoicedQuantity Decimal `json:"invoiced_quantity,omitzero"`   // InvoiceNum
	NameChinese      string  `json:"name_chinese,omitzero"`        // ProdCnnm
	NameEnglish      string  `json:"name_english,omitzero"`        // ProdEnnm
	ModelEnglish     string  `json:"model_english,omitzero"`       // ModelEn
	UnitPrice        string  `json:"unit_price,omitzero"`          // PricePerUnit
	InvoiceNumber    string  `json:"invoice_number,omitzero"`      // InvoiceNo
}

// ControlElement is one element of a prohibition or restriction (禁限管制申报要素, DecControlModel).
type ControlElement struct {
	Number       string `json:"number,omitzero"`        // ElementNo
	Value        string `json:"value,omitzero"`         // ElementValue
	CategoryCode string `json:"category_code,omitzero"` // DeclarationCategoryCode
}

package declarations

// LicenceFields is DecGoodsLimit in writing order (许可证信息).
var LicenceFields = []Field[Licence]{
	{Element: "GoodsNo", Path: "item_number", Kind: Whole, Length: 9, Need: Always, At: func(r *Licence) *string { return (*string)(&r.ItemNumber) }},
	{Element: "LicTypeCode", Path: "type_code", Kind: Text, Length: 5, Need: OnDeclare, At: func(r *Licence) *string { return &r.TypeCode }},
	{Element: "LicenceNo", Path: "number", Kind: Text, Length: 40, Need: OnDeclare, At: func(r *Licence) *string { return &r.Number }},
	{Element: "LicWrtofDetailNo", Path: "line_number", Kind: Text, Length: 4, At: func(r *Licence) *string { return &r.LineNumber }},
	{Element: "LicWrtofQty", Path: "writeoff_quantity", Kind: Text, Length: 20, At: func(r *Licence) *string { return &r.WriteoffQuantity }},
	{Element: "LicWrtofQtyUnit", Path: "writeoff_unit_code", Kind: Text, Length: 3, At: func(r *Licence) *string { return &r.WriteoffUnitCode }},
}

// LicensedVehicleFields is DecGoodsLimitVin in writing order (许可证VIN信息).
var LicensedVehicleFields = []Field[LicensedVehicle]{
	{Element: "LicenceNo", Path: "licence_number", Kind: Text, Length: 40, Need: Always, At: func(r *LicensedVehicle) *string { return &r.LicenceNumber }},
	{Element: "LicTypeCode", Path: "licence_type_code", Kind: Text, Length: 5, Need: Always, At: func(r *LicensedVehicle) *string { return &r.LicenceTypeCode }},
	{Element: "VinNo", Path: "sequence", Kind: Text, Length: 100, At: func(r *LicensedVehicle) *string { return &r.Sequence }},
	{Element: "BillLadDate", Path: "bill_of_lading_date", Kind: Day, Length: 8, At: func(r *LicensedVehicle) *string { return &r.BillOfLadingDate }},
	{Element: "QualityQgp", Path: "warranty", Kind: Text, Length: 100, At: func(r *LicensedVehicle) *string { return &r.Warranty }},
	{Element: "MotorNo", Path: "engine_number", Kind: Text, Length: 100, At: func(r *LicensedVehicle) *string { return &r.EngineNumber }},
	{Element: "VinCode", Path: "vin", Kind: Text, Length: 20, At: func(r *LicensedVehicle) *string { return &r.VIN }},
	{Element: "ChassisNo", Path: "chassis_number", Kind: Text, Length: 10, At: func(r *LicensedVehicle) *string { return &r.ChassisNumber }},
	{Element: "InvoiceNum", Path: "invoiced_quantity", Kind: Number, Length: 19, Decimals: 5, At: func(r *LicensedVehicle) *string { return (*string)(&r.InvoicedQuantity) }},
	{Element: "ProdCnnm", Path: "name_chinese", Kind: Text, Length: 500, At: func(r *LicensedVehicle) *string { return &r.NameChinese }},
	{Element: "ProdEnnm", Path: "name_english", Kind: Text, Length: 500, At: func(r *LicensedVehicle) *string { return &r.NameEnglish }},
	{Element: "ModelEn", Path: "model_english", Kind: Text, Length: 500, At: func(r *LicensedVehicle) *string { return &r.ModelEnglish }},
	{Element: "PricePerUnit", Path: "unit_price", Kind: Text, Length: 20, At: func(r *LicensedVehicle) *string { return &r.UnitPrice }},
	{Element: "InvoiceNo", Path: "invoice_number", Kind: Text, Length: 30, At: func(r *LicensedVehicle) *string { return &r.InvoiceNumber }},
}

// ControlElementFields is DecControlModel in writing order (禁限管制申报要素).
var ControlElementFields = []Field[ControlElement]{
	{Element: "ElementNo", Path: "number", Kind: Text, Length: 19, Need: Always, At: func(r *ControlElement) *string { return &r.Number }},
	{Element: "ElementValue", Path: "value", Kind: Text, Length: 512, At: func(r *ControlElement) *string { return &r.Value }},
	{Element: "DeclarationCategoryCode", Path: "category_code", Kind: Text, Length: 4, Need: Always, At: func(r *ControlElement) *string { return &r.CategoryCode }},
}

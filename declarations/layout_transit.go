package declarations

// TransitFields is TrnHead in writing order (转关单表头).
var TransitFields = []Field[Declaration]{
	{Element: "TrnPreId", Path: "transit.sequence_number", Kind: Text, Length: 18, At: func(d *Declaration) *string { return &d.Transit.SequenceNumber }},
	{Element: "TransNo", Path: "transit.manifest_list_number", Kind: Text, Length: 16, At: func(d *Declaration) *string { return &d.Transit.ManifestListNumber }},
	{Element: "TurnNo", Path: "transit.transit_number", Kind: Text, Length: 16, At: func(d *Declaration) *string { return &d.Transit.TransitNumber }},
	{Element: "NativeTrafMode", Path: "transport.inland_mode_code", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Transport.InlandModeCode }},
	{Element: "TrafCustomsNo", Path: "transit.domestic_means_id", Kind: Text, Length: 13, At: func(d *Declaration) *string { return &d.Transit.DomesticMeansID }},
	{Element: "NativeShipName", Path: "transit.domestic_means_name", Kind: Text, Length: 30, At: func(d *Declaration) *string { return &d.Transit.DomesticMeansName }},
	{Element: "NativeVoyageNo", Path: "transit.domestic_voyage_number", Kind: Text, Length: 32, At: func(d *Declaration) *string { return &d.Transit.DomesticVoyageNumber }},
	{Element: "ContractorName", Path: "transit.carrier_name", Kind: Text, Length: 70, At: func(d *Declaration) *string { return &d.Transit.CarrierName }},
	{Element: "ContractorCode", Path: "transit.carrier_organisation_code", Kind: Text, Length: 10, At: func(d *Declaration) *string { return &d.Transit.CarrierOrganisationCode }},
	{Element: "TransFlag", Path: "transit.kind_code", Kind: Text, Length: 2, At: func(d *Declaration) *string { return &d.Transit.KindCode }},
	{Element: "ValidTime", Path: "transit.expected_arrival_date", Kind: Day, Length: 8, At: func(d *Declaration) *string { return &d.Transit.ExpectedArrivalDate }},
	{Element: "ESealFlag", Path: "transit.electronic_seal_flag", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Transit.ElectronicSealFlag }},
	{Element: "Notes", Path: "transit.remarks", Kind: Text, Length: 200, At: func(d *Declaration) *string { return &d.Transit.Remarks }},
	{Element: "TrnType", Path: "transit.paperless_flag", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Transit.PaperlessFlag }},
	{Element: "ApplCodeScc", Path: "transit.declarant_unified_social_credit_code", Kind: Text, Length: 18, At: func(d *Declaration) *string { return &d.Transit.DeclarantUnifiedSocialCreditCode }},
}

// TransitBillFields is TrnList in writing order (转关提单).
var TransitBillFields = []Field[TransitBill]{
	{Element: "TrafMode", Path: "border_mode_code", Kind: Text, Length: 1, At: func(r *TransitBill) *string { return &r.BorderModeCode }},
	{Element: "ShipId", Path: "means_id", Kind: Text, Length: 32, At: func(r *TransitBill) *string { return &r.MeansID }},
	{Element: "ShipNameEn", Path: "means_name", Kind: Text, Length: 255, At: func(r *TransitBill) *string { return &r.MeansName }},
	{Element: "VoyageNo", Path: "voyage_number", Kind: Text, Length: 32, At: func(r *TransitBill) *string { return &r.VoyageNumber }},
	{Element: "BillNo", Path: "bill_number", Kind: Text, Length: 32, At: func(r *TransitBill) *string { return &r.BillNumber }},
	{Element: "IEDate", Path: "border_date", Kind: Day, Length: 8, At: func(r *TransitBill) *string { return &r.BorderDate }},
}

// TransitContainerFields is TrnContainer in writing order (转关集装箱).
var TransitContainerFields = []Field[TransitContainer]{
	{Element: "ContaNo", Path: "number", Kind: Text, Length: 11, Need: Always, At: func(r *TransitContainer) *string { return &r.Number }},
	{Element: "ContaSn", Path: "sequence", Kind: Whole, Length: 3, At: func(r *TransitContainer) *string { return (*string)(&r.Sequence) }},
	{Element: "ContaModel", Path: "size_type_code", Kind: Text, Length: 4, At: func(r *TransitContainer) *string { return &r.SizeTypeCode }},
	{Element: "SealNo", Path: "seal_number", Kind: Text, Length: 128, At: func(r *TransitContainer) *string { return &r.SealNumber }},
	{Element: "TransName", Path: "domestic_means_name", Kind: Text, Length: 32, At: func(r *TransitContainer) *string { return &r.DomesticMeansName }},
	{Element: "TransWeight", Path: "means_weight_kg", Kind: Number, Length: 19, Decimals: 5, At: func(r *TransitContainer) *string { return (*string)(&r.MeansWeightKg) }},
	{Element: "SealQty", Path: "seal_count", Kind: Text, Length: 4, At: func(r *TransitContainer) *string { return &r.SealCount }},
}

// TransitContainerGoodsFields is TrnContaGoodsList in writing order (转关集装箱商品).
var TransitContainerGoodsFields = []Field[TransitContainerGoods]{
	{Element: "GNo", Path: "item_number", Kind: Whole, Length: 9, Need: Always, At: func(r *TransitContainerGoods) *string { return (*string)(&r.ItemNumber) }},
	{Element: "ContaNo", Path: "container_number", Kind: Text, Length: 11, Need: Always, At: func(r *TransitContainerGoods) *string { return &r.ContainerNumber }},
	{Element: "ContaGoodsCount", Path: "package_count", Kind: Whole, Length: 9, Need: OnDeclare, At: func(r *TransitContainerGoods) *string { return (*string)(&r.PackageCount) }},
	{Element: "ContaGoodsWeight", Path: "weight_kg", Kind: Number, Length: 19, Decimals: 5, Need: OnDeclare, At: func(r *TransitContainerGoods) *string { return (*string)(&r.WeightKg) }},
}

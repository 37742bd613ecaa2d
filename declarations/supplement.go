package declarations

// Supplement is one supplementary declaration of price, classification or origin
// (补充申报单, DecSupplement); the map of fields puts its parties and its invoice at
// the declaration, the message has them per supplement.
type Supplement struct {
	ItemNumber                  Decimal             `json:"item_number,omitzero"`   // GNo
	KindCode                    string              `json:"kind_code,omitzero"`     // SupType
	BrandChinese                string              `json:"brand_chinese,omitzero"` // BrandCN
	BrandEnglish                string              `json:"brand_english,omitzero"` // BrandEN
	Buyer                       SupplementParty     `json:"buyer,omitzero"`
	Seller                      SupplementParty     `json:"seller,omitzero"`
	Manufacturer                SupplementParty     `json:"manufacturer,omitzero"`
	Contract                    SupplementContract  `json:"contract,omitzero"`
	Invoice                     SupplementInvoice   `json:"invoice,omitzero"`
	PartyRelationshipFlags      string              `json:"party_relationship_flags,omitzero"` // I_BabRel
	PriceAffectedFlag           string              `json:"price_affected_flag,omitzero"`      // I_PriceEffect
	PriceConditionFlags         string              `json:"price_condition_flags,omitzero"`    // I_PriceClose
	RestrictedFlag              string              `json:"restricted_flag,omitzero"`          // I_OtherLimited
	RestrictionEffectFlag       string              `json:"restriction_effect_flag,omitzero"`  // I_OtherEffect
	RelationshipNote            string              `json:"relationship_note,omitzero"`        // I_Note1
	RoyaltyDueFlag              string              `json:"royalty_due_flag,omitzero"`         // I_IsUsefee
	ResaleProceedsFlag          string              `json:"resale_proceeds_flag,omitzero"`     // I_IsProfit
	RoyaltyNote                 string              `json:"royalty_note,omitzero"`             // I_Note2
	InvoiceUnitPrice            Decimal             `json:"invoice_unit_price,omitzero"`       // InvoicePrice
	InvoiceNote                 string              `json:"invoice_note,omitzero"`             // InvoiceNote
	IndirectPayment             SupplementAmount    `json:"indirect_payment,omitzero"`
	Commission                  SupplementAmount    `json:"commission,omitzero"`
	ContainerCost               SupplementAmount    `json:"container_cost,omitzero"`
	PackingCost                 SupplementAmount    `json:"packing_cost,omitzero"`
	Materials                   SupplementAmount    `json:"materials,omitzero"`
	Tools                       SupplementAmount    `json:"tools,omitzero"`
	ConsumedMaterials           SupplementAmount    `json:"consumed_materials,omitzero"`
	Design                      SupplementAmount    `json:"design,omitzero"`
	Royalties                   SupplementAmount    `json:"royalties,omitzero"`
	ResaleProceeds              SupplementAmount    `json:"resale_proceeds,omitzero"`
	Freight                     SupplementAmount    `json:"freight,omitzero"`
	TransportRelated            SupplementAmount    `json:"transport_related,omitzero"`
	Insurance                   SupplementAmount    `json:"insurance,omitzero"`
	ExportDutyDeductedFlag      string              `json:"export_duty_deducted_flag,omitzero"`      // E_IsDutyDel
	OtherGoodsName              string              `json:"other_goods_name,omitzero"`               // GNameOther
	ForeignHSCode               string              `json:"foreign_hs_code,omitzero"`                // CodeTsOther
	ClassificationRulingFlag    string              `json:"classification_ruling_flag,omitzero"`     // IsClassDecision
	ClassificationRulingNumber  string              `json:"classification_ruling_number,omitzero"`   // DecisionNO
	ClassificationRulingHSCode  string              `json:"classification_ruling_hs_code,omitzero"`  // CodeTsDecision
	ClassificationRulingOffice  string              `json:"classification_ruling_office,omitzero"`   // DecisionCus
	SampleTestedFlag            string              `json:"sample_tested_flag,omitzero"`             // IsSampleTest
	DescribedAspectFlags        string              `json:"described_aspect_flags,omitzero"`         // GOptions
	TransportModeCode           string              `json:"transport_mode_code,omitzero"`            // TrafMode
	DirectTransportFlag         string              `json:"direct_transport_flag,omitzero"`          // IsDirectTraf
	TransitCountry              string              `json:"transit_country,omitzero"`                // TransitCountry
	ArrivalPortCode             string              `json:"arrival_port_code,omitzero"`              // DestPort
	DeclarationPortCode         string              `json:"declaration_port_code,omitzero"`          // DeclPort
	TransportDocumentNumber     string              `json:"transport_document_number,omitzero"`      // BillNo
	OriginCountry               string              `json:"origin_country,omitzero"`                 // OriginCountry
	OriginMarkPlaceCode         string              `json:"origin_mark_place_code,omitzero"`         // OriginMark
	CertificateIssuerAndCountry string              `json:"certificate_issuer_and_country,omitzero"` // CertCountry
	CertificateNumber           string              `json:"certificate_number,omitzero"`             // CertNO
	OriginCriterionCode         string              `json:"origin_criterion_code,omitzero"`          // CertStandard
	OtherRemarks                string              `json:"other_remarks,omitzero"`                  // OtherNote
	ConfidentialFlag            string              `json:"confidential_flag,omitzero"`              // IsSecret
	Declarant                   SupplementDeclarant `json:"declarant,omitzero"`
}

// SupplementParty is buyer, seller or manufacturer in a supplement.
type SupplementParty struct {
	Name        string `json:"name,omitzero"`
	ContactName string `json:"contact_name,omitzero"`
	Address     string `json:"address,omitzero"`
	Phone       string `json:"phone,omitzero"`
}

// SupplementContract is the part contract of Supplement.
type SupplementContract struct {
	Number string `json:"number,omitzero"` // ContrNo
	Date   string `json:"date,omitzero"`   // ContrDate
}

// SupplementInvoice is the part invoice of Supplement.
type SupplementInvoice struct {
	Number      string  `json:"number,omitzero"`       // InvoiceNo
	Date        string  `json:"date,omitzero"`         // InvoiceDate
	Currency    string  `json:"currency,omitzero"`     // Curr
	TotalAmount Decimal `json:"total_amount,omitzero"` // InvoiceAmount
}

// SupplementAmount is one cost of the price declaration: per unit, in all, and a note.
type SupplementAmount struct {
	UnitAmount  Decimal `json:"unit_amount,omitzero"`
	TotalAmount Decimal `json:"total_amount,omitzero"`
	Note        string  `json:"note,omitzero"`
}

// SupplementDeclarant is the part declarant of Supplement.
type SupplementDeclarant struct {
	KindCode    string `json:"kind_code,omitzero"`    // AgentType
	AddressLine string `json:"address_line,omitzero"` // DeclAddr
	Postcode    string `json:"postcode,omitzero"`     // DeclPost
	OfficePhone string `json:"office_phone,omitzero"` // DeclTel
}

package declarations

// Header is the declaration's own data (报关单表头): who files what, where, under which mode.
type Header struct {
	PlatformSequenceNumber      string          `json:"platform_sequence_number,omitzero"`       // SeqNo
	TradeDirection              Direction       `json:"trade_direction,omitzero"`                // IEFlag
	FormType                    string          `json:"form_type,omitzero"`                      // Type
	FilingStep                  string          `json:"filing_step,omitzero"`                    // Type
	IsCombinedPort              bool            `json:"is_combined_port,omitzero"`               // Type
	TypeAsRead                  string          `json:"type_as_read,omitzero"`                   // Type
	FXVerificationNumber        string          `json:"fx_verification_number,omitzero"`         // ApprNo
	ContractNumber              string          `json:"contract_number,omitzero"`                // ContrNo
	DeclarationOfficeCode       string          `json:"declaration_office_code,omitzero"`        // CustomMaster
	LevyNatureCode              string          `json:"levy_nature_code,omitzero"`               // CutMode
	TotalGrossWeightKg          Decimal         `json:"total_gross_weight_kg,omitzero"`          // GrossWet
	BorderOfficeCode            string          `json:"border_office_code,omitzero"`             // IEPort
	LicenceNumber               string          `json:"licence_number,omitzero"`                 // LicenseNo
	BondedManualNumber          string          `json:"bonded_manual_number,omitzero"`           // ManualNo
	TotalNetWeightKg            Decimal         `json:"total_net_weight_kg,omitzero"`            // NetWt
	Remarks                     string          `json:"remarks,omitzero"`                        // NoteS
	TotalPackages               Decimal         `json:"total_packages,omitzero"`                 // PackNo
	TradeModeCode               string          `json:"trade_mode_code,omitzero"`                // TradeMode
	PackageKindCode             string          `json:"package_kind_code,omitzero"`              // WrapType
	CustomsEntryNumber          string          `json:"customs_entry_number,omitzero"`           // EntryId
	PreEntryNumber              string          `json:"pre_entry_number,omitzero"`               // PreEntryId
	EDIFlag                     string          `json:"edi_flag,omitzero"`                       // EdiId
	RiskParameter               string          `json:"risk_parameter,omitzero"`                 // Risk
	EntryTypeCode               string          `json:"entry_type_code,omitzero"`                // EntryType
	IssueDate                   string          `json:"issue_date,omitzero"`                     // PDate
	RelatedDocumentNumber       string          `json:"related_document_number,omitzero"`        // TgdNo
	DataSourceFlags             string          `json:"data_source_flags,omitzero"`              // DataSource
	TransitRelationCode         string          `json:"transit_relation_code,omitzero"`          // DeclTrnRel
	GuaranteeReleaseFlag        string          `json:"guarantee_release_flag,omitzero"`         // ChkSurety
	BondedListType              string          `json:"bonded_list_type,omitzero"`               // BillType
	InspectionDiversionFlag     string          `json:"inspection_diversion_flag,omitzero"`      // CheckFlow
	TaxAdministrationFlag       string          `json:"tax_administration_flag,omitzero"`        // TaxAaminMark
	ShippingMarks               string          `json:"shipping_marks,omitzero"`                 // MarkNo
	SpecialBusinessFlags        SpecialBusiness `json:"special_business_flags,omitzero"`         // SpecDeclFlag
	DestinationOfficeCode       string          `json:"destination_office_code,omitzero"`        // PurpOrgCode
	RelatedInspectionReasonCode string          `json:"related_inspection_reason_code,omitzero"` // CorrelationReasonFlag
	NoOtherPackagingFlag        string          `json:"no_other_packaging_flag,omitzero"`        // NoOtherPack
	RelatedInspectionNumber     string          `json:"related_inspection_number,omitzero"`      // CorrelationNo
	EDIRemark                   string          `json:"edi_remark,omitzero"`                     // EdiRemark
	EDIRemark2                  string          `json:"edi_remark_2,omitzero"`                   // EdiRemark2
	FunctionCode                string          `json:"function_code,omitzero"`                  // OperType
	ClientReference             string          `json:"client_reference,omitzero"`               // ClientSeqNo
	RelatedDeclarationNumber    string          `json:"related_declaration_number,omitzero"`     // RelId
	RelatedManualNumber         string          `json:"related_manual_number,omitzero"`          // RelManNo
}

// Terms are the transaction terms (成交方式).
type Terms struct {
	DeliveryTermsCode string `json:"delivery_terms_code,omitzero"` // TransMode
}

// Valuation holds the charges beside the price and the five price statements (价格说明).
type Valuation struct {
	Freight             Charge `json:"freight,omitzero"`
	Insurance           Charge `json:"insurance,omitzero"`
	OtherCharges        Charge `json:"other_charges,omitzero"`
	SpecialRelationship string `json:"special_relationship,omitzero"` // PromiseItmes
	PriceInfluenced     string `json:"price_influenced,omitzero"`     // PromiseItmes
	RoyaltiesPaid       string `json:"royalties_paid,omitzero"`       // PromiseItmes
	FormulaPricing      string `json:"formula_pricing,omitzero"`      // PromiseItmes
	ProvisionalPrice    string `json:"provisional_price,omitzero"`    // PromiseItmes
	PromisesAsRead      string `json:"promises_as_read,omitzero"`     // PromiseItmes
}

// Charge is one of freight, insurance and other charges: kind 1 rate in percent,
// 2 unit price, 3 total.
type Charge struct {
	Currency string  `json:"currency,omitzero"`  // FeeCurr/InsurCurr/OtherCurr
	KindCode string  `json:"kind_code,omitzero"` // FeeMark/InsurMark/OtherMark
	Value    Decimal `json:"value,omitzero"`     // FeeRate/InsurRate/OtherRate
}

// Signature is the operator's signature over the declaration (DecSign). Its
// algorithm is not public; it is carried, never computed.
type Signature struct {
	CardNumber         string `json:"card_number,omitzero"`          // ICCode
	OrganisationCode   string `json:"organisation_code,omitzero"`    // CopCode
	OperatorName       string `json:"operator_name,omitzero"`        // OperName
	Value              string `json:"value,omitzero"`                // Sign
	Time               string `json:"time,omitzero"`                 // SignDate
	CertificateNumber  string `json:"certificate_number,omitzero"`   // Certificate
	ListSequenceNumber string `json:"list_sequence_number,omitzero"` // BillSeqNo
	SignerKind         string `json:"signer_kind,omitzero"`          // DomainId
	Note               string `json:"note,omitzero"`                 // Note
}

// Deprecated are fields that the interface abolished: read, never written.
type Deprecated struct {
	PortInspectionOffice       string `json:"port_inspection_office,omitzero"`       // InspOrgCode
	CertificateOffice          string `json:"certificate_office,omitzero"`           // VsaOrgCode
	InspectionAcceptanceOffice string `json:"inspection_acceptance_office,omitzero"` // OrgCode
	MailboxHostID              string `json:"mailbox_host_id,omitzero"`              // HostId
}

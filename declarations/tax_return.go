package declarations

// TaxReturn is the self-assessed tax return (自报自缴, SddTax).
type TaxReturn struct {
	FileName                      string  `json:"file_name,omitzero"`                         // FileName
	PlatformSequenceNumber        string  `json:"platform_sequence_number,omitzero"`          // SeqNo
	TradeDirection                string  `json:"trade_direction,omitzero"`                   // IEFlag
	DeclarationPortCode           string  `json:"declaration_port_code,omitzero"`             // DeclPort
	ExpectedDeclarationDate       string  `json:"expected_declaration_date,omitzero"`         // DDate
	TraderCustomsCode             string  `json:"trader_customs_code,omitzero"`               // TradeCo
	TraderName                    string  `json:"trader_name,omitzero"`                       // TradeName
	DomesticSaleRatio             Decimal `json:"domestic_sale_ratio,omitzero"`               // InRatio
	TradeModeCode                 string  `json:"trade_mode_code,omitzero"`                   // TradeMode
	LevyNatureCode                string  `json:"levy_nature_code,omitzero"`                  // CutMode
	DeliveryTermsCode             string  `json:"delivery_terms_code,omitzero"`               // TransMode
	FreightKindCode               string  `json:"freight_kind_code,omitzero"`                 // FeeMark
	FreightCurrency               string  `json:"freight_currency,omitzero"`                  // FeeCurr
	FreightValue                  Decimal `json:"freight_value,omitzero"`                     // FeeRate
	InsuranceKindCode             string  `json:"insurance_kind_code,omitzero"`               // InsurMark
	InsuranceCurrency             string  `json:"insurance_currency,omitzero"`                // InsurCurr
	InsuranceValue                Decimal `json:"insurance_value,omitzero"`                   // InsurRate
	OtherChargesKindCode          string  `json:"other_charges_kind_code,omitzero"`           // OtherMark
	OtherChargesCurrency          string  `json:"other_charges_currency,omitzero"`            // OtherCurr
	OtherChargesValue             Decimal `json:"other_charges_value,omitzero"`               // OtherRate
	BondedManualNumber            string  `json:"bonded_manual_number,omitzero"`              // ManualNo
	TraderUnifiedSocialCreditCode string  `json:"trader_unified_social_credit_code,omitzero"` // TradeCoScc
	GrossWeightKg                 Decimal `json:"gross_weight_kg,omitzero"`                   // GrossWt
	Remarks                       string  `json:"remarks,omitzero"`                           // NoteS
	LegalLiabilityText            string  `json:"legal_liability_text,omitzero"`              // LegalLiability
	Signature                     string  `json:"signature,omitzero"`                         // Sign
	SignedMessageID               string  `json:"signed_message_id,omitzero"`                 // MessId
	SigningCertificateNumber      string  `json:"signing_certificate_number,omitzero"`        // CertSeqNo
	StatusCode                    string  `json:"status_code,omitzero"`                       // Status
}

package declarations

// Access is what is asked for under two-stage admission (两段准入, DecTpAccess).
type Access struct {
	TransferRequested          string `json:"transfer_requested,omitzero"`           // TransitionApply
	TransferSiteCode           string `json:"transfer_site_code,omitzero"`           // TransitionSite
	ConditionalPickupRequested string `json:"conditional_pickup_requested,omitzero"` // ConditionalLiftoffApply
	MergedCheckRequested       string `json:"merged_check_requested,omitzero"`       // PortDestMergeCheckApply
}

// Risk is the risk assessment (风险评估信息, DecRisk).
type Risk struct {
	Result    string `json:"result,omitzero"`    // Risk
	Signature string `json:"signature,omitzero"` // Sign
	SignedAt  string `json:"signed_at,omitzero"` // SignDate
	Note      string `json:"note,omitzero"`      // Note
}

// Royalty is the statement on royalties (特许权使用费申请表, DecRoyaltyFee).
type Royalty struct {
	PriceRulingNumber   string  `json:"price_ruling_number,omitzero"`   // PricePreDeterminNo
	FilingKindCode      string  `json:"filing_kind_code,omitzero"`      // TaxRoyaltyDeclType
	ContractNumber      string  `json:"contract_number,omitzero"`       // ContractNo
	Licensor            string  `json:"licensor,omitzero"`              // Authorizer
	Licensee            string  `json:"licensee,omitzero"`              // AuthorizedPerson
	PaymentKindCode     string  `json:"payment_kind_code,omitzero"`     // PayType
	PaymentDate         string  `json:"payment_date,omitzero"`          // PayTime
	AccrualPeriodMonths Decimal `json:"accrual_period_months,omitzero"` // PayPeriod
	ContractStartDate   string  `json:"contract_start_date,omitzero"`   // EffectiveDateTime
	ContractEndDate     string  `json:"contract_end_date,omitzero"`     // ExpirationDateTime
	Amount              Decimal `json:"amount,omitzero"`                // RoyaltyAmount
	Currency            string  `json:"currency,omitzero"`              // Curr
	KindFlags           string  `json:"kind_flags,omitzero"`            // RoyaltyFeeType
	DocumentFlags       string  `json:"document_flags,omitzero"`        // EdocType
	Statement           string  `json:"statement,omitzero"`             // element 15 (misspelt, see RoyaltyFields)
	ConfidentialFlag    string  `json:"confidential_flag,omitzero"`     // IsSecret
	CustomsAuditedFlag  string  `json:"customs_audited_flag,omitzero"`  // IsCusAudit
	PriceRulingFlag     string  `json:"price_ruling_flag,omitzero"`     // IsCusPricePreDetermin
	ContractSignedDate  string  `json:"contract_signed_date,omitzero"`  // IssueDateTime
	PeriodStartDate     string  `json:"period_start_date,omitzero"`     // PeriodStartDate
	PeriodEndDate       string  `json:"period_end_date,omitzero"`       // PeriodEndDate
}

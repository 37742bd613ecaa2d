package declarations

// AccessFields is DecTpAccess in writing order (两段准入申请).
var AccessFields = []Field[Declaration]{
	{Element: "TransitionApply", Path: "two_step_access.transfer_requested", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Access.TransferRequested }},
	{Element: "TransitionSite", Path: "two_step_access.transfer_site_code", Kind: Text, Length: 11, At: func(d *Declaration) *string { return &d.Access.TransferSiteCode }},
	{Element: "ConditionalLiftoffApply", Path: "two_step_access.conditional_pickup_requested", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Access.ConditionalPickupRequested }},
	{Element: "PortDestMergeCheckApply", Path: "two_step_access.merged_check_requested", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Access.MergedCheckRequested }},
}

// RiskFields is DecRisk in writing order (风险评估信息).
var RiskFields = []Field[Declaration]{
	{Element: "Risk", Path: "risk.result", Kind: Text, Length: 10, At: func(d *Declaration) *string { return &d.Risk.Result }},
	{Element: "Sign", Path: "risk.signature", Kind: Text, Length: 255, At: func(d *Declaration) *string { return &d.Risk.Signature }},
	{Element: "SignDate", Path: "risk.signed_at", Kind: Instant, Length: 16, At: func(d *Declaration) *string { return &d.Risk.SignedAt }},
	{Element: "Note", Path: "risk.note", Kind: Text, Length: 100, At: func(d *Declaration) *string { return &d.Risk.Note }},
}

// RoyaltyFields is DecRoyaltyFee in writing order (特许权使用费申请表).
var RoyaltyFields = []Field[Declaration]{
	{Element: "PricePreDeterminNo", Path: "royalty.price_ruling_number", Kind: Text, Length: 20, At: func(d *Declaration) *string { return &d.Royalty.PriceRulingNumber }},
	{Element: "TaxRoyaltyDeclType", Path: "royalty.filing_kind_code", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Royalty.FilingKindCode }},
	{Element: "ContractNo", Path: "royalty.contract_number", Kind: Text, Length: 500, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.ContractNumber }},
	{Element: "Authorizer", Path: "royalty.licensor", Kind: Text, Length: 500, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.Licensor }},
	{Element: "AuthorizedPerson", Path: "royalty.licensee", Kind: Text, Length: 500, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.Licensee }},
	{Element: "PayType", Path: "royalty.payment_kind_code", Kind: Text, Length: 20, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.PaymentKindCode }},
	{Element: "PayTime", Path: "royalty.payment_date", Kind: DashedDay, Length: 10, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.PaymentDate }},
	{Element: "PayPeriod", Path: "royalty.accrual_period_months", Kind: Whole, Length: 2, At: func(d *Declaration) *string { return (*string)(&d.Royalty.AccrualPeriodMonths) }},
	{Element: "EffectiveDateTime", Path: "royalty.contract_start_date", Kind: DashedDay, Length: 10, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.ContractStartDate }},
	{Element: "ExpirationDateTime", Path: "royalty.contract_end_date", Kind: DashedDay, Length: 10, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.ContractEndDate }},
	{Element: "RoyaltyAmount", Path: "royalty.amount", Kind: Number, Length: 19, Decimals: 2, Need: Always, At: func(d *Declaration) *string { return (*string)(&d.Royalty.Amount) }},
	{Element: "Curr", Path: "royalty.currency", Kind: Text, Length: 3, Need: Always, Codes: Currencies, At: func(d *Declaration) *string { return &d.Royalty.Currency }},
	{Element: "RoyaltyFeeType", Path: "royalty.kind_flags", Kind: Text, Length: 5, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.KindFlags }},
	{Element: "EdocType", Path: "royalty.document_flags", Kind: Text, Length: 8, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.DocumentFlags }},
	{Element: "Statment", Path: "royalty.statement", Kind: Text, Length: 2500, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.Statement }}, //nolint:misspell // the interface spells it so
	{Element: "IsSecret", Path: "royalty.confidential_flag", Kind: Text, Length: 1, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.ConfidentialFlag }},
	{Element: "IsCusAudit", Path: "royalty.customs_audited_flag", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Royalty.CustomsAuditedFlag }},
	{Element: "IsCusPricePreDetermin", Path: "royalty.price_ruling_flag", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Royalty.PriceRulingFlag }},
	{Element: "IssueDateTime", Path: "royalty.contract_signed_date", Kind: DashedDay, Length: 10, Need: Always, At: func(d *Declaration) *string { return &d.Royalty.ContractSignedDate }},
	{Element: "PeriodStartDate", Path: "royalty.period_start_date", Kind: DashedDay, Length: 10, At: func(d *Declaration) *string { return &d.Royalty.PeriodStartDate }},
	{Element: "PeriodEndDate", Path: "royalty.period_end_date", Kind: DashedDay, Length: 10, At: func(d *Declaration) *string { return &d.Royalty.PeriodEndDate }},
}

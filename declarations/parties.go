package declarations

// Parties are the units and persons named in the head.
type Parties struct {
	Declarant        Declarant        `json:"declarant,omitzero"`
	Owner            Owner            `json:"owner,omitzero"`
	Trader           Trader           `json:"trader,omitzero"`
	Submitter        Submitter        `json:"submitter,omitzero"`
	ForeignConsignor ForeignConsignor `json:"foreign_consignor,omitzero"`
	ForeignConsignee ForeignConsignee `json:"foreign_consignee,omitzero"`
}

// Declarant is the declaring unit (申报单位) and the person who declares.
type Declarant struct {
	CustomsCode             string `json:"customs_code,omitzero"`               // AgentCode
	Name                    string `json:"name,omitzero"`                       // AgentName
	PersonID                string `json:"person_id,omitzero"`                  // PartenerID
	UnifiedSocialCreditCode string `json:"unified_social_credit_code,omitzero"` // AgentCodeScc
	PersonName              string `json:"person_name,omitzero"`                // DeclareName
	InspectionCode          string `json:"inspection_code,omitzero"`            // DeclCiqCode
	Phone                   string `json:"phone,omitzero"`                      // DecBpNo
	PersonCustomsNumber     string `json:"person_customs_number,omitzero"`      // DecNo
}

// Submitter is the inputting unit (录入单位) and its operator.
type Submitter struct {
	Name                    string `json:"name,omitzero"`                       // CopName
	OrganisationCode        string `json:"organisation_code,omitzero"`          // CopCode
	OperatorCardNumber      string `json:"operator_card_number,omitzero"`       // TypistNo
	OperatorName            string `json:"operator_name,omitzero"`              // InputerName
	UnifiedSocialCreditCode string `json:"unified_social_credit_code,omitzero"` // CopCodeScc
}

// Trader is the domestic consignee or consignor (境内收发货人).
type Trader struct {
	CustomsCode             string `json:"customs_code,omitzero"`               // TradeCode
	Name                    string `json:"name,omitzero"`                       // TradeName
	UnifiedSocialCreditCode string `json:"unified_social_credit_code,omitzero"` // TradeCoScc
	NameEnglish             string `json:"name_english,omitzero"`               // DomesticConsigneeEname
	InspectionCode          string `json:"inspection_code,omitzero"`            // TradeCiqCode
}

// Owner is the consuming unit on import, the producing unit on export (消费使用/生产销售单位).
type Owner struct {
	CustomsCode             string `json:"customs_code,omitzero"`               // OwnerCode
	Name                    string `json:"name,omitzero"`                       // OwnerName
	UnifiedSocialCreditCode string `json:"unified_social_credit_code,omitzero"` // OwnerCodeScc
	InspectionCode          string `json:"inspection_code,omitzero"`            // OwnerCiqCode
}

// ForeignConsignor is the overseas shipper of an import (境外发货人).
type ForeignConsignor struct {
	Code        string `json:"code,omitzero"`         // OverseasConsignorCode
	NameChinese string `json:"name_chinese,omitzero"` // OverseasConsignorCname
	Name        string `json:"name,omitzero"`         // OverseasConsignorEname
	Address     string `json:"address,omitzero"`      // OverseasConsignorAddr
}

// ForeignConsignee is the overseas receiver of an export (境外收货人).
type ForeignConsignee struct {
	Code string `json:"code,omitzero"` // OverseasConsigneeCode
	Name string `json:"name,omitzero"` // OverseasConsigneeEname
}

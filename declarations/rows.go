package declarations

// Container is one box of the declaration. ItemNumbers lists the lines it
// carries, half-width commas, as declared.
type Container struct {
	Number        string  `json:"number,omitzero"`          // ContainerId
	SizeTypeCode  string  `json:"size_type_code,omitzero"`  // ContainerMd
	ItemNumbers   string  `json:"item_numbers,omitzero"`    // GoodsNo
	LCLFlag       string  `json:"lcl_flag,omitzero"`        // LclFlag
	CargoWeightKg Decimal `json:"cargo_weight_kg,omitzero"` // GoodsContaWt
	TareWeightKg  Decimal `json:"tare_weight_kg,omitzero"`  // ContainerWt
}

// Document is one supporting document (随附单证), licence or certificate, of the whole declaration.
type Document struct {
	TypeCode string `json:"type_code,omitzero"` // DocuCode
	Number   string `json:"number,omitzero"`    // CertCode
}

// OriginLink ties a line to a line of a preferential origin document (EcoRelation).
type OriginLink struct {
	CertificateTypeCode   string `json:"certificate_type_code,omitzero"`   // CertType
	CertificateNumber     string `json:"certificate_number,omitzero"`      // EcoCertNo
	ItemNumber            string `json:"item_number,omitzero"`             // DecGNo
	CertificateItemNumber string `json:"certificate_item_number,omitzero"` // EcoGNo
	Extension             string `json:"extension,omitzero"`               // ExtendFiled
}

// Attachment is one electronic file that accompanies the declaration (EdocRealation).
type Attachment struct {
	DocumentNumber   string `json:"document_number,omitzero"`    // EdocID
	DocumentTypeCode string `json:"document_type_code,omitzero"` // EdocCode
	FormatCode       string `json:"format_code,omitzero"`        // EdocFomatType
	ResendReason     string `json:"resend_reason,omitzero"`      // OpNote
	FileName         string `json:"file_name,omitzero"`          // EdocCopId
	OwnerCustomsCode string `json:"owner_customs_code,omitzero"` // EdocOwnerCode
	SignerCode       string `json:"signer_code,omitzero"`        // SignUnit
	SignedAt         string `json:"signed_at,omitzero"`          // SignTime
	OwnerName        string `json:"owner_name,omitzero"`         // EdocOwnerName
	SizeBytes        string `json:"size_bytes,omitzero"`         // EdocSize
	ItemNumbers      string `json:"item_numbers,omitzero"`       // GNoStr
}

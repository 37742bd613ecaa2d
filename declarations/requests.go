package declarations

// CertificateRequest is a certificate asked for (申请单证, DecRequestCert).
type CertificateRequest struct {
	Code      string `json:"code,omitzero"`      // AppCertCode
	Originals string `json:"originals,omitzero"` // ApplOri
	Copies    string `json:"copies,omitzero"`    // ApplCopyQuan
}

// OtherPackage is further packaging of the consignment (其他包装, DecOtherPack); the
// message has it at the declaration, not at a line.
type OtherPackage struct {
	Count    Decimal `json:"count,omitzero"`     // PackQty
	KindCode string  `json:"kind_code,omitzero"` // PackType
}

// Authorisation is a qualification of the enterprise (企业资质, DecCopLimit).
type Authorisation struct {
	Number   string `json:"number,omitzero"`    // EntQualifNo
	TypeCode string `json:"type_code,omitzero"` // EntQualifTypeCode
}

// GoodsUser is a contact of the unit that uses the goods (使用人, DecUser).
type GoodsUser struct {
	ContactName string `json:"contact_name,omitzero"` // UseOrgPersonCode
	Phone       string `json:"phone,omitzero"`        // UseOrgPersonTel
}

// MarkImage is marks that cannot be typed, as a picture (标记号码附件, DecMarkLob).
type MarkImage struct {
	FileName      string `json:"file_name,omitzero"`      // AttachName
	FileType      string `json:"file_type,omitzero"`      // AttachType
	ContentBase64 string `json:"content_base64,omitzero"` // Attachment
}

// Promise is a promise of proof to follow (企业承诺, DecCopPromise).
type Promise struct {
	MaterialCode string `json:"material_code,omitzero"` // DeclaratioMaterialCode
}

package declarations

// CertificateRequestFields is DecRequestCert in writing order (申请单证).
var CertificateRequestFields = []Field[CertificateRequest]{
	{Element: "AppCertCode", Path: "code", Kind: Text, Length: 50, Need: Always, At: func(r *CertificateRequest) *string { return &r.Code }},
	{Element: "ApplOri", Path: "originals", Kind: Text, Length: 50, At: func(r *CertificateRequest) *string { return &r.Originals }},
	{Element: "ApplCopyQuan", Path: "copies", Kind: Text, Length: 50, At: func(r *CertificateRequest) *string { return &r.Copies }},
}

// OtherPackageFields is DecOtherPack in writing order (其他包装).
var OtherPackageFields = []Field[OtherPackage]{
	{Element: "PackQty", Path: "count", Kind: Number, Length: 19, Decimals: 5, Need: OnDeclare, At: func(r *OtherPackage) *string { return (*string)(&r.Count) }},
	{Element: "PackType", Path: "kind_code", Kind: Text, Length: 2, Need: OnDeclare, At: func(r *OtherPackage) *string { return &r.KindCode }},
}

// AuthorisationFields is DecCopLimit in writing order (企业资质).
var AuthorisationFields = []Field[Authorisation]{
	{Element: "EntQualifNo", Path: "number", Kind: Text, Length: 40, At: func(r *Authorisation) *string { return &r.Number }},
	{Element: "EntQualifTypeCode", Path: "type_code", Kind: Text, Length: 5, Need: OnDeclare, At: func(r *Authorisation) *string { return &r.TypeCode }},
}

// GoodsUserFields is DecUser in writing order (使用人).
var GoodsUserFields = []Field[GoodsUser]{
	{Element: "UseOrgPersonCode", Path: "contact_name", Kind: Text, Length: 20, At: func(r *GoodsUser) *string { return &r.ContactName }},
	{Element: "UseOrgPersonTel", Path: "phone", Kind: Text, Length: 20, At: func(r *GoodsUser) *string { return &r.Phone }},
}

// MarkImageFields is DecMarkLob in writing order (标记号码附件).
var MarkImageFields = []Field[MarkImage]{
	{Element: "AttachName", Path: "file_name", Kind: Text, Length: 80, Need: Always, At: func(r *MarkImage) *string { return &r.FileName }},
	{Element: "AttachType", Path: "file_type", Kind: Text, Length: 20, At: func(r *MarkImage) *string { return &r.FileType }},
	{Element: "Attachment", Path: "content_base64", Kind: Text, Length: 0, Need: Always, At: func(r *MarkImage) *string { return &r.ContentBase64 }},
}

// PromiseFields is DecCopPromise in writing order (企业承诺).
var PromiseFields = []Field[Promise]{
	{Element: "DeclaratioMaterialCode", Path: "material_code", Kind: Text, Length: 10, Need: OnDeclare, At: func(r *Promise) *string { return &r.MaterialCode }},
}

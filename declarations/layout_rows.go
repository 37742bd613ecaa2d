package declarations

// ContainerFields is Container in writing order (集装箱).
var ContainerFields = []Field[Container]{
	{Element: "ContainerId", Path: "number", Kind: Text, Length: 32, Need: Always, At: func(r *Container) *string { return &r.Number }},
	{Element: "ContainerMd", Path: "size_type_code", Kind: Text, Length: 32, Need: Always, At: func(r *Container) *string { return &r.SizeTypeCode }},
	{Element: "GoodsNo", Path: "item_numbers", Kind: Text, Length: 255, Need: Always, At: func(r *Container) *string { return &r.ItemNumbers }},
	{Element: "LclFlag", Path: "lcl_flag", Kind: Text, Length: 1, At: func(r *Container) *string { return &r.LCLFlag }},
	{Element: "GoodsContaWt", Path: "cargo_weight_kg", Kind: Number, Length: 19, Decimals: 5, At: func(r *Container) *string { return (*string)(&r.CargoWeightKg) }},
	{Element: "ContainerWt", Path: "tare_weight_kg", Kind: Number, Length: 18, Decimals: 5, At: func(r *Container) *string { return (*string)(&r.TareWeightKg) }},
}

// DocumentFields is LicenseDocu in writing order (随附单证).
var DocumentFields = []Field[Document]{
	{Element: "DocuCode", Path: "type_code", Kind: Text, Length: 1, Need: Always, At: func(r *Document) *string { return &r.TypeCode }},
	{Element: "CertCode", Path: "number", Kind: Text, Length: 32, Need: Always, At: func(r *Document) *string { return &r.Number }},
}

// OriginLinkFields is EcoRelation in writing order (随附单证对应关系).
var OriginLinkFields = []Field[OriginLink]{
	{Element: "CertType", Path: "certificate_type_code", Kind: Text, Length: 3, Need: Always, At: func(r *OriginLink) *string { return &r.CertificateTypeCode }},
	{Element: "EcoCertNo", Path: "certificate_number", Kind: Text, Length: 64, Need: Always, At: func(r *OriginLink) *string { return &r.CertificateNumber }},
	{Element: "DecGNo", Path: "item_number", Kind: Text, Length: 9, Need: Always, At: func(r *OriginLink) *string { return &r.ItemNumber }},
	{Element: "EcoGNo", Path: "certificate_item_number", Kind: Text, Length: 9, Need: Always, At: func(r *OriginLink) *string { return &r.CertificateItemNumber }},
	{Element: "ExtendFiled", Path: "extension", Kind: Text, Length: 255, At: func(r *OriginLink) *string { return &r.Extension }},
}

// AttachmentFields is EdocRealation in writing order (电子随附单据关联关系).
var AttachmentFields = []Field[Attachment]{
	{Element: "EdocID", Path: "document_number", Kind: Text, Length: 64, Need: Always, At: func(r *Attachment) *string { return &r.DocumentNumber }},
	{Element: "EdocCode", Path: "document_type_code", Kind: Text, Length: 8, Need: Always, At: func(r *Attachment) *string { return &r.DocumentTypeCode }},
	{Element: "EdocFomatType", Path: "format_code", Kind: Text, Length: 2, Need: Always, At: func(r *Attachment) *string { return &r.FormatCode }},
	{Element: "OpNote", Path: "resend_reason", Kind: Text, Length: 255, At: func(r *Attachment) *string { return &r.ResendReason }},
	{Element: "EdocCopId", Path: "file_name", Kind: Text, Length: 64, At: func(r *Attachment) *string { return &r.FileName }},
	{Element: "EdocOwnerCode", Path: "owner_customs_code", Kind: Text, Length: 10, At: func(r *Attachment) *string { return &r.OwnerCustomsCode }},
	{Element: "SignUnit", Path: "signer_code", Kind: Text, Length: 10, At: func(r *Attachment) *string { return &r.SignerCode }},
	{Element: "SignTime", Path: "signed_at", Kind: Text, Length: 17, At: func(r *Attachment) *string { return &r.SignedAt }},
	{Element: "EdocOwnerName", Path: "owner_name", Kind: Text, Length: 100, At: func(r *Attachment) *string { return &r.OwnerName }},
	{Element: "EdocSize", Path: "size_bytes", Kind: Text, Length: 12, At: func(r *Attachment) *string { return &r.SizeBytes }},
	{Element: "GNoStr", Path: "item_numbers", Kind: Text, Length: 150, At: func(r *Attachment) *string { return &r.ItemNumbers }},
}

// FreeTextFields is DecFreeTxt in writing order (自由文本).
var FreeTextFields = []Field[Declaration]{
	{Element: "RelId", Path: "declaration.related_declaration_number", Kind: Text, Length: 18, At: func(d *Declaration) *string { return &d.Header.RelatedDeclarationNumber }},
	{Element: "RelManNo", Path: "declaration.related_manual_number", Kind: Text, Length: 12, At: func(d *Declaration) *string { return &d.Header.RelatedManualNumber }},
	{Element: "BonNo", Path: "transport.warehouse_id", Kind: Text, Length: 32, At: func(d *Declaration) *string { return &d.Transport.WarehouseID }},
	{Element: "VoyNo", Path: "transport.voyage_number", Kind: Text, Length: 32, At: func(d *Declaration) *string { return &d.Transport.VoyageNumber }},
	{Element: "DecBpNo", Path: "parties.declarant.phone", Kind: Text, Length: 32, At: func(d *Declaration) *string { return &d.Parties.Declarant.Phone }},
	{Element: "CusFie", Path: "transport.yard_code", Kind: Text, Length: 8, At: func(d *Declaration) *string { return &d.Transport.YardCode }},
	{Element: "DecNo", Path: "parties.declarant.person_customs_number", Kind: Text, Length: 13, At: func(d *Declaration) *string { return &d.Parties.Declarant.PersonCustomsNumber }},
}

// SignFields is DecSign in writing order (签名).
var SignFields = []Field[Declaration]{
	{Element: "OperType", Path: "declaration.function_code", Kind: Text, Length: 1, Need: Always, At: func(d *Declaration) *string { return &d.Header.FunctionCode }},
	{Element: "ICCode", Path: "signature.card_number", Kind: Text, Length: 13, At: func(d *Declaration) *string { return &d.Signature.CardNumber }},
	{Element: "CopCode", Path: "signature.organisation_code", Kind: Text, Length: 18, At: func(d *Declaration) *string { return &d.Signature.OrganisationCode }},
	{Element: "OperName", Path: "signature.operator_name", Kind: Text, Length: 30, At: func(d *Declaration) *string { return &d.Signature.OperatorName }},
	{Element: "ClientSeqNo", Path: "declaration.client_reference", Kind: Text, Length: 24, Need: Always, At: func(d *Declaration) *string { return &d.Header.ClientReference }},
	{Element: "Sign", Path: "signature.value", Kind: Text, Length: 200, Need: OnDeclare, At: func(d *Declaration) *string { return &d.Signature.Value }},
	{Element: "SignDate", Path: "signature.time", Kind: Instant, Length: 16, Need: OnDeclare, At: func(d *Declaration) *string { return &d.Signature.Time }},
	{Element: "Certificate", Path: "signature.certificate_number", Kind: Text, Length: 20, At: func(d *Declaration) *string { return &d.Signature.CertificateNumber }},
	{Element: "HostId", Path: "deprecated.mailbox_host_id", Kind: Text, Length: 10, At: func(d *Declaration) *string { return &d.Deprecated.MailboxHostID }},
	{Element: "BillSeqNo", Path: "signature.list_sequence_number", Kind: Text, Length: 18, At: func(d *Declaration) *string { return &d.Signature.ListSequenceNumber }},
	{Element: "DomainId", Path: "signature.signer_kind", Kind: Text, Length: 1, At: func(d *Declaration) *string { return &d.Signature.SignerKind }},
	{Element: "Note", Path: "signature.note", Kind: Text, Length: 100, At: func(d *Declaration) *string { return &d.Signature.Note }},
}

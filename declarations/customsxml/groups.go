package customsxml

import "kouan/declarations"

// decMessage is the message as data: the children of DecMessage in writing
// order (decmessage.md section 2), each with all that stands inside it.
//
// Positions that are not confirmed: DecMarkLobs, the transit groups,
// DecSupplementLists (its name as well), DecRoyaltyFee, SddTax and DecRisk.
var decMessage = layout[declarations.Declaration](nil, 1).
	with("", &headPart).
	with("", &itemPart).
	with("", wrapped("DecContainers", "Container", "containers", declarations.ContainerFields, func(d *declarations.Declaration) *[]declarations.Container { return &d.Containers })).
	with("", wrapped("DecLicenseDocus", "LicenseDocu", "documents", declarations.DocumentFields, func(d *declarations.Declaration) *[]declarations.Document { return &d.Documents })).
	with("", wrapped("DecRequestCerts", "DecRequestCert", "certificate_requests", declarations.CertificateRequestFields, func(d *declarations.Declaration) *[]declarations.CertificateRequest { return &d.CertificateRequests })).
	with("", wrapped("DecOtherPacks", "DecOtherPack", "other_packages", declarations.OtherPackageFields, func(d *declarations.Declaration) *[]declarations.OtherPackage { return &d.OtherPackages })).
	with("", wrapped("DecCopLimits", "DecCopLimit", "authorisations", declarations.AuthorisationFields, func(d *declarations.Declaration) *[]declarations.Authorisation { return &d.Authorisations })).
	with("", wrapped("DecUsers", "DecUser", "users", declarations.GoodsUserFields, func(d *declarations.Declaration) *[]declarations.GoodsUser { return &d.Users })).
	with("", wrapped("DecMarkLobs", "DecMarkLob", "mark_images", declarations.MarkImageFields, func(d *declarations.Declaration) *[]declarations.MarkImage { return &d.MarkImages })).
	with("", &freeTextPart).
	with("", &signPart).
	with("", optional("TrnHead", declarations.TransitFields)).
	with("", bare("TrnList", "transit.bills", declarations.TransitBillFields, func(d *declarations.Declaration) *[]declarations.TransitBill { return &d.Transit.Bills })).
	with("", wrapped("TrnContainers", "TrnContainer", "transit.containers", declarations.TransitContainerFields, func(d *declarations.Declaration) *[]declarations.TransitContainer { return &d.Transit.Containers })).
	with("", bare("TrnContaGoodsList", "transit.container_goods", declarations.TransitContainerGoodsFields, func(d *declarations.Declaration) *[]declarations.TransitContainerGoods {
		return &d.Transit.ContainerGoods
	})).
	with("", wrapped("DecSupplementLists", "DecSupplement", "supplements", declarations.SupplementFields, func(d *declarations.Declaration) *[]declarations.Supplement { return &d.Supplements })).
	with("", wrapped("DecCopPromises", "DecCopPromise", "promises", declarations.PromiseFields, func(d *declarations.Declaration) *[]declarations.Promise { return &d.Promises })).
	with("", optional("DecRoyaltyFee", declarations.RoyaltyFields)).
	with("", optional("DecTpAccess", declarations.AccessFields)).
	with("", bare("EdocRealation", "attachments", declarations.AttachmentFields, func(d *declarations.Declaration) *[]declarations.Attachment { return &d.Attachments })).
	with("", bare("EcoRelation", "origin_links", declarations.OriginLinkFields, func(d *declarations.Declaration) *[]declarations.OriginLink { return &d.OriginLinks })).
	with("", optional("SddTax", declarations.TaxReturnFields)).
	with("", optional("DecRisk", declarations.RiskFields))

// The single groups that have something of their own.
var (
	headPart     = single{name: "DecHead", layout: head(layout(declarations.HeadFields, 2)), twice: codeGroups, required: true, empties: true, old: oldHeadElements}.ready()
	freeTextPart = single{name: "DecFreeTxt", layout: layout(declarations.FreeTextFields, 2), twice: codeDuplicate, empties: true}.ready()
	signPart     = single{name: "DecSign", layout: layout(declarations.SignFields, 2), twice: codeGroups, required: true, empties: true}.ready()
)

// itemPart is DecLists (报关单表体). Of what its columns mean the direction decides.
var itemPart = rows[declarations.Declaration, declarations.Item]{
	wrapper: "DecLists", element: "DecList", path: "items", depth: 1, required: true, empties: true,
	list: func(d *declarations.Declaration) *[]declarations.Item { return &d.Items },
	own:  func(it *declarations.Item) *[]declarations.Carried { return &it.Carried },
	layout: func(dir declarations.Direction) *group[declarations.Item] {
		if dir == declarations.Export {
			return &exportItems
		}
		return &importItems
	},
}.ready()

var (
	importItems = itemGroup(declarations.Import)
	exportItems = itemGroup(declarations.Export)
)

// itemGroup is DecList: the licences stand behind CiqName (decmessage.md
// section 6); DecControlModel has no confirmed position and comes last.
func itemGroup(dir declarations.Direction) group[declarations.Item] {
	return layout(declarations.ItemFields(dir), 3).
		with("CiqName", &licencePart).
		with("", &controlPart)
}

var (
	licencePart = rows[declarations.Item, declarations.Licence]{
		wrapper: "DecGoodsLimits", element: "DecGoodsLimit", path: "licences", depth: 3,
		list:   func(it *declarations.Item) *[]declarations.Licence { return &it.Licences },
		layout: always(layout(declarations.LicenceFields, 5).with("", &vehiclePart)),
	}.ready()
	// The interface names DecGoodsLimitVin as a child of DecGoodsLimit; a wrapper is tolerated.
	vehiclePart = rows[declarations.Licence, declarations.LicensedVehicle]{
		tolerated: "DecGoodsLimitVins", element: "DecGoodsLimitVin", path: "vehicles", depth: 5,
		list:   func(l *declarations.Licence) *[]declarations.LicensedVehicle { return &l.Vehicles },
		layout: always(layout(declarations.LicensedVehicleFields, 6)),
	}.ready()
	controlPart = rows[declarations.Item, declarations.ControlElement]{
		element: "DecControlModel", path: "control_elements", depth: 3,
		list:   func(it *declarations.Item) *[]declarations.ControlElement { return &it.ControlElements },
		layout: always(layout(declarations.ControlElementFields, 4)),
	}.ready()
)

// wrapped is a list of the declaration whose rows stand in a wrapper.
func wrapped[T any](wrapper, element, path string, fields []declarations.Field[T], list func(*declarations.Declaration) *[]T) part[declarations.Declaration] {
	r := rows[declarations.Declaration, T]{wrapper: wrapper, element: element, path: path, depth: 1, list: list, layout: always(layout(fields, 3))}.ready()
	return &r
}

// bare is a list of the declaration whose rows stand directly under DecMessage.
func bare[T any](element, path string, fields []declarations.Field[T], list func(*declarations.Declaration) *[]T) part[declarations.Declaration] {
	r := rows[declarations.Declaration, T]{element: element, path: path, depth: 1, list: list, layout: always(layout(fields, 2))}.ready()
	return &r
}

// optional is a single group that is written only when it says something.
func optional(name string, fields []declarations.Field[declarations.Declaration]) part[declarations.Declaration] {
	s := single{name: name, layout: layout(fields, 2), twice: codeDuplicate}.ready()
	return &s
}

// always is a layout that does not depend on the direction.
func always[T any](g group[T]) func(declarations.Direction) *group[T] {
	return func(declarations.Direction) *group[T] { return &g }
}

// head adds the name that the envelope of 2017-2018 has for TradeCoScc.
func head(g group[declarations.Declaration]) group[declarations.Declaration] {
	g.index[oldTradeCoScc] = g.index["TradeCoScc"]
	return g
}

const oldTradeCoScc = "TradeCodeScc"

// Head elements of 2017-2018 that have no successor: read, never written.
var oldHeadElements = nameSet("PayWay", "PaymentMark", "DistrictCode", "InRatio",
	"AgentLinkMan", "AgentLinkMAIL", "AgentLinkPHONE", "OwnerLinkMan", "OwnerLinkMAIL", "OwnerLinkPHONE",
	"InputerNameMAIL", "InputerNamePHONE")

func nameSet(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[n] = true
	}
	return set
}

// Package declarations is the domain of a goods declaration (报关单): its
// types, the limits of its fields, the rules it must pass, its faults, its
// status and its route.
//
// Contract: values go in, values come out. A Declaration can hold wrong data
// (a draft may), so every leaf is text that Validate judges; nothing is
// corrected or guessed on the way in. Names follow the canonical field map;
// comments at the fields give the element of the 填制规范 message.
//
// The package does not know SQL, HTTP, files or XML; customsxml, intake and
// receipts below it turn bytes into these types and back.
package declarations

// Declaration is one goods declaration of one trader for one consignment.
type Declaration struct {
	Header      Header       `json:"declaration"`
	Parties     Parties      `json:"parties,omitzero"`
	Transport   Transport    `json:"transport,omitzero"`
	Terms       Terms        `json:"terms,omitzero"`
	Valuation   Valuation    `json:"valuation,omitzero"`
	Items       []Item       `json:"items,omitempty"`
	Containers  []Container  `json:"containers,omitempty"`
	Documents   []Document   `json:"documents,omitempty"`
	OriginLinks []OriginLink `json:"origin_links,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Signature   Signature    `json:"signature,omitzero"`
	Deprecated  Deprecated   `json:"deprecated,omitzero"`

	CertificateRequests []CertificateRequest `json:"certificate_requests,omitempty"`
	OtherPackages       []OtherPackage       `json:"other_packages,omitempty"`
	Authorisations      []Authorisation      `json:"authorisations,omitempty"`
	Users               []GoodsUser          `json:"users,omitempty"`
	MarkImages          []MarkImage          `json:"mark_images,omitempty"`
	Transit             Transit              `json:"transit,omitzero"`
	Supplements         []Supplement         `json:"supplements,omitempty"`
	Promises            []Promise            `json:"promises,omitempty"`
	Royalty             Royalty              `json:"royalty,omitzero"`
	Access              Access               `json:"two_step_access,omitzero"`
	TaxReturn           TaxReturn            `json:"tax_return,omitzero"`
	Risk                Risk                 `json:"risk,omitzero"`

	Carried    []Carried   `json:"carried,omitempty"`
	Extensions []Extension `json:"extensions,omitempty"`
}

// Extension is a leaf of a message of another standard (WCO) that has no
// field of its own, or whose field cannot say all of it. Path is the place in
// that message, below Declaration, or below the line when the extension
// stands at an Item: GoodsShipment/PreviousDocument[2]/TypeCode. Attributes
// are those of the leaf.
type Extension struct {
	Path       string            `json:"path"`
	Value      string            `json:"value"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Carried is a group of the standard message that was read and is not
// modelled: its XML is kept as read and written back at its place, so that
// nothing is dropped in silence. Element is the name of its root element.
type Carried struct {
	Element string `json:"element"`
	XML     string `json:"xml"`
}

// Direction of trade. Wrong values are kept as read; rule V014 refuses them.
type Direction string

// The two directions (IEFlag I and E).
const (
	Import Direction = "import"
	Export Direction = "export"
)

// IsExport tells which of the two country columns of the form is which.
func (d *Declaration) IsExport() bool { return d.Header.TradeDirection == Export }

// IsSummary is the first step of a two-step declaration (两步申报概要申报, Type position 3 = 5).
func (d *Declaration) IsSummary() bool { return d.Header.FilingStep == "5" }

// Declares is true when the operation declares to customs (OperType C or D)
// rather than storing a draft at the platform (A, B, E, G).
func (d *Declaration) Declares() bool {
	return d.Header.FunctionCode == "C" || d.Header.FunctionCode == "D"
}

package declarations

// Transit is the transit declaration that travels with the declaration (转关, TrnHead).
type Transit struct {
	SequenceNumber                   string                  `json:"sequence_number,omitzero"`                      // TrnPreId
	ManifestListNumber               string                  `json:"manifest_list_number,omitzero"`                 // TransNo
	TransitNumber                    string                  `json:"transit_number,omitzero"`                       // TurnNo
	DomesticMeansID                  string                  `json:"domestic_means_id,omitzero"`                    // TrafCustomsNo
	DomesticMeansName                string                  `json:"domestic_means_name,omitzero"`                  // NativeShipName
	DomesticVoyageNumber             string                  `json:"domestic_voyage_number,omitzero"`               // NativeVoyageNo
	CarrierName                      string                  `json:"carrier_name,omitzero"`                         // ContractorName
	CarrierOrganisationCode          string                  `json:"carrier_organisation_code,omitzero"`            // ContractorCode
	KindCode                         string                  `json:"kind_code,omitzero"`                            // TransFlag
	ExpectedArrivalDate              string                  `json:"expected_arrival_date,omitzero"`                // ValidTime
	ElectronicSealFlag               string                  `json:"electronic_seal_flag,omitzero"`                 // ESealFlag
	Remarks                          string                  `json:"remarks,omitzero"`                              // Notes
	PaperlessFlag                    string                  `json:"paperless_flag,omitzero"`                       // TrnType
	DeclarantUnifiedSocialCreditCode string                  `json:"declarant_unified_social_credit_code,omitzero"` // ApplCodeScc
	Bills                            []TransitBill           `json:"bills,omitempty"`
	Containers                       []TransitContainer      `json:"containers,omitempty"`
	ContainerGoods                   []TransitContainerGoods `json:"container_goods,omitempty"`
}

// TransitBill is one bill of the transit (转关提单, TrnList).
type TransitBill struct {
	BorderModeCode string `json:"border_mode_code,omitzero"` // TrafMode
	MeansID        string `json:"means_id,omitzero"`         // ShipId
	MeansName      string `json:"means_name,omitzero"`       // ShipNameEn
	VoyageNumber   string `json:"voyage_number,omitzero"`    // VoyageNo
	BillNumber     string `json:"bill_number,omitzero"`      // BillNo
	BorderDate     string `json:"border_date,omitzero"`      // IEDate
}

// TransitContainer is one box of the transit (转关集装箱, TrnContainer).
type TransitContainer struct {
	Number            string  `json:"number,omitzero"`              // ContaNo
	Sequence          Decimal `json:"sequence,omitzero"`            // ContaSn
	SizeTypeCode      string  `json:"size_type_code,omitzero"`      // ContaModel
	SealNumber        string  `json:"seal_number,omitzero"`         // SealNo
	DomesticMeansName string  `json:"domestic_means_name,omitzero"` // TransName
	MeansWeightKg     Decimal `json:"means_weight_kg,omitzero"`     // TransWeight
	SealCount         string  `json:"seal_count,omitzero"`          // SealQty
}

// TransitContainerGoods is what one box of the transit holds of one line (TrnContaGoodsList).
type TransitContainerGoods struct {
	ItemNumber      Decimal `json:"item_number,omitzero"`      // GNo
	ContainerNumber string  `json:"container_number,omitzero"` // ContaNo
	PackageCount    Decimal `json:"package_count,omitzero"`    // ContaGoodsCount
	WeightKg        Decimal `json:"weight_kg,omitzero"`        // ContaGoodsWeight
}

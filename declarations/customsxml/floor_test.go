package customsxml

import (
	"strings"

	"kouan/declarations"
)

// The floor that writing and parsing are measured against: what a program
// does that knows this one message (an import by sea, the elements of
// valid-01) and nothing else. It appends and scans bytes and judges nothing.

func floorWrite(d *declarations.Declaration) []byte {
	b := make([]byte, 0, 4096+640*len(d.Items))
	b = append(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DecMessage Version=\"4.8\" xmlns=\"http://www.chinaport.gov.cn/dec\">\n  <DecHead>\n"...)
	b = put(b, "    <IEFlag>", "I", "</IEFlag>\n")
	b = put(b, "    <AgentCode>", d.Parties.Declarant.CustomsCode, "</AgentCode>\n")
	b = put(b, "    <AgentName>", d.Parties.Declarant.Name, "</AgentName>\n")
	b = put(b, "    <BillNo>", d.Transport.TransportDocumentNumber, "</BillNo>\n")
	b = put(b, "    <ContrNo>", d.Header.ContractNumber, "</ContrNo>\n")
	b = put(b, "    <CustomMaster>", d.Header.DeclarationOfficeCode, "</CustomMaster>\n")
	b = put(b, "    <CutMode>", d.Header.LevyNatureCode, "</CutMode>\n")
	b = put(b, "    <DistinatePort>", d.Transport.TransitOrDestinationPortCode, "</DistinatePort>\n")
	b = put(b, "    <GrossWet>", string(d.Header.TotalGrossWeightKg), "</GrossWet>\n")
	b = put(b, "    <IEDate>", d.Transport.ImportExportDate, "</IEDate>\n")
	b = put(b, "    <IEPort>", d.Header.BorderOfficeCode, "</IEPort>\n")
	b = put(b, "    <NetWt>", string(d.Header.TotalNetWeightKg), "</NetWt>\n")
	b = put(b, "    <NoteS>", d.Header.Remarks, "</NoteS>\n")
	b = put(b, "    <OwnerCode>", d.Parties.Owner.CustomsCode, "</OwnerCode>\n")
	b = put(b, "    <OwnerName>", d.Parties.Owner.Name, "</OwnerName>\n")
	b = put(b, "    <PackNo>", string(d.Header.TotalPackages), "</PackNo>\n")
	b = put(b, "    <TradeCode>", d.Parties.Trader.CustomsCode, "</TradeCode>\n")
	b = put(b, "    <TradeCountry>", d.Transport.CountryOfDispatch, "</TradeCountry>\n")
	b = put(b, "    <TradeMode>", d.Header.TradeModeCode, "</TradeMode>\n")
	b = put(b, "    <TradeName>", d.Parties.Trader.Name, "</TradeName>\n")
	b = put(b, "    <TrafMode>", d.Transport.BorderModeCode, "</TrafMode>\n")
	b = put(b, "    <TrafName>", d.Transport.MeansName, "</TrafName>\n")
	b = put(b, "    <TransMode>", d.Terms.DeliveryTermsCode, "</TransMode>\n")
	b = put(b, "    <WrapType>", d.Header.PackageKindCode, "</WrapType>\n")
	b = put(b, "    <EdiId>", d.Header.EDIFlag, "</EdiId>\n")
	b = put(b, "    <CopName>", d.Parties.Submitter.Name, "</CopName>\n")
	b = put(b, "    <CopCode>", d.Parties.Submitter.OrganisationCode, "</CopCode>\n")
	b = put(b, "    <EntryType>", d.Header.EntryTypeCode, "</EntryType>\n")
	b = put(b, "    <PDate>", d.Header.IssueDate, "</PDate>\n")
	b = put(b, "    <TypistNo>", d.Parties.Submitter.OperatorCardNumber, "</TypistNo>\n")
	b = put(b, "    <InputerName>", d.Parties.Submitter.OperatorName, "</InputerName>\n")
	b = put(b, "    <DeclTrnRel>", d.Header.TransitRelationCode, "</DeclTrnRel>\n")
	b = put(b, "    <CopCodeScc>", d.Parties.Submitter.UnifiedSocialCreditCode, "</CopCodeScc>\n")
	b = put(b, "    <OwnerCodeScc>", d.Parties.Owner.UnifiedSocialCreditCode, "</OwnerCodeScc>\n")
	b = put(b, "    <AgentCodeScc>", d.Parties.Declarant.UnifiedSocialCreditCode, "</AgentCodeScc>\n")
	b = put(b, "    <TradeCoScc>", d.Parties.Trader.UnifiedSocialCreditCode, "</TradeCoScc>\n")
	p := &d.Valuation
	b = put(b, "    <PromiseItmes>", p.SpecialRelationship+p.PriceInfluenced+p.RoyaltiesPaid+p.FormulaPricing+p.ProvisionalPrice, "</PromiseItmes>\n")
	b = put(b, "    <TradeAreaCode>", d.Transport.TradingCountry, "</TradeAreaCode>\n")
	b = put(b, "    <MarkNo>", d.Header.ShippingMarks, "</MarkNo>\n")
	b = put(b, "    <DespPortCode>", d.Transport.LoadingPortCode, "</DespPortCode>\n")
	b = put(b, "    <EntyPortCode>", d.Transport.EntryExitPortCode, "</EntyPortCode>\n")
	b = put(b, "    <GoodsPlace>", d.Transport.GoodsLocation, "</GoodsPlace>\n")
	b = put(b, "    <DeclareName>", d.Parties.Declarant.PersonName, "</DeclareName>\n")
	b = append(b, "  </DecHead>\n  <DecLists>\n"...)
	for i := range d.Items {
		b = floorLine(b, &d.Items[i])
	}
	b = append(b, "  </DecLists>\n  <DecContainers>\n"...)
	for i := range d.Containers {
		b = floorContainer(b, &d.Containers[i])
	}
	b = append(b, "  </DecContainers>\n  <DecFreeTxt>\n"...)
	b = put(b, "    <VoyNo>", d.Transport.VoyageNumber, "</VoyNo>\n")
	b = put(b, "    <DecBpNo>", d.Parties.Declarant.Phone, "</DecBpNo>\n")
	b = append(b, "  </DecFreeTxt>\n  <DecSign>\n"...)
	b = put(b, "    <OperType>", d.Header.FunctionCode, "</OperType>\n")
	b = put(b, "    <ICCode>", d.Signature.CardNumber, "</ICCode>\n")
	b = put(b, "    <CopCode>", d.Signature.OrganisationCode, "</CopCode>\n")
	b = put(b, "    <OperName>", d.Signature.OperatorName, "</OperName>\n")
	b = put(b, "    <ClientSeqNo>", d.Header.ClientReference, "</ClientSeqNo>\n")
	b = put(b, "    <Sign>", d.Signature.Value, "</Sign>\n")
	b = put(b, "    <SignDate>", d.Signature.Time, "</SignDate>\n")
	b = put(b, "    <Certificate>", d.Signature.CertificateNumber, "</Certificate>\n")
	b = put(b, "    <DomainId>", d.Signature.SignerKind, "</DomainId>\n")
	return append(b, "  </DecSign>\n</DecMessage>\n"...)
}

func floorLine(b []byte, it *declarations.Item) []byte {
	b = append(b, "    <DecList>\n"...)
	b = put(b, "      <CodeTS>", it.HSCode, "</CodeTS>\n")
	b = put(b, "      <DeclPrice>", string(it.UnitPrice), "</DeclPrice>\n")
	b = put(b, "      <DutyMode>", it.DutyModeCode, "</DutyMode>\n")
	b = put(b, "      <GModel>", it.Specification, "</GModel>\n")
	b = put(b, "      <GName>", it.GoodsName, "</GName>\n")
	b = put(b, "      <GNo>", string(it.LineNumber), "</GNo>\n")
	b = put(b, "      <OriginCountry>", it.CountryOfOrigin, "</OriginCountry>\n")
	b = put(b, "      <TradeCurr>", it.Currency, "</TradeCurr>\n")
	b = put(b, "      <DeclTotal>", string(it.LineAmount), "</DeclTotal>\n")
	b = put(b, "      <GQty>", string(it.TransactionQuantity), "</GQty>\n")
	b = put(b, "      <FirstQty>", string(it.FirstStatutoryQuantity), "</FirstQty>\n")
	b = put(b, "      <GUnit>", it.TransactionUnitCode, "</GUnit>\n")
	b = put(b, "      <FirstUnit>", it.FirstStatutoryUnitCode, "</FirstUnit>\n")
	b = put(b, "      <DestinationCountry>", it.CountryOfDestination, "</DestinationCountry>\n")
	b = put(b, "      <DestCode>", it.DestinationPlaceCode, "</DestCode>\n")
	b = put(b, "      <DistrictCode>", it.DomesticRegionCode, "</DistrictCode>\n")
	return append(b, "    </DecList>\n"...)
}

func floorContainer(b []byte, c *declarations.Container) []byte {
	b = append(b, "    <Container>\n"...)
	b = put(b, "      <ContainerId>", c.Number, "</ContainerId>\n")
	b = put(b, "      <ContainerMd>", c.SizeTypeCode, "</ContainerMd>\n")
	b = put(b, "      <GoodsNo>", c.ItemNumbers, "</GoodsNo>\n")
	b = put(b, "      <LclFlag>", c.LCLFlag, "</LclFlag>\n")
	b = put(b, "      <GoodsContaWt>", string(c.CargoWeightKg), "</GoodsContaWt>\n")
	b = put(b, "      <ContainerWt>", string(c.TareWeightKg), "</ContainerWt>\n")
	return append(b, "    </Container>\n"...)
}

func put(b []byte, open, v, end string) []byte {
	b = append(b, open...)
	if strings.ContainsAny(v, "<>&\r") {
		b = appendText(b, v)
	} else {
		b = append(b, v...)
	}
	return append(b, end...)
}

// floorParse scans for tags; what stands between a start tag and the next tag is its value.
func floorParse(data []byte) declarations.Declaration {
	var d declarations.Declaration
	s := string(data)
	sign := false
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			return d
		}
		end := strings.IndexByte(s[i:], '>')
		name := s[i+1 : i+end]
		s = s[i+end+1:]
		switch {
		case name[0] == '/' || name[0] == '?':
			continue
		case name == "DecList":
			d.Items = append(d.Items, declarations.Item{})
			continue
		case name == "Container":
			d.Containers = append(d.Containers, declarations.Container{})
			continue
		case name == "DecSign":
			sign = true
			continue
		}
		v := s[:max(0, strings.IndexByte(s, '<'))]
		switch {
		case sign:
			floorSign(&d, name, v)
		case len(d.Containers) > 0:
			floorBox(&d, &d.Containers[len(d.Containers)-1], name, v)
		case len(d.Items) > 0:
			floorItem(&d.Items[len(d.Items)-1], name, v)
		default:
			floorHead(&d, name, v)
		}
	}
}

func floorHead(d *declarations.Declaration, name, v string) {
	switch name {
	case "IEFlag":
		d.Header.TradeDirection = declarations.Import
	case "AgentCode":
		d.Parties.Declarant.CustomsCode = v
	case "AgentName":
		d.Parties.Declarant.Name = v
	case "BillNo":
		d.Transport.TransportDocumentNumber = v
	case "ContrNo":
		d.Header.ContractNumber = v
	case "CustomMaster":
		d.Header.DeclarationOfficeCode = v
	case "CutMode":
		d.Header.LevyNatureCode = v
	case "DistinatePort":
		d.Transport.TransitOrDestinationPortCode = v
	case "GrossWet":
		d.Header.TotalGrossWeightKg = declarations.Decimal(v)
	case "IEDate":
		d.Transport.ImportExportDate = v
	case "IEPort":
		d.Header.BorderOfficeCode = v
	case "NetWt":
		d.Header.TotalNetWeightKg = declarations.Decimal(v)
	case "NoteS":
		d.Header.Remarks = v
	case "OwnerCode":
		d.Parties.Owner.CustomsCode = v
	case "OwnerName":
		d.Parties.Owner.Name = v
	case "PackNo":
		d.Header.TotalPackages = declarations.Decimal(v)
	case "TradeCode":
		d.Parties.Trader.CustomsCode = v
	case "TradeCountry":
		d.Transport.CountryOfDispatch = v
	case "TradeMode":
		d.Header.TradeModeCode = v
	case "TradeName":
		d.Parties.Trader.Name = v
	case "TrafMode":
		d.Transport.BorderModeCode = v
	case "TrafName":
		d.Transport.MeansName = v
	case "TransMode":
		d.Terms.DeliveryTermsCode = v
	case "WrapType":
		d.Header.PackageKindCode = v
	case "EdiId":
		d.Header.EDIFlag = v
	case "CopName":
		d.Parties.Submitter.Name = v
	case "CopCode":
		d.Parties.Submitter.OrganisationCode = v
	case "EntryType":
		d.Header.EntryTypeCode = v
	case "PDate":
		d.Header.IssueDate = v
	case "TypistNo":
		d.Parties.Submitter.OperatorCardNumber = v
	case "InputerName":
		d.Parties.Submitter.OperatorName = v
	case "DeclTrnRel":
		d.Header.TransitRelationCode = v
	case "CopCodeScc":
		d.Parties.Submitter.UnifiedSocialCreditCode = v
	case "OwnerCodeScc":
		d.Parties.Owner.UnifiedSocialCreditCode = v
	case "AgentCodeScc":
		d.Parties.Declarant.UnifiedSocialCreditCode = v
	case "TradeCoScc":
		d.Parties.Trader.UnifiedSocialCreditCode = v
	case "PromiseItmes":
		p := &d.Valuation
		p.SpecialRelationship, p.PriceInfluenced, p.RoyaltiesPaid, p.FormulaPricing, p.ProvisionalPrice = v[:1], v[1:2], v[2:3], v[3:4], v[4:5]
	case "TradeAreaCode":
		d.Transport.TradingCountry = v
	case "MarkNo":
		d.Header.ShippingMarks = v
	case "DespPortCode":
		d.Transport.LoadingPortCode = v
	case "EntyPortCode":
		d.Transport.EntryExitPortCode = v
	case "GoodsPlace":
		d.Transport.GoodsLocation = v
	case "DeclareName":
		d.Parties.Declarant.PersonName = v
	}
}

func floorItem(it *declarations.Item, name, v string) {
	switch name {
	case "CodeTS":
		it.HSCode = v
	case "DeclPrice":
		it.UnitPrice = declarations.Decimal(v)
	case "DutyMode":
		it.DutyModeCode = v
	case "GModel":
		it.Specification = v
	case "GName":
		it.GoodsName = v
	case "GNo":
		it.LineNumber = declarations.Decimal(v)
	case "OriginCountry":
		it.CountryOfOrigin = v
	case "TradeCurr":
		it.Currency = v
	case "DeclTotal":
		it.LineAmount = declarations.Decimal(v)
	case "GQty":
		it.TransactionQuantity = declarations.Decimal(v)
	case "FirstQty":
		it.FirstStatutoryQuantity = declarations.Decimal(v)
	case "GUnit":
		it.TransactionUnitCode = v
	case "FirstUnit":
		it.FirstStatutoryUnitCode = v
	case "DestinationCountry":
		it.CountryOfDestination = v
	case "DestCode":
		it.DestinationPlaceCode = v
	case "DistrictCode":
		it.DomesticRegionCode = v
	}
}

// floorBox reads a container, and the free text behind the containers.
func floorBox(d *declarations.Declaration, c *declarations.Container, name, v string) {
	switch name {
	case "ContainerId":
		c.Number = v
	case "ContainerMd":
		c.SizeTypeCode = v
	case "GoodsNo":
		c.ItemNumbers = v
	case "LclFlag":
		c.LCLFlag = v
	case "GoodsContaWt":
		c.CargoWeightKg = declarations.Decimal(v)
	case "ContainerWt":
		c.TareWeightKg = declarations.Decimal(v)
	case "VoyNo":
		d.Transport.VoyageNumber = v
	case "DecBpNo":
		d.Parties.Declarant.Phone = v
	}
}

func floorSign(d *declarations.Declaration, name, v string) {
	switch name {
	case "OperType":
		d.Header.FunctionCode = v
	case "ICCode":
		d.Signature.CardNumber = v
	case "CopCode":
		d.Signature.OrganisationCode = v
	case "OperName":
		d.Signature.OperatorName = v
	case "ClientSeqNo":
		d.Header.ClientReference = v
	case "Sign":
		d.Signature.Value = v
	case "SignDate":
		d.Signature.Time = v
	case "Certificate":
		d.Signature.CertificateNumber = v
	case "DomainId":
		d.Signature.SignerKind = v
	}
}

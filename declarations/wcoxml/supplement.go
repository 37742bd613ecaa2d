package wcoxml

import "kouan/declarations"

// supplementField is a field of a supplementary form that the map puts at the
// declaration.
type supplementField struct {
	name  string // relative to the form
	pair  *Pair
	place place
	conv  conversion
	at    func(*declarations.Supplement) string
}

func supplementFields() []supplementField {
	field := func(name, mapped, path string, conv conversion, at func(*declarations.Supplement) string) supplementField {
		return supplementField{name, pair(mapped, head+path), below(Root(), path), conv, at}
	}
	type form = declarations.Supplement
	return []supplementField{
		field("buyer.name", "parties.buyer.name", shipment+"Buyer/Name", plain, func(s *form) string { return s.Buyer.Name }),
		field("buyer.address", "parties.buyer.address", shipment+"Buyer/Address/Line", plain, func(s *form) string { return s.Buyer.Address }),
		field("buyer.contact_name", "parties.buyer.contact_name", shipment+"Buyer/Contact/Name", plain, func(s *form) string { return s.Buyer.ContactName }),
		field("buyer.phone", "parties.buyer.phone", shipment+"Buyer/Communication/ID", plain, func(s *form) string { return s.Buyer.Phone }),
		field("seller.name", "parties.seller.name", shipment+"Seller/Name", plain, func(s *form) string { return s.Seller.Name }),
		field("seller.address", "parties.seller.address", shipment+"Seller/Address/Line", plain, func(s *form) string { return s.Seller.Address }),
		field("seller.contact_name", "parties.seller.contact_name", shipment+"Seller/Contact/Name", plain, func(s *form) string { return s.Seller.ContactName }),
		field("seller.phone", "parties.seller.phone", shipment+"Seller/Communication/ID", plain, func(s *form) string { return s.Seller.Phone }),
		field("invoice.number", "invoice.number", shipment+"Invoice/ID", plain, func(s *form) string { return s.Invoice.Number }),
		field("invoice.date", "invoice.date", shipment+"Invoice/IssueDateTime", day, func(s *form) string { return s.Invoice.Date }),
	}
}

// supplementBlock writes what supplementary forms (补充申报单) say of buyer,
// seller and invoice. The form has them once per line, WCO once: the first
// that says something is written, another that says something else is lost.
// What is read there stays an extension, because a supplementary form is filed
// by decision, not by conversion.
func supplementBlock() block[declaration] {
	fields := supplementFields()
	const total, currency = "invoice.total_amount", "invoice.currency"
	amounts := pair("declaration.invoice_total_amount", "/Declaration/InvoiceAmount")
	amountPlace := below(Root(), "InvoiceAmount")
	names := []string{"supplements[]." + total, "supplements[]." + currency}
	for i := range fields {
		names = append(names, "supplements[]."+fields[i].name)
	}
	return block[declaration]{names: names, read: func(*reader, *element, *declaration) {}, write: func(w *writer, e *element, d *declaration) {
		for i := range d.Supplements {
			form := &d.Supplements[i]
			for k := range fields {
				f := &fields[k]
				w.once(e, f, declarations.IndexPath("supplements", i, f.name), f.at(form))
			}
			inv := &form.Invoice
			totalName, currencyName := declarations.IndexPath("supplements", i, total), declarations.IndexPath("supplements", i, currency)
			switch now := e.at(amountPlace); {
			case inv.TotalAmount == "" && inv.Currency == "":
			case inv.TotalAmount == "":
				w.lose(currencyName, amounts.Path, reasonNoPlace, inv.Currency)
			case now == nil:
				w.amount(e, amountPlace, totalName, currencyName, string(inv.TotalAmount), inv.Currency)
			case now.text != string(inv.TotalAmount) || now.attr(currencyID) != inv.Currency:
				w.lose(totalName, amounts.Path, reasonNoRoom, string(inv.TotalAmount))
				w.lose(currencyName, amounts.Path, reasonNoRoom, inv.Currency)
			}
		}
	}}
}

// once writes a value where nothing stands yet.
func (w *writer) once(e *element, f *supplementField, name, value string) {
	if value == "" {
		return
	}
	text, reason := f.conv.write(w.codes, value)
	if reason != "" {
		w.lose(name, f.pair.Path, reason, value)
	}
	switch now := e.at(f.place); {
	case text == "":
	case now == nil:
		w.set(e.put(f.place), name, text)
		settledText(e, f.place)
	case now.text != text:
		w.lose(name, f.pair.Path, reasonNoRoom, value)
	}
}

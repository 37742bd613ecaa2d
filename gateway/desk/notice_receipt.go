package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/store"
)

// purposeCustoms is the purpose of an inspection by customs.
const purposeCustoms = "customs"

// tellsInspection tells a receipt by which customs says that it will look at
// the goods (receipts.md §3: C, SpC; the same word of a notification). What
// releases an inspection is not read from receipts: none of their codes says
// so of a box, and a release of the declaration is another thing.
func tellsInspection(code string) bool {
	c, ok := declarations.LookupReceiptCode(code)
	return ok && (c.Status == declarations.StatusInspection || c.Status == declarations.StatusSummaryInspection)
}

// noticesOfReceipts adds to the change that joins receipts to a declaration
// the notices that follow from them: in one transaction, so that no notice
// can be lost between the two.
func (d *Desk) noticesOfReceipts(ctx context.Context, c *store.Change, row *store.Declaration, list []told) error {
	switch declarations.Status(row.Status) {
	case declarations.StatusGuaranteeReleased, declarations.StatusReleased, declarations.StatusClosed, declarations.StatusDeleted,
		declarations.StatusReturned, declarations.StatusSummaryPickupReleased:
		return nil // heard late: what was to be looked at has gone on
	}
	for i := range list {
		if !tellsInspection(list[i].event.Code) {
			continue
		}
		return d.noticeOfReceipt(ctx, c, row, &list[i]) // one is enough: the boxes are open then
	}
	return nil
}

// noticeOfReceipt opens notices for the declaration's own boxes, without a
// method, because the receipt tells none. Boxes that are in an open notice
// already stay there; the declarant knows of it now.
func (d *Desk) noticeOfReceipt(ctx context.Context, c *store.Change, row *store.Declaration, t *told) error {
	doc, err := d.documentOf(ctx, row)
	if err != nil {
		return err
	}
	n := inspection.Notice{Version: 1, Change: inspection.Issue, IssuedAt: t.event.At, SourceMessageID: t.receipt.ID,
		Purpose: purposeCustoms, CustomsOffice: t.event.Office, DeclarationNumber: row.EntryNumber}
	if n.IssuedAt.IsZero() {
		n.IssuedAt = time.UnixMilli(t.receipt.HeardAt)
	}
	fillFrom(&n, doc)
	seen := map[string]bool{}
	for _, b := range boxesOf(doc) {
		if b.ContainerNumber == "" {
			n.Boxes = append(n.Boxes, b)
			continue
		}
		open, err := d.Store.OpenNoticeOf(ctx, b.ContainerNumber, purposeCustoms)
		switch {
		case errors.Is(err, store.ErrNotFound):
			n.Boxes = append(n.Boxes, b)
		case err != nil:
			return fmt.Errorf("look up open notice of box: %w", err)
		case open.DeclarationID == row.ID && !open.Visible && !seen[open.ID]:
			seen[open.ID] = true
			if err := d.reveal(ctx, c, &open, row); err != nil {
				return err
			}
		}
	}
	if len(n.Boxes) == 0 {
		return nil
	}
	if n.Boxes[0].ContainerNumber == "" {
		if open, err := d.openOfDeclaration(ctx, row); err != nil || open {
			return err
		}
	}
	parts, err := d.byTerminal(ctx, &n)
	if err != nil {
		return err
	}
	for i := range parts {
		part := &parts[i]
		part.Number = d.noticeNumber()
		a, err := d.newNotice(ctx, c, part, issuer(t.receipt.Source), row)
		if err != nil {
			return err
		}
		e := &inspection.Event{Kind: inspection.Issued, Actor: inspection.ByCustoms, Source: t.receipt.Source, Reference: part.SourceMessageID}
		if err := a.write(part, e, t.receipt.Source+"|r|"+part.SourceMessageID, part.SourceMessageID); err != nil {
			return err
		}
		if err := a.settle(ctx); err != nil {
			return err
		}
		c.Audit = append(c.Audit, d.audit("desk", "inspection.receipt", row.Tenant, a.row.ID, t.receipt.SHA256))
	}
	return nil
}

// issuer is a partner, or the channel over which customs speaks, whose name
// may be longer than the column.
func issuer(source string) string {
	const most = 36
	if len(source) > most {
		return strings.ToValidUTF8(source[:most], "")
	}
	return source
}

// openOfDeclaration tells whether break-bulk of the declaration, which has no
// number that is unique in the port, is in an open notice already.
func (d *Desk) openOfDeclaration(ctx context.Context, row *store.Declaration) (bool, error) {
	open := true
	rows, err := d.Store.Notices(ctx, store.NoticeFilter{DeclarationID: row.ID, Open: &open, Limit: 1})
	if err != nil {
		return false, fmt.Errorf("look up notices of declaration: %w", err)
	}
	return len(rows) > 0, nil
}

// reveal lets the declarant see a notice that was hidden from him.
func (d *Desk) reveal(ctx context.Context, c *store.Change, row *store.Notice, decl *store.Declaration) error {
	f, err := d.dossierOf(ctx, row)
	if err != nil {
		return err
	}
	a := d.begin(f, c)
	a.decl = decl
	return a.settle(ctx)
}

// boxesOf are the containers of a declaration; goods without one are a lot of
// break-bulk under the number of their bill.
func boxesOf(doc *declarations.Declaration) []inspection.Box {
	goods := ""
	if len(doc.Items) == 1 {
		goods = doc.Items[0].GoodsName
	}
	var boxes []inspection.Box
	seen := map[string]bool{}
	for i := range doc.Containers {
		if number := doc.Containers[i].Number; number != "" && !seen[number] {
			seen[number] = true
			boxes = append(boxes, inspection.Box{ContainerNumber: number, Goods: goods})
		}
	}
	if len(boxes) > 0 {
		return boxes
	}
	mark := firstOf(doc.Transport.TransportDocumentNumber, doc.Header.ClientReference)
	return []inspection.Box{{Mark: mark, Pieces: doc.Header.TotalPackages, GrossMassKg: doc.Header.TotalGrossWeightKg, Goods: goods}}
}

// knowsInspection tells whether the declarant heard from customs itself that
// it will look at the goods.
func (a *noticeAct) knowsInspection(ctx context.Context) (bool, error) {
	if a.row.DeclarationID == "" {
		return false, nil
	}
	row, err := a.declaration(ctx)
	if err != nil {
		return false, err
	}
	s := declarations.Status(row.Status)
	return s == declarations.StatusInspection || s == declarations.StatusSummaryInspection, nil
}

// declaration is the row of the declaration that the notice is about, as it
// will stand after the change.
func (a *noticeAct) declaration(ctx context.Context) (*store.Declaration, error) {
	if a.decl == nil {
		row, err := a.d.Store.DeclarationState(ctx, a.row.Tenant, a.row.DeclarationID)
		if err != nil {
			return nil, fmt.Errorf("read declaration of notice: %w", err)
		}
		a.decl = &row
	}
	return a.decl, nil
}

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

// newNotice starts a notice that is not there yet.
func (d *Desk) newNotice(ctx context.Context, c *store.Change, n *inspection.Notice, issuedBy string, decl *store.Declaration) (*noticeAct, error) {
	f := &dossier{row: store.Notice{ID: d.NewID(), Number: n.Number, IssuedBy: issuedBy, Terminal: n.Terminal,
		EntryNumber: n.DeclarationNumber, CreatedAt: d.now()}}
	if decl != nil {
		f.row.Tenant, f.row.DeclarationID = decl.Tenant, decl.ID
	}
	var err error
	if f.capability, err = d.capabilityOf(ctx, n.Terminal); err != nil {
		return nil, err
	}
	a := d.begin(f, c)
	a.decl = decl
	return a, nil
}

// noticeNumber is made for one who reads it over the telephone: the day at
// the port and eight letters and digits that are not taken for each other.
func (d *Desk) noticeNumber() string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	id := strings.ReplaceAll(d.NewID(), "-", "")
	tail := digest([]byte(id))
	var b strings.Builder
	b.WriteString("N" + d.Clock().In(portTime).Format("060102") + "-")
	for i := range 8 {
		b.WriteByte(alphabet[int(hexValue(tail[2*i])<<1|hexValue(tail[2*i+1])>>3)%len(alphabet)])
	}
	return b.String()
}

func hexValue(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

// portTime is the time of the port: China Standard Time, all year round.
var portTime = time.FixedZone("CST", 8*60*60)

// declarationNamed finds the declaration that an order is about, with what it
// says; nil when the number is not known here.
func (d *Desk) declarationNamed(ctx context.Context, number string) (*store.Declaration, *declarations.Declaration, error) {
	if number == "" {
		return nil, nil, nil
	}
	ref, err := d.Store.FindByEntryNumber(ctx, number)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("look up declaration: %w", err)
	}
	row, err := d.Store.Declaration(ctx, ref.Tenant, ref.DeclarationID)
	if err != nil {
		return nil, nil, fmt.Errorf("read declaration: %w", err)
	}
	doc, err := d.documentOf(ctx, &row)
	return &row, doc, err
}

// fillFrom adds what the declaration knows and the order did not tell.
func fillFrom(n *inspection.Notice, doc *declarations.Declaration) {
	if doc == nil {
		return
	}
	t := &doc.Transport
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&n.BillNumber, t.TransportDocumentNumber}, {&n.ShipName, t.MeansName}, {&n.Voyage, t.VoyageNumber}, {&n.GoodsPlace, t.GoodsLocation},
		{&n.CustomsOffice, doc.Header.DeclarationOfficeCode}, {&n.Declarant, doc.Parties.Declarant.Name}, {&n.Regime, doc.Header.TradeModeCode},
		{&n.Direction, directionOf(doc.Header.TradeDirection)},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
}

func directionOf(d declarations.Direction) string {
	switch d {
	case declarations.Import:
		return "import"
	case declarations.Export:
		return "export"
	}
	return ""
}

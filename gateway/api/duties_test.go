package api

import (
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/i18n"
)

// taxNotice is a notification of duties with one line and one payment.
const taxNotice = `<Response><FunctionCode>13</FunctionCode><FunctionalReferenceID>n1</FunctionalReferenceID>` +
	`<IssueDateTime><DateTimeString formatCode="304">20260616153159Z</DateTimeString></IssueDateTime><Status><NameCode>4</NameCode></Status>` +
	`<Declaration><FunctionalReferenceID>EX1</FunctionalReferenceID><ID>26GB1</ID><DutyTaxFee><Payment><ReferenceID>ba6</ReferenceID>` +
	`<DueDateTime><DateTimeString formatCode="304">20260701000000Z</DateTimeString></DueDateTime><PaymentAmount currencyID="GBP">384.60</PaymentAmount></Payment></DutyTaxFee>` +
	`<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric><Commodity><DutyTaxFee><TaxRateNumeric>4.70</TaxRateNumeric><TypeCode>A50</TypeCode>` +
	`<Payment><TaxAssessedAmount currencyID="GBP">70.50</TaxAssessedAmount></Payment></DutyTaxFee></Commodity></GovernmentAgencyGoodsItem></GoodsShipment></Declaration></Response>`

func TestDutiesAreShownAsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.submitted(t, "EX1")
	path := all + "/" + d.ID + "/duties"
	if got := read[Duties](t, b.ask(t, "alice", "GET", path, nil), http.StatusOK); got.State != "none_heard" || len(got.Bills) != 0 || got.Text == "" {
		t.Errorf("before anything was heard: %+v", got)
	}
	read[Hearing](t, b.postXML(t, "customs", receipts, []byte(taxNotice)), http.StatusAccepted)
	at, due := time.Date(2026, 6, 16, 15, 31, 59, 0, time.UTC), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	want := Duties{ID: d.ID, State: "notified", Text: "duties notified: check the bill", DueAt: &due, Bills: []TaxBill{{
		Code: "RES-13", Text: "duties notified", At: &at, NoticeID: "n1", Names: []string{"4"}, DueAt: &due,
		Lines:    []TaxLine{{Item: 1, Type: "A50", Rate: "4.70", Assessed: &TaxAmount{Value: "70.50", Currency: "GBP"}}},
		Payments: []TaxPayment{{Reference: "ba6", Payable: &TaxAmount{Value: "384.60", Currency: "GBP"}, DueAt: &due}},
	}}}
	got := read[Duties](t, b.ask(t, "alice", "GET", path, nil, "Accept-Language", "en"), http.StatusOK)
	left := int(math.Floor(time.Date(2026, 7, 1, 0, 0, 0, 0, cst).Sub(today()).Hours() / 24))
	state, text := clearance.Open, "Customs asks for payment of the duties by 2026-07-01; "+i18n.For(i18n.En).Plural("length.days", int64(left), nil)+" left. Check the bill and pay in time."
	if left < 0 {
		state, text = clearance.Overdue, "The time for payment ended on 2026-07-01; "+i18n.For(i18n.En).Plural("length.days", int64(-left), nil)+" overdue"+
			". No release or guarantee was heard since. Pay at once; if you have paid, show customs the proof of payment."
	}
	want.Deadline = &clearance.PaymentDeadline{Due: "2026-07-01", DaysLeft: &left, State: state, Text: text, Remind: []clearance.Day{"2026-06-24", "2026-06-28", "2026-06-30"},
		Evidence: declarations.Secondary, Basis: "RES 13, 14, 15"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	whole := read[struct {
		Deadlines []clearance.Countdown `json:"deadlines"`
	}](t, b.ask(t, "alice", "GET", all+"/"+d.ID, nil, "Accept-Language", "en"), http.StatusOK)
	short := []clearance.Countdown{{Kind: "duty_payment", State: state, Due: "2026-07-01", DaysLeft: &left, Text: text}}
	if diff := cmp.Diff(short, whole.Deadlines, cmpopts.IgnoreUnexported(clearance.Countdown{})); diff != "" {
		t.Errorf("the short view: -want +got\n%s", diff)
	}
}

var cst = time.FixedZone("CST", 8*60*60)

// today is the beginning of the day at the port.
func today() time.Time {
	y, m, d := time.Now().In(cst).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, cst)
}

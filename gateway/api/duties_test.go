package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

package declarations

import "strings"

// responsePrefix stands before the function code of a notification (WCO
// Response, RES), because CHANNEL has codes of the same letters and digits.
const responsePrefix = "RES-"

// ResponseCode is the receipt code of a function code of a notification:
// RES-01. A function code is two digits; one that came with a single digit is
// the same code.
func ResponseCode(functionCode string) string {
	if len(functionCode) == 1 && functionCode >= "0" && functionCode <= "9" {
		functionCode = "0" + functionCode
	}
	return responsePrefix + functionCode
}

// IsResponse tells the code of a notification from those of other receipts.
func IsResponse(code string) bool { return strings.HasPrefix(code, responsePrefix) }

// ResponseCodes is the table of wco-dec.md section 7, in the words of the same
// statuses as CHANNEL. The page confirms the codes by 450 published
// notifications, except those marked otherwise. Ranks continue those of
// CHANNEL; here they mean more: a notification never puts a declaration back
// behind a rank that was reached, because nothing guarantees their order.
//
// A rejection stands behind acceptance and inspection, since nothing follows
// it but another declaration. 07, 11, 16 and 18 are history: they say nothing
// about how far the declaration is. 09 closes and does not release: who may
// move goods is told by 08 alone. 04, 12 and 17 were never seen and are codes
// outside of the table.
var ResponseCodes = []ReceiptCode{
	{Code: "RES-01", Chinese: "海关已接受申报", English: "accepted by customs", Layer: LayerResponse, Evidence: Confirmed, Rank: 30, Status: StatusAccepted},
	{Code: "RES-02", Chinese: "海关已收到并登记", English: "received and registered by customs", Layer: LayerResponse, Evidence: Confirmed, Rank: 20, Status: StatusReceived},
	{Code: "RES-03", Chinese: "海关退单", English: "rejected by customs", Layer: LayerResponse, Evidence: Confirmed, Rank: 45, Status: StatusReturned},
	{Code: "RES-05", Chinese: "海关决定查验，货物未放行", English: "physical inspection intended, goods not released", Layer: LayerResponse, Evidence: Confirmed, Rank: 40, Status: StatusInspection},
	{Code: "RES-06", Chinese: "海关要求提交单证", English: "documents required by customs", Layer: LayerResponse, Evidence: Confirmed, Rank: 34, Status: StatusUnderReview, SettledBy: settledByDecision},
	{Code: "RES-07", Chinese: "海关已更改申报内容", English: "corrected by customs", Layer: LayerResponse, Evidence: Confirmed},
	{Code: "RES-08", Chinese: "海关已放行", English: "released by customs", Layer: LayerResponse, Evidence: Confirmed, Rank: 60, Status: StatusReleased, Release: ReleaseFull},
	{Code: "RES-09", Chinese: "海关已结关", English: "cleared and closed", Layer: LayerResponse, Evidence: Confirmed, Rank: 70, Status: StatusClosed, Final: true},
	{Code: "RES-10", Chinese: "报关单已被海关撤销", English: "invalidated by customs", Layer: LayerResponse, Evidence: Confirmed, Rank: 80, Status: StatusDeleted, Final: true},
	{Code: "RES-11", Chinese: "海关对修改或撤销申请的答复", English: "answer to an amendment or cancellation request", Layer: LayerResponse, Evidence: Confirmed},
	{Code: "RES-13", Chinese: "税费通知", English: "duties notified", Layer: LayerResponse, Evidence: Confirmed, Rank: 36, Status: StatusTaxDue},
	{Code: "RES-14", Chinese: "税款账户余额不足，须缴款", English: "payment required, balance insufficient", Layer: LayerResponse, Evidence: Secondary, Rank: 37, Status: StatusTaxDue, SettledBy: settledByDecision},
	{Code: "RES-15", Chinese: "缴款催告", English: "payment reminder", Layer: LayerResponse, Evidence: Secondary, Rank: 38, Status: StatusTaxDue, SettledBy: settledByDecision},
	{Code: "RES-16", Chinese: "货物已出境", English: "goods exited", Layer: LayerResponse, Evidence: Confirmed, Rank: 65},
	{Code: "RES-18", Chinese: "海关查询货物出境情况", English: "exit of the goods queried", Layer: LayerResponse, Evidence: Unverified, Rank: 62, SettledBy: []string{"RES-16", "RES-10"}},
}

// settledByDecision: documents or a payment are no longer waited for once
// customs has released, closed, rejected or invalidated.
var settledByDecision = []string{"RES-03", "RES-08", "RES-09", "RES-10"}

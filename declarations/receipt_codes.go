package declarations

// ReceiptCode is one CHANNEL code, one of the two import responses, or the
// function code of a notification (RES-08).
// Codes are case-sensitive: a is not A, E is not E0.
type ReceiptCode struct {
	Code     string
	Chinese  string
	English  string
	Layer    Layer
	Evidence Evidence
	Rank     int    // orders receipts of the same second
	Status   Status // empty: changes nothing
	Final    bool
	Release  ReleaseKind // empty: lets nothing move
	// SettledBy are the codes that settle what somebody has to do because of
	// this receipt; empty: nothing has to be done beyond what Status says.
	SettledBy []string
}

// Layer says who speaks.
type Layer string

// The layers of receipts.md §1 and §3.
const (
	LayerImport     Layer = "import response"
	LayerPlatform   Layer = "platform"
	LayerClient     Layer = "client"
	LayerCustoms    Layer = "customs"
	LayerInspection Layer = "inspection side event"
	LayerSummary    Layer = "two-step summary"
	LayerResponse   Layer = "notification" // WCO Response, RES
)

// LookupReceiptCode finds a code; ok is false for a code outside the table.
func LookupReceiptCode(code string) (c ReceiptCode, ok bool) {
	c, ok = receiptCodes[code]
	return c, ok
}

// SummaryCode is the code as the summary stage of a two-step declaration
// means it: whether the wire carries SpL or a plain L is not known
// (receipts.md §6), so both are accepted. Codes without a summary form stay
// as they are.
func SummaryCode(code string) string {
	if _, ok := receiptCodes["Sp"+code]; ok {
		return "Sp" + code
	}
	return code
}

var receiptCodes = index(ReceiptCodes, ResponseCodes)

func index(tables ...[]ReceiptCode) map[string]ReceiptCode {
	m := make(map[string]ReceiptCode)
	for _, codes := range tables {
		for _, c := range codes {
			m[c.Code] = c
		}
	}
	return m
}

// ReceiptCodes is the table of receipts.md §3. Ranks and statuses are the
// proposal of that page; Evidence says how sure the meaning is. Where sources
// contradict each other the reading follows that page: C is an inspection and
// never a release, G is accepted, M under review, S changes nothing.
var ReceiptCodes = []ReceiptCode{
	{Code: "0", Chinese: "", English: "code without meaning", Layer: LayerPlatform, Evidence: Unverified, Rank: 0},
	{Code: "1", Chinese: "协同入库成功", English: "collaboration record stored", Layer: LayerPlatform, Evidence: Conflict, Rank: 5, Status: StatusUploaded},
	{Code: "2", Chinese: "协同入库失败", English: "collaboration record not stored", Layer: LayerPlatform, Evidence: Secondary, Rank: 6, Status: StatusUploadFailed},
	{Code: "3", Chinese: "上载成功", English: "uploaded", Layer: LayerPlatform, Evidence: Conflict, Rank: 5, Status: StatusUploaded},
	{Code: "4", Chinese: "上载失败", English: "upload failed", Layer: LayerPlatform, Evidence: Conflict, Rank: 6, Status: StatusUploadFailed},
	{Code: CodeImported, Chinese: "导入成功", English: "stored by the import client", Layer: LayerImport, Evidence: Confirmed, Rank: 8, Status: StatusImported},
	{Code: CodeImportFailed, Chinese: "导入失败", English: "not stored by the import client", Layer: LayerImport, Evidence: Confirmed, Rank: 8, Status: StatusImportFailed},
	{Code: "7", Chinese: "申报成功", English: "declared, sent to customs pre-entry", Layer: LayerPlatform, Evidence: Confirmed, Rank: 10, Status: StatusDeclared},
	{Code: "8", Chinese: "申报失败，上载成功但无申报权限", English: "declaration failed, uploaded but no right to declare", Layer: LayerPlatform, Evidence: Secondary, Rank: 12, Status: StatusDeclareFailed},
	{Code: "9", Chinese: "直接申报处理失败", English: "direct declaration failed, contact the data centre", Layer: LayerPlatform, Evidence: Confirmed, Rank: 12, Status: StatusDeclareFailed},
	{Code: "Y", Chinese: "申报失败", English: "declaration failed", Layer: LayerPlatform, Evidence: Confirmed, Rank: 12, Status: StatusDeclareFailed},
	{Code: "U", Chinese: "重新申报", English: "declare again", Layer: LayerPlatform, Evidence: Secondary, Rank: 12, Status: StatusDeclareFailed},
	{Code: "N", Chinese: "重传文件", English: "send the file again", Layer: LayerPlatform, Evidence: Secondary, Rank: 13, Status: StatusResendRequired},
	{Code: "L", Chinese: "海关入库成功", English: "stored by customs, received", Layer: LayerCustoms, Evidence: Confirmed, Rank: 20, Status: StatusReceived},
	{Code: "E", Chinese: "海关退单/不受理", English: "returned, not accepted", Layer: LayerCustoms, Evidence: Confirmed, Rank: 22, Status: StatusReturned},
	{Code: "Z", Chinese: "退回修改", English: "returned for correction", Layer: LayerCustoms, Evidence: Confirmed, Rank: 22, Status: StatusReturned},
	{Code: "H", Chinese: "海关挂起，需手工申报", English: "suspended, contact the review centre", Layer: LayerCustoms, Evidence: Confirmed, Rank: 26, Status: StatusUnderReview},
	{Code: "V", Chinese: "转现场验估岗", English: "sent to on-site valuation", Layer: LayerCustoms, Evidence: Secondary, Rank: 26, Status: StatusUnderReview},
	{Code: "Q", Chinese: "现场验估岗处理反馈", English: "on-site valuation feedback", Layer: LayerCustoms, Evidence: Secondary, Rank: 27, Status: StatusUnderReview},
	{Code: "M", Chinese: "报关单重审", English: "re-review", Layer: LayerCustoms, Evidence: Conflict, Rank: 28, Status: StatusUnderReview},
	{Code: "G", Chinese: "接单交单", English: "accepted, hand in documents", Layer: LayerCustoms, Evidence: Conflict, Rank: 30, Status: StatusAccepted},
	{Code: "W", Chinese: "无纸验放通知（审结）", English: "paperless notice, review finished", Layer: LayerCustoms, Evidence: Confirmed, Rank: 32, Status: StatusAccepted},
	{Code: "J", Chinese: "通关无纸化审结", English: "paperless review finished, declaration accepted", Layer: LayerCustoms, Evidence: Confirmed, Rank: 32, Status: StatusAccepted},
	{Code: "T", Chinese: "需交税费", English: "duties and taxes due", Layer: LayerCustoms, Evidence: Confirmed, Rank: 36, Status: StatusTaxDue},
	{Code: "C", Chinese: "查验通知", English: "inspection notice", Layer: LayerCustoms, Evidence: Confirmed, Rank: 40, Status: StatusInspection},
	{Code: "S", Chinese: "施检", English: "inspection under way", Layer: LayerCustoms, Evidence: Conflict, Rank: 41},
	{Code: "X", Chinese: "准予进港", English: "permitted to enter the port", Layer: LayerCustoms, Evidence: Confirmed, Rank: 46, Status: StatusGateInPermitted},
	{Code: "O", Chinese: "准予进卡", English: "gate entry permitted", Layer: LayerCustoms, Evidence: Secondary, Rank: 46, Status: StatusGateInPermitted},
	{Code: "#", Chinese: "通关无纸化准予进卡", English: "gate entry permitted, paperless", Layer: LayerCustoms, Evidence: Secondary, Rank: 46, Status: StatusGateInPermitted},
	{Code: "B", Chinese: "担保验放", English: "released against guarantee", Layer: LayerCustoms, Evidence: Confirmed, Rank: 50, Status: StatusGuaranteeReleased, Release: ReleaseGuarantee},
	{Code: "K", Chinese: "通关无纸化担保放行", English: "released against guarantee, paperless", Layer: LayerCustoms, Evidence: Confirmed, Rank: 50, Status: StatusGuaranteeReleased, Release: ReleaseGuarantee},
	{Code: "F", Chinese: "放行交单", English: "release, hand in documents", Layer: LayerCustoms, Evidence: Confirmed, Rank: 55, Status: StatusReleased, Release: ReleaseFull},
	{Code: "I", Chinese: "无纸放行通知", English: "paperless release notice", Layer: LayerCustoms, Evidence: Confirmed, Rank: 55, Status: StatusReleased, Release: ReleaseFull},
	{Code: "P", Chinese: "海关已放行", English: "released by customs", Layer: LayerCustoms, Evidence: Confirmed, Rank: 60, Status: StatusReleased, Release: ReleaseFull},
	{Code: "R", Chinese: "海关已结关", English: "cleared and closed", Layer: LayerCustoms, Evidence: Confirmed, Rank: 70, Status: StatusClosed, Final: true},
	{Code: "A", Chinese: "放行前删除或异常处理", English: "deleted before release", Layer: LayerCustoms, Evidence: Confirmed, Rank: 80, Status: StatusDeleted, Final: true},
	{Code: "D", Chinese: "放行后删除", English: "deleted after release", Layer: LayerCustoms, Evidence: Confirmed, Rank: 85, Status: StatusDeleted, Final: true},
	{Code: "a", Chinese: "领取证单", English: "certificates ready for collection", Layer: LayerInspection, Evidence: Secondary, Rank: 0},
	{Code: "b", Chinese: "检验检疫审核", English: "sent for inspection review", Layer: LayerInspection, Evidence: Secondary, Rank: 0},
	{Code: "c", Chinese: "检验检疫撤单", English: "inspection application withdrawn", Layer: LayerInspection, Evidence: Secondary, Rank: 0},
	{Code: "d", Chinese: "申请检验检疫成功", English: "inspection application accepted", Layer: LayerInspection, Evidence: Secondary, Rank: 0},
	{Code: "f0", Chinese: "客户端错误", English: "client error", Layer: LayerClient, Evidence: Secondary, Rank: 6, Status: StatusUploadFailed},
	{Code: "F1", Chinese: "暂存失败", English: "draft not saved", Layer: LayerClient, Evidence: Secondary, Rank: 6, Status: StatusUploadFailed},
	{Code: "S0", Chinese: "暂存成功", English: "draft saved", Layer: LayerClient, Evidence: Secondary, Rank: 4, Status: StatusDraftSaved},
	{Code: "E0", Chinese: "表格已申报", English: "form submitted", Layer: LayerClient, Evidence: Secondary, Rank: 5, Status: StatusUploaded},
	{Code: "E1", Chinese: "表格申报成功", English: "form submitted successfully", Layer: LayerClient, Evidence: Secondary, Rank: 5, Status: StatusUploaded},
	{Code: "SpL", Chinese: "概要申报海关入库", English: "summary stored by customs", Layer: LayerSummary, Evidence: Secondary, Rank: 20, Status: StatusSummaryReceived},
	{Code: "SpE", Chinese: "概要申报退单", English: "summary returned", Layer: LayerSummary, Evidence: Secondary, Rank: 22, Status: StatusSummaryReturned},
	{Code: "SpJ", Chinese: "概要申报审结", English: "summary review finished", Layer: LayerSummary, Evidence: Secondary, Rank: 32, Status: StatusSummaryAccepted},
	{Code: "Sp1", Chinese: "要求补充申报", English: "supplement required", Layer: LayerSummary, Evidence: Secondary, Rank: 34, Status: StatusSummarySupplement},
	{Code: "SpC", Chinese: "概要申报查验通知", English: "summary inspection notice", Layer: LayerSummary, Evidence: Secondary, Rank: 40, Status: StatusSummaryInspection},
	{Code: "SpK", Chinese: "提货放行", English: "release for pick-up", Layer: LayerSummary, Evidence: Secondary, Rank: 50, Status: StatusSummaryPickupReleased, Release: ReleasePickup},
}

package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"kouan/gateway/auth"
)

// route is one line of the table.
type route struct {
	method, path string
	name         string // operationId
	summary      string
	act          auth.Act // empty: for everybody
	public       bool     // of the interface, and for everybody on purpose
	limit        limit    // of the body
	creates      bool     // takes an Idempotency-Key
	always       bool     // answered also under overload
	stream       bool     // held open: no deadline, places of its own
	do           registrar
}

// registrar puts a route on the mux and into the description.
type registrar func(*server, *route)

// routes is the one table: from it come the mux, the rights, the limits, the
// description and the tests.
var routes = []route{
	{method: "POST", path: "/api/v1/declarations", name: "submit-declaration", act: auth.SubmitDeclaration, limit: ofDeclaration, creates: true, do: plain((*server).submit, describeSubmit),
		summary: "Submit a declaration, or save a draft with ?draft=1"},
	{method: "GET", path: "/api/v1/declarations", name: "list-declarations", act: auth.ReadDeclaration, do: typed((*server).listDeclarations),
		summary: "List your declarations, newest first"},
	{method: "GET", path: "/api/v1/declarations/{id}", name: "get-declaration", act: auth.ReadDeclaration, do: typed((*server).getDeclaration),
		summary: "One declaration with its document, its faults and where it stands"},
	{method: "PUT", path: "/api/v1/declarations/{id}", name: "edit-declaration", act: auth.SubmitDeclaration, limit: ofDeclaration, do: plain((*server).edit, describeEdit),
		summary: "Replace the document of a draft, or of a declaration that customs returned"},
	{method: "POST", path: "/api/v1/declarations/{id}/submission", name: "send-declaration", act: auth.SubmitDeclaration, creates: true, do: plain((*server).send, describeSend),
		summary: "Send a draft, or a corrected declaration as its next attempt"},
	{method: "POST", path: "/api/v1/declarations/{id}/amendments", name: "amend-declaration", act: auth.AmendDeclaration, limit: ofDeclaration, creates: true, do: plain((*server).amend, describeAmend),
		summary: "Ask customs to change an accepted declaration"},
	{method: "GET", path: "/api/v1/declarations/{id}/amendments", name: "list-amendments", act: auth.ReadDeclaration, do: typed((*server).listAmendments),
		summary: "What was asked about a declaration, and what was decided"},
	{method: "POST", path: "/api/v1/declarations/{id}/cancellation", name: "cancel-declaration", act: auth.CancelDeclaration, creates: true, do: plain((*server).cancel, describeCancel),
		summary: "Cancel a declaration: at once before it left, by a request after acceptance"},
	{method: "POST", path: "/api/v1/declarations/{id}/withdrawal", name: "withdraw-request", act: auth.AmendDeclaration, creates: true, do: plain((*server).withdraw, describeWithdraw),
		summary: "Take back the open request about a declaration"},
	{method: "POST", path: "/api/v1/declarations/{id}/completion", name: "complete-declaration", act: auth.CompleteDeclaration, limit: ofDeclaration, creates: true, do: plain((*server).complete, describeComplete),
		summary: "Send the full declaration of a two-step one"},
	{method: "GET", path: "/api/v1/declarations/{id}/versions", name: "list-versions", act: auth.ReadDeclaration, do: typed((*server).listVersions),
		summary: "Every document that a declaration had"},
	{method: "GET", path: "/api/v1/declarations/{id}/versions/{n}", name: "get-version", act: auth.ReadDeclaration, do: typed((*server).getVersion),
		summary: "One of them"},
	{method: "GET", path: "/api/v1/declarations/{id}/versions/{n}/difference/{m}", name: "get-difference", act: auth.ReadDeclaration, do: typed((*server).getDifference),
		summary: "What one version has otherwise than another, in words"},
	{method: "GET", path: "/api/v1/requests", name: "list-requests", act: auth.HearDecision, do: typed((*server).listUndecided),
		summary: "Requests that wait for a decision"},
	{method: "POST", path: "/api/v1/decisions", name: "decide-request", act: auth.HearDecision, do: plain((*server).decide, describeDecide),
		summary: "Approve or refuse a request"},
	{method: "GET", path: "/api/v1/declarations/{id}/timeline", name: "get-timeline", act: auth.ReadDeclaration, do: typed((*server).timeline),
		summary: "Everything that happened to a declaration"},
	{method: "GET", path: "/api/v1/declarations/{id}/duties", name: "get-duties", act: auth.ReadDeclaration, do: typed((*server).duties),
		summary: "What customs said about duties, as it was told"},
	{method: "GET", path: "/api/v1/declarations/{id}/messages", name: "list-messages", act: auth.ReadDeclaration, do: typed((*server).listMessages),
		summary: "The exact documents that came in and went out"},
	{method: "GET", path: "/api/v1/declarations/{id}/messages/{n}", name: "get-message", act: auth.ReadDeclaration, do: plain((*server).message, describeMessage),
		summary: "The bytes of one document"},
	{method: "GET", path: "/api/v1/uploads/{id}", name: "get-upload", act: auth.ReadDeclaration, do: plain((*server).readUpload, describeUpload),
		summary: "What became of a file of many declarations"},
	{method: "GET", path: "/api/v1/uploads/{id}/refused", name: "get-refused-rows", act: auth.ReadDeclaration, do: plain((*server).refusedRows, describeRefused),
		summary: "The refused rows of a file, to be corrected and sent again"},
	{method: "POST", path: "/api/v1/receipts", name: "hear-receipt", act: auth.HearReceipt, limit: ofReceipt, do: plain((*server).hear, describeReceipt),
		summary: "Hand in a receipt of any shape"},
	{method: "GET", path: "/api/v1/declarations/{id}/clearance", name: "get-clearance", act: auth.ReadDeclaration, do: typed((*server).clearance),
		summary: "How a declaration goes through the port: its mode, its stages, its deadline, what is missing"},
	{method: "POST", path: "/api/v1/facts", name: "report-facts", act: auth.ReportFact, limit: ofReceipt, do: plain((*server).reportFacts, describeFacts),
		summary: "Report facts that declarations wait for: manifest, arrival, release, gate"},
	{method: "GET", path: "/api/v1/events", name: "stream-events", act: auth.ReadEvents, stream: true, do: plain((*server).events, describeEvents),
		summary: "Follow what happens to your declarations, as server-sent events"},
	{method: "POST", path: "/api/v1/inspection-orders", name: "order-inspection", act: auth.OrderInspection, creates: true, do: plain((*server).orderInspection, describeOrder),
		summary: "Order an inspection, or change, cancel, follow up or move one"},
	{method: "GET", path: "/api/v1/notices", name: "list-notices", act: auth.ReadNotice, do: plain((*server).listNotices, describeListNotices),
		summary: "Inspection notices that you have a part in, the oldest change first"},
	{method: "GET", path: "/api/v1/notices/{id}", name: "get-notice", act: auth.ReadNotice, do: plain((*server).getNotice, describeGetNotice),
		summary: "One notice: its content, where each box stands, its deadlines, what was heard"},
	{method: "POST", path: "/api/v1/notices/{id}/events", name: "report-notice", act: auth.ReportNotice, do: plain((*server).reportNotice, describeReportNotice),
		summary: "Answer a notice, or report what happened to it or its boxes"},
	{method: "POST", path: "/api/v1/terminal-messages", name: "send-terminal-message", act: auth.SendTerminalMessage, limit: ofReceipt, do: plain((*server).hearTerminal, describeTerminalMessage),
		summary: "Hand in a message of a terminal or carrier as it is"},
	{method: "GET", path: "/api/v1/terminals", name: "list-terminals", act: auth.ReadTerminals, do: typed((*server).listTerminals),
		summary: "What each terminal can do, and how it is told"},
	{method: "GET", path: "/api/v1/terminals/{terminal}/hours", name: "get-terminal-hours", act: auth.ReadTerminals, do: typed((*server).terminalHours),
		summary: "Hours of the inspection desk of a terminal, and the slots of a day"},
	{method: "GET", path: "/api/v1/statistics/notices", name: "get-notice-figures", act: auth.ReadNoticeFigures, do: typed((*server).noticeFigures),
		summary: "Figures of inspection notices, by terminal"},
	{method: "POST", path: "/api/v1/endpoints", name: "add-endpoint", act: auth.ManageEndpoints, creates: true, do: plain((*server).addEndpoint, describeAddEndpoint),
		summary: "Register where you want to be told"},
	{method: "GET", path: "/api/v1/endpoints", name: "list-endpoints", act: auth.ManageEndpoints, do: typed((*server).listEndpoints),
		summary: "Your endpoints"},
	{method: "POST", path: "/api/v1/endpoints/{id}/rotation", name: "rotate-endpoint", act: auth.ManageEndpoints, creates: true, do: plain((*server).rotateEndpoint, describeRotation),
		summary: "Make a new signing secret"},
	{method: "POST", path: "/api/v1/endpoints/{id}/test", name: "test-endpoint", act: auth.ManageEndpoints, do: plain((*server).testEndpoint, describeTest),
		summary: "Send a test message"},
	{method: "POST", path: "/api/v1/endpoints/{id}/state", name: "set-endpoint-state", act: auth.ManageEndpoints, do: plain((*server).setEndpointState, describeEndpointState),
		summary: "Disable or enable an endpoint"},
	{method: "GET", path: "/api/v1/receivers/{id}/deliveries", name: "list-deliveries", act: auth.ReadDeliveries, do: typed((*server).listDeliveries),
		summary: "What an endpoint was or will be told, newest first"},
	{method: "POST", path: "/api/v1/receivers/{id}/replay", name: "replay-deliveries", act: auth.ReplayDeliveries, do: plain((*server).replay, describeReplay),
		summary: "Send messages to an endpoint once more"},
	{method: "GET", path: "/api/v1/deliveries/{id}", name: "get-delivery", act: auth.ReadDeliveries, do: plain((*server).deliveryBytes, describeDelivery),
		summary: "The bytes of one message to an endpoint"},
	{method: "GET", path: "/api/v1/deliveries/{id}/attempts", name: "list-attempts", act: auth.ReadDeliveries, do: typed((*server).listAttempts),
		summary: "What became of one message"},
	{method: "POST", path: "/api/v1/deliveries/{id}/acknowledgement", name: "take-delivery", act: auth.ReadDeliveries, do: plain((*server).takeDelivery, describeTake),
		summary: "Say that you fetched a message"},
	{method: "DELETE", path: "/api/v1/endpoints/{id}", name: "delete-endpoint", act: auth.ManageEndpoints, do: plain((*server).deleteEndpoint, describeDeleteEndpoint),
		summary: "End an endpoint"},
	{method: "GET", path: "/api/v1/fee-services", name: "list-fee-services", public: true, do: typed((*server).listFeeServices),
		summary: "What third parties offer around a port call or a box, with prices and how to choose another"},
	{method: "POST", path: "/api/v1/fee-services", name: "publish-fee-services", act: auth.PublishFeeServices, limit: ofReceipt, do: plain((*server).publishFeeServices, describeFeeServices),
		summary: "Publish services of third parties"},
	{method: "GET", path: "/api/v1/fee-boxes/{box}", name: "get-fee-box", public: true, do: typed((*server).feeBox),
		summary: "What one import or export box costs, by month, and what moved it"},
	{method: "POST", path: "/api/v1/fee-bills", name: "check-fee-bill", public: true, limit: ofReceipt, creates: true, do: plain((*server).checkBill, describeCheckBill),
		summary: "Hold the disbursement account of an agent against the catalogue, line by line"},
	{method: "GET", path: "/api/v1/fee-bills/{secret}", name: "get-fee-bill", public: true, do: plain((*server).getBill, describeBill),
		summary: "A checked account by the secret of its link"},
	{method: "GET", path: "/api/v1/fee-bills/{secret}/file", name: "get-fee-bill-file", public: true, do: plain((*server).getBillFile, describeBillFile),
		summary: "The file of a checked account"},
	{method: "DELETE", path: "/api/v1/fee-bills/{secret}", name: "delete-fee-bill", public: true, do: plain((*server).deleteBill, describeDeleteBill),
		summary: "Delete a checked account with everything that came of it"},
	{method: "POST", path: "/api/v1/fee-ratings", name: "rate-fee-body", public: true, do: plain((*server).rateBody, describeRate),
		summary: "Rate a charging body that is on your checked account"},
	{method: "POST", path: "/api/v1/fee-ratings/{rating}/replies", name: "reply-fee-rating", act: auth.ReplyRating, do: plain((*server).replyRating, describeReply),
		summary: "Reply to a rating, or record the reply of a body"},
	{method: "GET", path: "/api/v1/fee-bodies", name: "list-fee-bodies", public: true, do: plain((*server).listFeeBodies, describeFeeBodies),
		summary: "The charging bodies: what they collect, how accounts and ratings stand"},
	{method: "GET", path: "/api/v1/fee-bodies/{body}", name: "get-fee-body", public: true, do: plain((*server).getFeeBody, describeFeeBody),
		summary: "One charging body with its monthly figures, ratings and replies"},
	{method: "GET", path: "/api/v1/statistics/over-charging", name: "get-over-charging", act: auth.ReadOvercharging, do: plain((*server).overcharging, describeOvercharging),
		summary: "What checked accounts show of each charging body"},
	{method: "GET", path: "/api/v1/rules", name: "list-rules", public: true, do: plain((*server).rules, describeRules),
		summary: "The validation rules: severity, status, source and where each is checked"},
	{method: "GET", path: "/api/v1/codes", name: "list-code-tables", public: true, do: plain((*server).codeTables, describeCodeTables),
		summary: "The code tables: how many codes, whether complete, of which edition"},
	{method: "GET", path: "/api/v1/codes/{table}", name: "list-codes", public: true, do: plain((*server).codesOf, describeCodes),
		summary: "The codes of one table, or what a search finds in it"},

	{method: "GET", path: "/api/v1/fees", name: "list-fees", public: true, do: plain((*server).listFees, describeListFees),
		summary: "Port charges in force on a day, row by row"},
	{method: "GET", path: "/api/v1/fees/{code}", name: "get-fee", public: true, do: plain((*server).getFee, describeGetFee),
		summary: "One port charge with its rows of a day"},
	{method: "POST", path: "/api/v1/fee-quotes", name: "quote-fees", public: true, creates: true, do: plain((*server).quoteFees, describeQuoteFees),
		summary: "Quote a port call, for any day, beside another day or terminal"},
	{method: "GET", path: "/api/v1/fee-quotes/{number}", name: "get-fee-quote", public: true, do: plain((*server).getFeeQuote, describeGetFeeQuote),
		summary: "A quotation as it was given, in any language"},
	{method: "GET", path: "/api/v1/fee-editions", name: "list-fee-editions", public: true, do: plain((*server).listFeeEditions, describeFeeEditions),
		summary: "Published editions of the catalogue of port charges"},
	{method: "GET", path: "/api/v1/fee-editions/{n}/difference/{m}", name: "get-fee-difference", public: true, do: plain((*server).feeDifference, describeFeeDifference),
		summary: "What one edition has otherwise than another"},
	{method: "GET", path: "/api/v1/fee-drafts", name: "list-fee-drafts", act: auth.PublishFees, do: plain((*server).listFeeDrafts, describeFeeEditions),
		summary: "Editions that are not published yet"},
	{method: "POST", path: "/api/v1/fee-editions", name: "draft-fees", act: auth.PublishFees, limit: ofDeclaration, creates: true, do: plain((*server).draftFees, describeDraftFees),
		summary: "Draft the next edition of the catalogue"},
	{method: "POST", path: "/api/v1/fee-editions/{n}/check", name: "check-fees", act: auth.PublishFees, do: plain((*server).checkFees, describeFeeStep(nil, "Checked by a second person")),
		summary: "Say that a draft of another person is right"},
	{method: "POST", path: "/api/v1/fee-editions/{n}/publication", name: "publish-fees", act: auth.PublishFees, do: plain((*server).publishFees, describeFeeStep(reflect.TypeFor[FeePublishing](), "Published; in force at once or on its day")),
		summary: "Publish a checked draft"},
	{method: "POST", path: "/api/v1/fee-editions/{n}/withdrawal", name: "withdraw-fees", act: auth.PublishFees, do: plain((*server).withdrawFees, describeFeeStep(reflect.TypeFor[FeeWithdrawing](), "Withdrawn; the edition before it is in force again")),
		summary: "Take an edition back"},

	{method: "GET", path: "/api/v1/statistics", name: "get-statistics", act: auth.ReadStatistics, do: typed((*server).statistics),
		summary: "Counts by status, mode, office and direction, and the time from acceptance to release"},

	{method: "POST", path: "/api/v1/fee-complaints", name: "complain-about-fee", public: true, limit: ofEvidence, creates: true, do: plain((*server).complain, describeComplain),
		summary: "Complain about a port charge, without signing in"},
	{method: "GET", path: "/api/v1/fee-complaints/figures", name: "get-fee-complaint-figures", public: true, do: plain((*server).complaintFigures, describeComplaintFigures),
		summary: "How complaints were passed on, closed and answered, by month and charging body"},
	{method: "GET", path: "/api/v1/fee-complaints/{secret}", name: "get-fee-complaint", public: true, do: plain((*server).readComplaint, describeReadComplaint),
		summary: "Your complaint, by its secret"},
	{method: "POST", path: "/api/v1/fee-complaints/{secret}/acts", name: "act-on-fee-complaint", public: true, limit: ofEvidence, do: plain((*server).actOnComplaint, describeActOnComplaint),
		summary: "Add to your complaint, accept or reject the answer, escalate or withdraw it"},
	{method: "GET", path: "/api/v1/fee-complaints/{secret}/files/{n}", name: "get-fee-complaint-file", public: true, do: plain((*server).complaintFile, describeComplaintFile),
		summary: "A file of your complaint"},
	{method: "GET", path: "/api/v1/complaint-inbox", name: "list-fee-complaints", act: auth.ReadFeeComplaints, do: plain((*server).listComplaints, describeListComplaints),
		summary: "Complaints about port charges, the most urgent first"},
	{method: "GET", path: "/api/v1/complaint-inbox/{number}", name: "read-fee-complaint", act: auth.ReadFeeComplaints, do: plain((*server).getComplaint, describeGetComplaint),
		summary: "One complaint"},
	{method: "POST", path: "/api/v1/complaint-inbox/{number}/acts", name: "handle-fee-complaint", act: auth.HandleFeeComplaints, limit: ofEvidence, do: plain((*server).handleComplaint, describeHandleComplaint),
		summary: "Forward, answer, escalate or close a complaint"},
	{method: "GET", path: "/api/v1/complaint-inbox/{number}/files/{n}", name: "read-fee-complaint-file", act: auth.ReadFeeComplaints, do: plain((*server).inboxFile, describeInboxFile),
		summary: "A file of a complaint"},

	{method: "GET", path: "/livez", name: "livez", always: true, do: plain((*server).livez, describeLive), summary: "The process answers"},
	{method: "GET", path: "/readyz", name: "readyz", always: true, do: plain((*server).readyz, describeReady), summary: "What it stands on works"},
	{method: "GET", path: "/metrics", name: "metrics", always: true, do: plain((*server).metricsPage, hidden)},
	{method: "GET", path: "/openapi.json", name: "openapi", do: plain((*server).openapi, hidden)},
	{method: "GET", path: "/docs", name: "docs", do: plain((*server).docsPage, hidden)},
}

// limit says which of the configured sizes bounds a body.
type limit int

const (
	ofRest limit = iota
	ofDeclaration
	ofReceipt
	ofEvidence
)

// maxEvidence is five files of 5 MiB in Base64, and the words around them.
const maxEvidence = 36 << 20

func (l limit) of(c *Config) int64 {
	switch l {
	case ofDeclaration:
		return c.MaxDeclaration
	case ofReceipt:
		return c.MaxReceipt
	case ofEvidence:
		return maxEvidence
	}
	return c.MaxBody
}

// register builds the mux from the table.
func (s *server) register() {
	s.api = humago.New(s, s.describe())
	for i := range s.table {
		rt := &s.table[i]
		s.byPath[rt.method+" "+rt.path] = rt
	}
	for i := range s.table {
		rt := &s.table[i]
		rt.do(s, rt)
	}
	s.tidy()
}

// typed is a route whose parameters and answer huma reads and writes.
func typed[I, O any](handle func(*server, context.Context, *I) (*O, error)) registrar {
	return func(s *server, rt *route) {
		op := s.operation(rt)
		huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := handle(s, ctx, in)
			if err != nil {
				return nil, &failure{err: err, status: refuse(err).status}
			}
			return out, nil
		})
	}
}

// plain is a route that reads its own body or writes bytes that are no JSON
// value. huma describes it; its handler gets the request as it came, because
// huma reads bodies into buffers that it uses again.
func plain(handle func(*server, http.ResponseWriter, *http.Request) error, describe func(*server, *huma.Operation)) registrar {
	return func(s *server, rt *route) {
		op := s.operation(rt)
		describe(s, &op)
		if !op.Hidden {
			s.api.OpenAPI().AddOperation(&op)
		}
		s.HandleFunc(rt.method+" "+rt.path, func(w http.ResponseWriter, r *http.Request) {
			if err := handle(s, w, r); err != nil {
				s.problem(w, r, err)
			}
		})
	}
}

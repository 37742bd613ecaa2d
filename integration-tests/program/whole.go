package program

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"kouan/declarations"
	"kouan/declarations/intake"
)

// What a declaration is to be beside the plain one.
const (
	Plain   = ""
	Summary = "5" // of a two-step declaration, without inspection
	Full    = "6"
)

// OwnBill is the plain declaration under a bill and a ship of its own, so
// that a fact is about no other; step makes it one of two steps.
func OwnBill(ref, step string) []byte {
	edits := []string{`"EXBL2026000001"`, `"BL` + ref + `"`, `"EXAMPLE STAR"`, `"SHIP ` + ref + `"`}
	if step != Plain {
		edits = append(edits, `"function_code":"C"`, `"function_code":"C","filing_step":"`+step+`"`)
	}
	if step == Summary {
		edits = append(edits, `"hs_code":"8431390000"`, `"hs_code":"843139"`)
	}
	return []byte(strings.NewReplacer(edits...).Replace(string(JSONDocument(ref))))
}

// Amended is the same with another voyage.
func Amended(ref, voyage string) []byte {
	return bytes.Replace(OwnBill(ref, Plain), []byte(`"026E"`), []byte(`"`+voyage+`"`), 1)
}

// Sheet is a CSV of the English template with one line for each reference.
func Sheet(refs []string) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for i, ref := range refs {
		rows := intake.Read(OwnBill(ref, Plain), intake.JSON)
		if len(rows) != 1 || declarations.Rejected(rows[0].Faults) {
			return nil, fmt.Errorf("the declaration of the kit has faults: %+v", rows)
		}
		d := rows[0].Declaration
		d.Items = d.Items[:1]
		header, lines := intake.Lines(&d, false)
		if i == 0 {
			lines = append([][]string{header}, lines...)
		}
		if err := w.WriteAll(lines); err != nil {
			return nil, fmt.Errorf("write sheet: %w", err)
		}
	}
	return out.Bytes(), nil
}

// Partner adds a partner of the role under the role's name and returns its key.
func (d *Deployment) Partner(ctx context.Context, role string) (string, error) {
	if _, err := d.Do(ctx, "partner", "add", "--id", role, "--name", role, "--role", role); err != nil {
		return "", err
	}
	out, err := d.Do(ctx, "partner", "key", role)
	if err != nil {
		return "", err
	}
	if keyIn(out) == "" {
		return "", fmt.Errorf("no key in %q", out)
	}
	return keyIn(out), nil
}

// Ask sends JSON, or a GET without a body, and decodes an answer of 2xx into
// out (nil: no matter); any other status is an error.
func Ask(ctx context.Context, method, url, key string, body []byte, out any, header ...string) error {
	if body != nil && len(header) == 0 {
		header = []string{"Content-Type", "application/json"}
	}
	a, err := Call(ctx, method, url, key, body, header...)
	if err != nil {
		return err
	}
	if a.Status/100 != 2 {
		return &Refusal{method + " " + url, a.Status, a.Body}
	}
	if out == nil {
		return nil
	}
	return a.Into(out)
}

// Refusal is an answer that is no success.
type Refusal struct {
	Request string
	Status  int
	Body    []byte
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%s: status %d: %s", r.Request, r.Status, r.Body)
}

// Standing submits a declaration and lets customs accept it: channel is J, or
// SpK for a summary that may be collected. number tells it from all others.
func (d *Deployment) Standing(ctx context.Context, base, ref, step string, number int, channel string) (id string, err error) {
	var got struct {
		ID string `json:"id"`
	}
	if err := Ask(ctx, http.MethodPost, base+"/api/v1/declarations", d.Forwarder, OwnBill(ref, step), &got); err != nil {
		return "", err
	}
	for _, body := range Receipts(ref, number, channel) {
		if err := Ask(ctx, http.MethodPost, base+"/api/v1/receipts", d.Customs, body, nil, "Content-Type", "application/xml"); err != nil {
			return "", err
		}
	}
	return got.ID, nil
}

// Receipts are an import response and a business receipt about the reference.
func Receipts(ref string, number int, channel string) [][]byte {
	seqNo := fmt.Sprintf("I2026%013d", number)
	return [][]byte{
		fmt.Appendf(nil, `<DecImportResponse xmlns="http://www.chinaport.gov.cn/dec"><ResponseCode>0</ResponseCode><ErrorMessage>示例</ErrorMessage><ClientSeqNo>%s</ClientSeqNo><SeqNo>%s</SeqNo></DecImportResponse>`, ref, seqNo),
		fmt.Appendf(nil, `<DEC_RESULT><CUS_CIQ_NO>%s</CUS_CIQ_NO><ENTRY_ID></ENTRY_ID><NOTICE_DATE>2026-01-05T10:17:00</NOTICE_DATE><CHANNEL>%s</CHANNEL><NOTE>示例</NOTE><CUSTOM_MASTER>0900</CUSTOM_MASTER></DEC_RESULT>`, seqNo, channel),
	}
}

// Asked asks about a declaration under its own idempotency key and returns the
// id of the request: what is amendments?reason=x, cancellation, withdrawal.
func (d *Deployment) Asked(ctx context.Context, base, id, what, key string, body []byte) (request string, err error) {
	var got struct {
		Request struct {
			ID string `json:"id"`
		} `json:"request"`
	}
	err = Ask(ctx, http.MethodPost, base+"/api/v1/declarations/"+id+"/"+what, d.Forwarder, body, &got, "Content-Type", "application/json", "Idempotency-Key", key)
	return got.Request.ID, err
}

// Complete sends the full declaration of a summary and says which attempt it became.
func (d *Deployment) Complete(ctx context.Context, base, id, ref, key string) (attempt int, err error) {
	var got struct {
		Attempt int `json:"attempt"`
	}
	err = Ask(ctx, http.MethodPost, base+"/api/v1/declarations/"+id+"/completion?confirm=1", d.Forwarder, OwnBill(ref, Full), &got,
		"Content-Type", "application/json", "Idempotency-Key", key)
	return got.Attempt, err
}

// Decide lets customs approve or refuse a request and returns its state.
func (d *Deployment) Decide(ctx context.Context, base, request, decision string) (state string, err error) {
	var got struct {
		State string `json:"state"`
	}
	body, err := json.Marshal(map[string]string{"request": request, "decision": decision, "text": "示例"})
	if err != nil {
		return "", fmt.Errorf("write decision: %w", err)
	}
	err = Ask(ctx, http.MethodPost, base+"/api/v1/decisions", d.Customs, body, &got)
	return got.State, err
}

// Fact is one report about the declaration of a reference.
func Fact(ref, number string) []byte {
	return fmt.Appendf(nil, `{"kind":"carrier_release","bill_number":"BL%s","voyage_number":"026E","occurred_at":"2026-01-05T02:00:00Z","reference":"%s"}`, ref, number)
}

// Report hands a fact in and returns its id.
func Report(ctx context.Context, base, key string, fact []byte) (id string, err error) {
	var got struct {
		ID string `json:"id"`
	}
	err = Ask(ctx, http.MethodPost, base+"/api/v1/facts", key, fact, &got)
	return got.ID, err
}

// Upload hands in a sheet and returns the ids of its rows, in order; a
// refused row is an error.
func (d *Deployment) Upload(ctx context.Context, base string, sheet []byte) (ids []string, err error) {
	var got struct {
		Refused int `json:"refused"`
		Results []struct {
			ID     string          `json:"id"`
			Faults json.RawMessage `json:"faults"`
		} `json:"results"`
	}
	if err := Ask(ctx, http.MethodPost, base+"/api/v1/declarations", d.Forwarder, sheet, &got, "Content-Type", "text/csv"); err != nil {
		return nil, err
	}
	if got.Refused > 0 {
		return nil, fmt.Errorf("%d rows refused: %+v", got.Refused, got.Results)
	}
	for _, r := range got.Results {
		ids = append(ids, r.ID)
	}
	return ids, nil
}

// Entries counts the timeline entries of a declaration by kind.
func (d *Deployment) Entries(ctx context.Context, base, id string) (map[string]int, error) {
	var got struct {
		Entries []struct {
			Kind string `json:"kind"`
		} `json:"entries"`
	}
	if err := Ask(ctx, http.MethodGet, base+"/api/v1/declarations/"+id+"/timeline", d.Forwarder, nil, &got); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, e := range got.Entries {
		counts[e.Kind]++
	}
	return counts, nil
}

// LoggedErrors are the lines of a process's log that report a fault of ours.
func (d *Deployment) LoggedErrors(name string) (found []string, err error) {
	log, err := os.ReadFile(filepath.Join(d.Dir, name+".log"))
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	for line := range strings.Lines(string(log)) {
		if strings.Contains(line, "level=ERROR") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found, nil
}

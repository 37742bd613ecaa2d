package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kouan/tariffs"
)

const sheetHead = "row_no,item_code,component,item_zh,item_en,regime,collector_zh,payer_zh,schedule_kind,trade,cargo_class,container_size,load_state,direction,ship_type,nt_from,nt_to,loa_from,loa_to,distance_from_nm,distance_to_nm,basis_zh,amount,amount_kind,currency,unit,reason_zh,when_how_paid_zh,legal_basis,article,valid_from,valid_to,published_at,urgent,complaint_channel,attachment,verification,note\n"

// publishedAt is a database in which a tug company has published a price.
func publishedAt(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	db, sheet := "sqlite://"+filepath.Join(dir, "kouan.db"), filepath.Join(dir, "prices.csv")
	row := "1,TOWAGE,,拖轮费,Tug charge,government_guided,大连甲拖轮有限公司,船方,matrix,international,,,,,container_roro_passenger,,,220,260,,,拖轮艘次,8123,at_most,CNY,C62,协助靠离泊,作业后三十日内转账,交水规〔2019〕2号,拖轮费表,2027-03-01,,2026-12-01,yes,CH-12345-DL,,unverified,\n"
	if err := os.WriteFile(sheet, []byte(sheetHead+row), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"migrate", "--db", db}, {"fees", "import", "--draft", "--by", "Anna", "--db", db, sheet},
		{"fees", "check-draft", "--by", "Bert", "--db", db, "2"}, {"fees", "publish", "--by", "Anna", "--db", db, "2"}} {
		if code, out, errs := gatewaySays(t, append(args, "--lang", "en")...); code != exitDone {
			t.Fatalf("%v: exit code %d: %s%s", args, code, out, errs)
		}
	}
	return db
}

func TestCommandsAnswerByTheEditionOfTheDatabase(t *testing.T) {
	t.Parallel()
	db := publishedAt(t)
	list := []string{"fees", "list", "--on", "2027-04-01", "--item", "TOWAGE", "--csv", "--lang", "en"}
	_, out, errs := gatewaySays(t, list...)
	if strings.Contains(out, "8123") || !strings.Contains(errs, "By the tables that this program carries") {
		t.Errorf("without a database: %s\n%s", out, errs)
	}
	code, out, errs := gatewaySays(t, append(list, "--db", db)...)
	if code != exitDone || !strings.Contains(out, "8123") || !strings.Contains(out, "大连甲拖轮有限公司") || !strings.Contains(errs, "By edition 2 of the catalogue") {
		t.Errorf("by the edition in force: %d %s\n%s", code, out, errs)
	}
	if _, out, errs := gatewaySays(t, append(list, "--db", db, "--edition", "1")...); strings.Contains(out, "8123") || !strings.Contains(errs, "By edition 1 of the catalogue") {
		t.Errorf("by the first edition: %s\n%s", out, errs)
	}
	for _, number := range []string{"7", "-1"} {
		if code, out, errs := gatewaySays(t, append(list, "--db", db, "--edition="+number)...); code == exitDone || out != "" || !strings.Contains(errs, "no published edition "+number) {
			t.Errorf("an edition that is not there: %d %s %s", code, out, errs)
		}
	}
	file := filepath.Join(t.TempDir(), "fees.csv")
	if code, _, errs := gatewaySays(t, "fees", "export", "--csv", "--out", file, "--on", "2027-04-01", "--db", db); code != exitDone {
		t.Fatalf("export: %d %s", code, errs)
	}
	body, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(body), ",8123,") {
		t.Errorf("the export lacks the published price: %v", err)
	}
}

func TestAQuoteAndAnAccountGoByTheEditionOfTheDatabase(t *testing.T) {
	t.Parallel()
	db, dir := publishedAt(t), t.TempDir()
	call, own, account := filepath.Join(dir, "call.json"), filepath.Join(dir, "own.json"), filepath.Join(dir, "account.csv")
	for name, text := range map[string]string{
		call:    `{"on":"2027-04-01","ship":{"type":"container_roro_passenger","length_overall_m":"250"},"tugs":{"in":1}}`,
		own:     `{"on":"2027-04-01","ship":{"type":"container_roro_passenger","length_overall_m":"250"},"tugs":{"in":1},"collectors":{"TOWAGE":"大连甲拖轮有限公司"}}`,
		account: "line,text_zh,quantity,unit,rate,amount\n1,拖轮费(进),1,C62,8124,8124.00\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	reads := func(into any, args ...string) {
		t.Helper()
		code, out, errs := gatewaySays(t, append([]string{"fees"}, args...)...)
		if code != exitDone {
			t.Fatalf("%v: %d %s", args, code, errs)
		}
		if err := json.Unmarshal([]byte(out), into); err != nil {
			t.Fatalf("%v: %v in %s", args, err, out)
		}
	}
	tug := func(q *tariffs.Quotation) (row string, amount tariffs.Fen) {
		for i := range q.Lines {
			if l := &q.Lines[i]; l.Item == "TOWAGE" && l.Amount != nil {
				return l.Collector, *l.Amount
			}
		}
		return "", 0
	}
	var here, there tariffs.Quotation
	reads(&here, "quote", "--json", call)
	reads(&there, "quote", "--json", "--db", db, own)
	if _, amount := tug(&here); amount == 812300 || here.Catalogue != tariffs.BuiltIn().Version {
		t.Errorf("without a database the tug costs %s", amount)
	}
	if who, amount := tug(&there); amount != 812300 || who != "大连甲拖轮有限公司" || there.Catalogue == here.Catalogue {
		t.Errorf("by the edition in force the tug of %q costs %s", who, amount)
	}
	var findings []tariffs.AccountFinding
	reads(&findings, "check", "--json", "--db", db, "--call", own, account)
	if len(findings) == 0 || findings[0].Reference == nil || *findings[0].Reference != 812300 {
		t.Errorf("the account was held against %+v", findings)
	}
}

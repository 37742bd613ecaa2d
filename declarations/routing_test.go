package declarations

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const operatorTable = `[
  {"name": "dalian-processing", "when": {"direction": "import", "office_prefix": "09", "trade_modes": ["0214", "0615"]}, "channel": "dxp", "profile": "bonded"},
  {"name": "summaries", "when": {"filing_step": "5"}, "channel": "dxp", "profile": "summary"},
  {"name": "combined", "when": {"combined_port": true}, "channel": "dxp", "profile": "combined"},
  {"name": "ordinary-lists", "when": {"form_type": "ML", "filing_step": "0", "combined_port": false}, "channel": "dxp", "profile": "list"},
  {"name": "rest", "channel": "filedrop", "profile": "4.8"}
]`

func TestFirstMatchingRouteWins(t *testing.T) {
	t.Parallel()
	table, err := LoadTable([]byte(operatorTable))
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		header Header
		want   string
	}{
		"all conditions hold":          {Header{TradeDirection: Import, DeclarationOfficeCode: "0901", TradeModeCode: "0615"}, "dalian-processing"},
		"another direction":            {Header{TradeDirection: Export, DeclarationOfficeCode: "0901", TradeModeCode: "0615"}, "rest"},
		"another office":               {Header{TradeDirection: Import, DeclarationOfficeCode: "0801", TradeModeCode: "0615"}, "rest"},
		"no office":                    {Header{TradeDirection: Import, TradeModeCode: "0615"}, "rest"},
		"another trade mode":           {Header{TradeDirection: Import, DeclarationOfficeCode: "0901", TradeModeCode: "0110"}, "rest"},
		"an earlier route goes first":  {Header{TradeDirection: Import, DeclarationOfficeCode: "0900", TradeModeCode: "0214", FilingStep: "5"}, "dalian-processing"},
		"a summary in a combined port": {Header{FilingStep: "5", IsCombinedPort: true}, "summaries"},
		"a combined port":              {Header{IsCombinedPort: true, FormType: "ML"}, "combined"},
		"blank is ordinary":            {Header{FormType: "ML"}, "ordinary-lists"},
		"0 is ordinary":                {Header{FormType: "ML", FilingStep: "0"}, "ordinary-lists"},
		"full is not ordinary":         {Header{FormType: "ML", FilingStep: "6"}, "rest"},
		"an empty declaration":         {Header{}, "rest"},
	} {
		d := &Declaration{Header: row.header}
		got, ok := table.Route(d)
		if !ok || got.Name != row.want {
			t.Errorf("%s: route %s, want %s", name, got.Name, row.want)
		}
		for _, s := range table.Explain(d) {
			if s.Matched != (s.Route.Name == row.want) {
				t.Errorf("%s: explained %s as matched %v", name, s.Route.Name, s.Matched)
			}
		}
	}
	if r, ok := (Table{}).Route(&Declaration{}); ok {
		t.Errorf("an empty table routes to %s", r.Name)
	}
}

func TestExplainNamesTheConditionThatFails(t *testing.T) {
	t.Parallel()
	table, err := LoadTable([]byte(operatorTable))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range table.Explain(&Declaration{Header: Header{TradeDirection: Import, DeclarationOfficeCode: "0801", IsCombinedPort: true}}) {
		got = append(got, s.Reason)
	}
	want := []string{
		"declaration office is 0801, the route wants 09…",
		"filing step is 0, the route wants 5",
		"all conditions hold",
		"not reached: combined was taken",
		"not reached: combined was taken",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestOperatorsTableIsReadStrictly(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ table, want string }{
		"no catch-all":            {`[{"name":"a","when":{"direction":"import"},"channel":"c","profile":"p"}]`, "must be a catch-all"},
		"empty":                   {`[]`, "must be a catch-all"},
		"catch-all in the middle": {`[{"name":"a","channel":"c","profile":"p"},{"name":"b","channel":"c","profile":"p"}]`, "never reached"},
		"a name twice":            {`[{"name":"a","when":{"filing_step":"5"},"channel":"c","profile":"p"},{"name":"a","channel":"c","profile":"p"}]`, "stands twice"},
		"no channel":              {`[{"name":"a","profile":"p"}]`, "no channel"},
		"no profile":              {`[{"name":"a","channel":"c"}]`, "no profile"},
		"no name":                 {`[{"channel":"c","profile":"p"}]`, "no name"},
		"unknown direction":       {`[{"name":"a","when":{"direction":"both"},"channel":"c","profile":"p"}]`, "neither import nor export"},
		"unknown step":            {`[{"name":"a","when":{"filing_step":"7"},"channel":"c","profile":"p"}]`, "none of 0, 5, 6"},
		"unknown condition":       {`[{"name":"a","when":{"office":"09"},"channel":"c","profile":"p"}]`, "office"},
		"a member twice":          {`[{"name":"a","name":"b","channel":"c","profile":"p"}]`, "duplicate"},
	} {
		if _, err := LoadTable([]byte(row.table)); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, row.want)
		}
	}
}

package strictjson

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

type report struct {
	Name  string               `json:"name"`
	Count int                  `json:"count"`
	Mass  declarations.Decimal `json:"mass"`
	At    time.Time            `json:"at"`
	Done  bool                 `json:"done"`
	Parts []struct {
		Seals []string `json:"seals"`
	} `json:"parts"`
}

func TestWhatDoesNotFitIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, want string }{
		{`{"nme":1}`, "DEC-1002 nme name=nme"},
		{`{"parts":[{},{"seal":[]}]}`, "DEC-1002 parts[1].seal name=seal"},
		{`{"name":7}`, "DEC-1004 name got=number want=string"},
		{`{"count":"7"}`, "DEC-1004 count got=string want=number"},
		{`{"count":7.5}`, "DEC-1004 count got=number want=number"},
		{`{"mass":true}`, "DEC-1004 mass got=boolean want=string_or_number"},
		{`{"parts":{}}`, "DEC-1004 parts got=object want=array"},
		{`{"parts":[7]}`, "DEC-1004 parts[0] got=number want=object"},
		{`{"done":"yes"}`, "DEC-1004 done got=string want=boolean"},
		{`{"parts":[{"seals":[{}]}]}`, "DEC-1004 parts[0].seals[0] got=object want=string"},
		{`7`, "DEC-1004  got=number want=object"},
		{`{"at":"at"}`, "DEC-1004 at got=string want=string (at)"},
		{`{"at":""}`, "DEC-1004 at got=string want=string ( )"},
		{`{"at":5}`, "DEC-1004 at got=number want=string"},
	} {
		values, _, fault := Split([]byte(c.body))
		if fault != nil {
			t.Fatalf("%s: %+v", c.body, *fault)
		}
		var r report
		f, badTime := Read(values[0], &r)
		if f == nil {
			t.Errorf("%s: no fault", c.body)
			continue
		}
		got := f.Code + " " + f.Path
		for _, name := range []string{"name", "got", "want"} {
			if v, has := f.Args[name]; has {
				got += " " + name + "=" + v
			}
		}
		if badTime != "" {
			got += " (" + badTime + ")"
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.body, diff)
		}
	}
}

func TestBodiesAreTakenApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body   string
		values int
		list   bool
		want   string
	}{
		{"{}", 1, false, ""}, {" [] ", 0, true, ""}, {"[{},1]", 2, true, ""}, {"", 0, false, "DEC-1007"}, {"\n", 0, false, "DEC-1007"},
		{`{"a":1,"a":2}`, 0, false, "DEC-1003"}, {`{"a":`, 0, false, "DEC-1001"}, {"{} {}", 0, false, "DEC-1001"}, {"\xff", 0, false, "DEC-1001"},
		{"{\n \"b\": x}", 0, false, "DEC-1001"},
	} {
		values, list, fault := Split([]byte(c.body))
		got := ""
		if fault != nil {
			got = fault.Code
		}
		if len(values) != c.values || list != c.list || got != c.want {
			t.Errorf("%q: %d values, list %t, fault %q", c.body, len(values), list, got)
		}
	}
	_, _, fault := Split([]byte("{\n \"b\": x}"))
	if fault.Line != 2 || fault.Column != 7 {
		t.Errorf("at %d:%d, want 2:7", fault.Line, fault.Column)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`[{"name":"a","at":"2026-11-26T10:05:00Z","parts":[{"seals":["1"]}]}]`))
	f.Add([]byte(`{"at":"at","mass":1e5}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		values, _, fault := Split(body)
		if fault != nil && len(values) > 0 {
			t.Fatal("values beside a fault")
		}
		for _, v := range values {
			var r report
			if f, _ := Read(v, &r); f != nil && f.Code == "" {
				t.Fatal("a fault without a code")
			}
		}
	})
}

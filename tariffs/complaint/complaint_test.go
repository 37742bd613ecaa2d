package complaint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/tariffs"
)

func TestComplaintsAreChecked(t *testing.T) {
	t.Parallel()
	good := Complaint{Kind: "overcharge", Text: "引航费比目录高出一倍，请核查。", Amount: "33750.00", ChargedOn: "2026-11-20"}
	if f := good.Check("2026-11-26"); len(f) != 0 {
		t.Fatalf("a good complaint: %+v", f)
	}
	for _, c := range []struct {
		name   string
		change func(*Complaint)
		want   string
	}{
		{"no kind", func(c *Complaint) { c.Kind = "" }, "kind " + CodeChoice},
		{"short", func(c *Complaint) { c.Text = "太贵" }, "text " + CodeText},
		{"blanks", func(c *Complaint) { c.Text = strings.Repeat(" ", 50) }, "text " + CodeText},
		{"long", func(c *Complaint) { c.Text = strings.Repeat("长", 4001) }, "text " + CodeLong},
		{"turned", func(c *Complaint) { c.Text += "\u202eevil" }, "text " + CodeChars},
		{"NUL", func(c *Complaint) { c.Ship = "a\x00b" }, "ship " + CodeChars},
		{"bad bytes", func(c *Complaint) { c.Body = "\xff" }, "body " + CodeChars},
		{"sign", func(c *Complaint) { c.Amount = "-5" }, "amount " + CodeAmount},
		{"nothing charged", func(c *Complaint) { c.Amount = "0.00" }, "amount " + CodeAmount},
		{"thousands", func(c *Complaint) { c.Amount = "33,750" }, "amount " + CodeAmount},
		{"exponent", func(c *Complaint) { c.Amount = "1e9" }, "amount " + CodeAmount},
		{"full width", func(c *Complaint) { c.Amount = "１００" }, "amount " + CodeAmount},
		{"three decimals", func(c *Complaint) { c.Amount = "1.005" }, "amount " + CodeAmount},
		{"no day", func(c *Complaint) { c.ChargedOn = "2026-02-30" }, "charged_on " + CodeDay},
		{"to come", func(c *Complaint) { c.ChargedOn = "2026-11-27" }, "charged_on " + CodeDay},
	} {
		one := good
		c.change(&one)
		f := one.Check(tariffs.Day("2026-11-26"))
		if len(f) != 1 || f[0].Path+" "+f[0].Code != c.want {
			t.Errorf("%s: %+v, want %s", c.name, f, c.want)
		}
	}
}

func TestContactsAreChecked(t *testing.T) {
	t.Parallel()
	for in, want := range map[Contact]string{
		{}: "", {Name: "Иванов", Mail: "a.b+c@example.com", Phone: "+86 (411) 8888-0000"}: "", {Name: "王"}: "",
		{Mail: "nobody"}: CodeMail, {Mail: "a@b"}: CodeMail, {Mail: "a@b.c, d@e.f"}: CodeMail, {Mail: "@b.c"}: CodeMail,
		{Phone: "call me"}: CodePhone, {Phone: "+-"}: CodePhone, {Name: "a\nb"}: CodeChars,
	} {
		var got []string
		for _, f := range in.Check() {
			got = append(got, f.Code)
		}
		if diff := cmp.Diff(strings.Fields(want), got, cmp.Transformer("len", func(s []string) string { return strings.Join(s, " ") })); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", in, diff)
		}
	}
}

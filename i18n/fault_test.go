package i18n

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFault(t *testing.T) {
	t.Parallel()
	unclosed := map[string]string{"reason": "unclosed_element", "open": "GrossWet", "end_tag": "DecHead", "line": "17"}
	for _, c := range []struct {
		name, code, want string
		lang             Lang
		args             map[string]string
	}{
		{"a reason is shown in words with its own arguments", "DEC-0001",
			"文件不是格式正确的 XML：元素 GrossWet 缺少结束标签，第 17 行是 DecHead 的结束标签。改正后重新提交。", ZhHans, unclosed},
		{"the same slug serves every language", "DEC-0001",
			"Das Dokument ist kein wohlgeformtes XML: Element GrossWet hat keinen Endtag; in Zeile 17 steht der Endtag von DecHead. Berichtigen und erneut einreichen.", De, unclosed},
		{"an unknown slug is shown as it is", "DEC-0001",
			"The document is not well-formed XML: new_reason. Correct it and submit again.", En, map[string]string{"reason": "new_reason"}},
		{"a missing slug shows", "DEC-0001",
			"The document is not well-formed XML: (?). Correct it and submit again.", En, nil},
		{"a limit has its unit, and the figures of the language", "DEC-1010",
			"Das Dokument ist größer als erlaubt (4.194.304 Bytes). Aufteilen oder verkleinern und erneut einreichen.", De, map[string]string{"limit": "4194304", "unit": "bytes"}},
		{"a reason can name a unit", "DEC-1008",
			"不能原样保留 TrnHead 的 XML：超过上限：100,000 个元素。改正后重新提交。", ZhHans,
			map[string]string{"element": "TrnHead", "reason": "too_large", "limit": "100000", "unit": "elements"}},
		{"kinds are words, and a value is never taken for one", "DEC-1004",
			"值的类型不对：应为文本，收到的是“number”这样的值。", ZhHans, map[string]string{"want": "string", "got": "value", "value": "number"}},
		{"what is not kept is not said to be kept", "DEC-0007",
			"@id 不是已知的元素或属性。内容未保留，不会发送；核对名称，或将其删除。", ZhHans, map[string]string{"element": "@id", "kept": "false"}},
		{"a number in the place of a slug stays", "DEC-0026",
			"商品序号为“3”，此处应为 2。序号须从 1 起连续、不重复、按顺序排列。", ZhHans, map[string]string{"value": "3", "want": "2"}},
		{"a code without a text is shown as its key", "DEC-9999", "fault.DEC-9999", En, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			before := maps.Clone(c.args)
			if diff := cmp.Diff(c.want, For(c.lang).Fault(c.code, c.args)); diff != "" {
				t.Errorf("Fault(%s) (-want +got)\n%s", c.code, diff)
			}
			if diff := cmp.Diff(before, c.args); diff != "" {
				t.Errorf("the arguments were changed (-before +after)\n%s", diff)
			}
			if got := For(c.lang).Text("fault."+c.code, c.args); got != c.want {
				t.Errorf("Text says %q", got)
			}
		})
	}
}

func TestZeroPrinterShowsTheKeyOfAFault(t *testing.T) {
	t.Parallel()
	if got := (Printer{}).Fault("DEC-0001", map[string]string{"reason": "not_utf8"}); got != "fault.DEC-0001" {
		t.Errorf("zero Printer wrote %q", got)
	}
}

// Words of slugs stand inside sentences: a second full stop would end them early.
func TestReasonsArePartsOfSentences(t *testing.T) {
	t.Parallel()
	for lang, texts := range own(t) {
		for key, tx := range texts {
			whole := strings.Join(tx.words, "X")
			if strings.HasPrefix(key, "reason.") && (strings.HasSuffix(whole, ".") || strings.HasSuffix(whole, "。")) {
				t.Errorf("%s in %s ends a sentence: %q", key, lang, whole)
			}
		}
	}
}

func BenchmarkFault(b *testing.B) {
	p := For(ZhHans)
	args := map[string]string{"reason": "unclosed_element", "open": "GrossWet", "end_tag": "DecHead", "line": "17"}
	b.ReportAllocs()
	for b.Loop() {
		p.Fault("DEC-0001", args)
	}
}

package intake

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
)

// TemplateOptions say how a template is written. Words translates the few
// words of the explanation, by keys that begin with template.
type TemplateOptions struct {
	Format  Format // CSV or XLSX
	Chinese bool   // the headers are Chinese; else English. Reading takes either
	Words   func(key string) string
}

// Template writes an empty table to be filled: one row for each goods line.
// In a workbook every column has the format of text, so that zeros in front
// survive, and a second sheet explains each column.
func Template(out io.Writer, o TemplateOptions) error {
	columns := templateColumns()
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name(o.Chinese)
	}
	if o.Format == CSV {
		w, err := newCSV(out)
		if err != nil {
			return fmt.Errorf("write template: %w", err)
		}
		if err := w.Write(names); err != nil {
			return fmt.Errorf("write template: %w", err)
		}
		w.Flush()
		return w.Error()
	}
	f := excelize.NewFile()
	const data = "Sheet1"
	if err := f.SetSheetName(data, o.Words("template.sheet")); err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	if err := templateSheet(f, o.Words("template.sheet"), columns, names); err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	if err := explanation(f, columns, o); err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	if err := f.Write(out); err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	return f.Close()
}

func (c *column) name(chinese bool) string { return c.labels.name(chinese) }

func (l Labels) name(chinese bool) string {
	if chinese {
		return l.Zh
	}
	return l.En
}

// textFormat is the built-in number format @.
const textFormat = 49

func templateSheet(f *excelize.File, sheet string, columns []*column, names []string) error {
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: textFormat})
	if err != nil {
		return err
	}
	must, err := f.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := w.SetColStyle(1, len(columns), text); err != nil {
		return err
	}
	if err := w.SetColWidth(1, len(columns), 18); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	row := make([]any, len(names))
	for i, name := range names {
		style := text
		if columns[i].need != declarations.Optional && !columns[i].inGroup() {
			style = must
		}
		row[i] = excelize.Cell{StyleID: style, Value: name}
	}
	if err := w.SetRow("A1", row); err != nil {
		return err
	}
	return w.Flush()
}

// explanation is the second sheet: how to fill the first, and a row for each column.
func explanation(f *excelize.File, columns []*column, o TemplateOptions) error {
	sheet := o.Words("template.explanation")
	if _, err := f.NewSheet(sheet); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: textFormat})
	if err != nil {
		return err
	}
	n := 0
	write := func(values ...string) error {
		row := make([]any, len(values))
		for i, v := range values {
			row[i] = excelize.Cell{StyleID: text, Value: v}
		}
		n++
		return w.SetRow("A"+strconv.Itoa(n), row)
	}
	if err := write(cells.TemplateMark); err != nil {
		return err
	}
	for _, rule := range []string{"template.rule_rows", "template.rule_reference", "template.rule_lists", "template.rule_values"} {
		if err := write(o.Words(rule)); err != nil {
			return err
		}
	}
	if err := write(o.Words("template.name"), o.Words("template.other_name"), o.Words("template.path"), o.Words("template.element"),
		o.Words("template.need"), o.Words("template.form"), o.Words("template.codes"), o.Words("template.example")); err != nil {
		return err
	}
	for _, c := range columns {
		if err := write(c.name(o.Chinese), c.name(!o.Chinese), c.path, c.element, needText(c, o), formText(c, o), codeTable(c), c.example); err != nil {
			return err
		}
	}
	if err := write(); err != nil {
		return err
	}
	if err := write(o.Words("template.beyond")); err != nil {
		return err
	}
	for _, g := range beyondTables {
		if err := write(g.name(o.Chinese), g.name(!o.Chinese), g.path); err != nil {
			return err
		}
	}
	return w.Flush()
}

// inGroup reports a column of a group that need not be there.
func (c *column) inGroup() bool { return c.grouped || c.list != "" }

func needText(c *column, o TemplateOptions) string {
	switch {
	case c.need != declarations.Optional && c.inGroup():
		return o.Words("template.in_group")
	case c.need == declarations.Always:
		return o.Words("template.always")
	case c.need == declarations.OnDeclare:
		return o.Words("template.on_declare")
	}
	return ""
}

// formText is the kind of a field and its length, as the fields of the message have them.
func formText(c *column, o TemplateOptions) string {
	switch c.kind {
	case declarations.Number:
		return o.Words("template.number") + " " + strconv.Itoa(c.length) + "," + strconv.Itoa(c.decimals)
	case declarations.Whole:
		return o.Words("template.whole") + " " + strconv.Itoa(c.length)
	case declarations.Day:
		return "yyyyMMdd"
	case declarations.DashedDay:
		return "yyyy-MM-dd"
	case declarations.Instant:
		return "yyyyMMddHHmmssff"
	}
	return o.Words("template.text") + " " + strconv.Itoa(c.length)
}

// codeTable names the code table of a column; gateway codes lists it.
func codeTable(c *column) string {
	name := c.path[strings.LastIndexByte(c.path, '.')+1:]
	if table, known := codeTables[name]; known {
		return table
	}
	switch {
	case strings.HasSuffix(name, "currency"):
		return "currencies"
	case strings.HasSuffix(name, "_unit_code"):
		return "units"
	case strings.Contains(name, "country"), c.element == "TradeCountry":
		return "countries"
	case strings.HasSuffix(name, "port_code"):
		return "ports"
	}
	return ""
}

var codeTables = map[string]string{
	"trade_mode_code": "trade_modes", "levy_nature_code": "levy_natures", "duty_mode_code": "duty_modes", "package_kind_code": "package_types",
	"declaration_office_code": "customs_offices", "border_office_code": "customs_offices", "destination_office_code": "customs_offices",
	"border_mode_code": "transport_modes", "delivery_terms_code": "transaction_terms", "goods_attribute_codes": "goods_attributes",
	"document_type_code": "attached_document_codes", "form_type": "declaration_types", "type_as_read": "declaration_types",
}

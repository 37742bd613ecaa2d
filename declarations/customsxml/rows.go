package customsxml

import "kouan/declarations"

// rows says how a list stands in the message: in a wrapper or directly under DecMessage.
type rows[T any] struct {
	wrapper, element string
	path             string // of the list in the canonical JSON
	layout           group[T]
}

var (
	containerRows  = rows[declarations.Container]{"DecContainers", "Container", "containers", containerGroup}
	documentRows   = rows[declarations.Document]{"DecLicenseDocus", "LicenseDocu", "documents", documentGroup}
	attachmentRows = rows[declarations.Attachment]{"", "EdocRealation", "attachments", attachmentGroup}
	originLinkRows = rows[declarations.OriginLink]{"", "EcoRelation", "origin_links", originLinkGroup}
)

// at is the place of row i (from 0) relative to DecMessage, as Carried names it.
func (r *rows[T]) at(i int) string {
	if r.wrapper == "" {
		return rowName(r.element, i)
	}
	return r.wrapper + "/" + rowName(r.element, i)
}

// containers writes DecContainers (集装箱) when there is any.
func (w *writer) containers() { writeRows(w, &containerRows, w.d.Containers) }

// documents writes DecLicenseDocus (随附单证) when there is any.
func (w *writer) documents() { writeRows(w, &documentRows, w.d.Documents) }

// attachments writes EdocRealation (电子随附单据关联关系), without a wrapper.
func (w *writer) attachments() { writeRows(w, &attachmentRows, w.d.Attachments) }

// originLinks writes EcoRelation (随附单证对应关系), without a wrapper.
func (w *writer) originLinks() { writeRows(w, &originLinkRows, w.d.OriginLinks) }

func writeRows[T any](w *writer, r *rows[T], list []T) {
	if len(list) == 0 && (r.wrapper == "" || !w.hasUnknownIn(r.wrapper)) {
		return
	}
	indent := "  "
	if r.wrapper != "" {
		w.line("  <" + r.wrapper + ">")
		indent = "    "
	}
	for i := range list {
		w.b = append(append(append(append(w.b, indent...), '<'), r.element...), ">\n"...)
		w.b = scalars(w.b, &r.layout, &list[i], 0, len(r.layout.fields), false)
		if len(w.d.Carried) > 0 {
			w.unknownIn(r.at(i), indent+"  ")
		}
		w.b = append(append(append(append(w.b, indent...), "</"...), r.element...), ">\n"...)
	}
	if r.wrapper != "" {
		w.unknownIn(r.wrapper, "    ")
		w.line("  </" + r.wrapper + ">")
	}
}

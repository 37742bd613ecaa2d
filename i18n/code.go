package i18n

// codePrefix is what the keys of words about code tables begin with.
const codePrefix = "code."

// Code is the word for a slug of the code tables; kind is table, status,
// standing or gap. What has no word is shown as it is: an operator may have
// said in words of his own why a table is not complete.
func (p Printer) Code(kind, slug string) string {
	key := codePrefix + kind + "." + slug
	if _, known := Placeholders(key); !known {
		return slug
	}
	return p.Text(key, nil)
}

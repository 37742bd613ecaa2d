package web

import "kouan/i18n"

// fault puts what is wrong with a field of a public form into words. The
// arguments come in pairs of name and value.
func fault(v *visit, code, field string, pairs ...string) Fault {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return Fault{Code: code, Path: field, Message: i18n.For(v.lang).Fault(code, args)}
}

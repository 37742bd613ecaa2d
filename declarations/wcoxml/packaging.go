package wcoxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
)

// packagingBlock: marks, kind and number of packages stand at the declaration
// here, at every line in WCO. The marks are repeated on every packaging line
// and read back as their distinct values; further packages (其他包装) stand at
// the first line.
func packagingBlock() block[declaration] {
	class := itemNode().Child("Packaging")
	seq, marks, count, kind := class.Child("SequenceNumeric"), class.Child("MarksNumbersID"), class.Child("QuantityQuantity"), class.Child("TypeCode")
	const marksName, kindName = "declaration.shipping_marks", "declaration.package_kind_code"
	kindRow, countRow := pair(kindName, kind.Path()), pair("items[].packages[].count", count.Path())
	readMarks := func(e *element) string {
		var all []string
		for _, item := range items(e) {
			for _, g := range item.all(class) {
				if v := g.word(marks); v != "" && !slices.Contains(all, v) {
					all = append(all, v)
				}
			}
		}
		return strings.Join(all, ";")
	}
	readOther := func(r *reader, e *element) []declarations.OtherPackage {
		var all []declarations.OtherPackage
		for _, item := range items(e)[:min(1, len(items(e)))] {
			for _, g := range item.all(class) {
				if v := g.word(count); v != "" && r.open(countRow, g) {
					code, _ := packageKind.read(r.codes, g.word(kind))
					all = append(all, declarations.OtherPackage{Count: declarations.Decimal(v), KindCode: code})
				}
			}
		}
		return all
	}
	group := func(item *element) *element {
		g := item.add(class)
		g.make(seq, 1).text = strconv.Itoa(g.nth)
		return g
	}
	return block[declaration]{
		names: []string{marksName, kindName, "other_packages"},
		read: func(r *reader, e *element, d *declaration) {
			d.Header.ShippingMarks = readMarks(e)
			d.OtherPackages = readOther(r, e)
		},
		write: func(w *writer, e *element, d *declaration) {
			if len(d.OtherPackages) > 0 {
				w.otherPackages(e, d, readOther(&w.reader, e), group)
			}
			code, reason := "", reasonUnverified
			if w.unverified {
				code, reason = packageKind.write(w.codes, d.Header.PackageKindCode)
			}
			if d.Header.PackageKindCode != "" && reason != "" {
				w.lose(kindName, kindRow.Path, reason, d.Header.PackageKindCode)
			}
			v := d.Header.ShippingMarks
			newMarks := readMarks(e) != v
			if newMarks && v != "" && wrong(marks, v) != "" {
				w.lose(marksName, marks.Path(), reasonTooLong, v)
				newMarks = false
			}
			if !newMarks && code == "" {
				return
			}
			for _, item := range items(e) {
				if len(item.all(class)) == 0 {
					group(item)
				}
				for i, g := range item.all(class) {
					if newMarks && v == "" {
						g.take(place{marks})
					} else if newMarks {
						w.set(g.make(marks, 1), marksName, v)
					}
					if i == 0 && code != "" && g.find(kind, 1) == nil && g.find(count, 1) == nil {
						w.set(g.make(kind, 1), kindName, code)
					}
				}
			}
		},
	}
}

// otherPackages writes further packages to the first line, behind a group for the marks.
func (w *writer) otherPackages(e *element, d *declaration, now []declarations.OtherPackage, group func(*element) *element) {
	if slices.Equal(now, d.OtherPackages) {
		return
	}
	class := itemNode().Child("Packaging")
	count, kind := class.Child("QuantityQuantity"), class.Child("TypeCode")
	for i := range d.OtherPackages {
		p := &d.OtherPackages[i]
		countName, kindName := declarations.IndexPath("other_packages", i, "count"), declarations.IndexPath("other_packages", i, "kind_code")
		lines := items(e)
		switch {
		case !w.unverified:
			w.loseAll(reasonUnverified, countName, string(p.Count), kindName, p.KindCode)
			continue
		case len(lines) == 0:
			w.loseAll(reasonNoPlace, countName, string(p.Count), kindName, p.KindCode)
			continue
		case wrong(count, string(p.Count)) != "":
			w.loseAll(reasonNotValid, countName, string(p.Count), kindName, p.KindCode)
			continue
		}
		if len(lines[0].all(class)) == 0 {
			group(lines[0])
		}
		g := group(lines[0])
		w.set(g.make(count, 1), countName, string(p.Count))
		text, reason := packageKind.write(w.codes, p.KindCode)
		if reason != "" && p.KindCode != "" {
			w.lose(kindName, kind.Path(), reason, p.KindCode)
		}
		if text != "" {
			w.set(g.make(kind, 1), kindName, text)
		}
	}
}

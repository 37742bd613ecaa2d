package status

import (
	"sync"

	"kouan/i18n"
)

// File is the name of the book beside the catalogues.
const File = "status.csv"

// BuiltIn are the catalogues that the program carries, and their book.
var BuiltIn = sync.OnceValues(func() (Texts, *Book) {
	texts, err := ReadTexts(i18n.Files())
	if err == nil {
		var book *Book
		if book, err = ReadFile(i18n.Files()); err == nil {
			return texts, book
		}
	}
	panic("built-in status of texts: " + err.Error()) // part of the program; the tests read the same bytes
})

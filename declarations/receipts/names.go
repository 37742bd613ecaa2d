package receipts

import (
	"encoding/hex"
	"strings"

	"github.com/google/uuid"
)

// OriginalName is the name of the file that an import response answers,
// without extension: Successed_<original>_<time>.xml (misspelling included)
// or Failed_…; empty for every other name. The time is 14 or 17 digits and
// may be missing.
func OriginalName(fileName string) string {
	stem := stem(fileName)
	kind, original, ok := strings.Cut(stem, "_")
	if !ok || !strings.EqualFold(kind, "Successed") && !strings.EqualFold(kind, "Failed") {
		return ""
	}
	if i := strings.LastIndexByte(original, '_'); i > 0 && isTime(original[i+1:]) {
		original = original[:i]
	}
	return trimExtension(original)
}

func isTime(s string) bool {
	return (len(s) == 14 || len(s) == 17) && strings.Trim(s, "0123456789") == ""
}

// MessageIDFromName is the message id, with dashes, that the name of one of
// our own files ends in (_ and 32 hexadecimal digits); empty without one. The
// name of an import response is read as that of the file it answers.
func MessageIDFromName(fileName string) string {
	name := OriginalName(fileName)
	if name == "" {
		name = stem(fileName)
	}
	i := len(name) - 32
	if i < 1 || name[i-1] != '_' {
		return ""
	}
	raw, err := hex.DecodeString(name[i:])
	if err != nil {
		return ""
	}
	return uuid.UUID(raw).String()
}

// ownName is the name of our own file that a document under fileName is about.
func ownName(fileName string) string {
	if name := OriginalName(fileName); name != "" {
		return name
	}
	if MessageIDFromName(fileName) != "" {
		return stem(fileName)
	}
	return ""
}

// stem is the last part of a path of either kind without its extension.
func stem(fileName string) string {
	if i := strings.LastIndexAny(fileName, `/\`); i >= 0 {
		fileName = fileName[i+1:]
	}
	return trimExtension(fileName)
}

func trimExtension(name string) string {
	for _, ext := range []string{".xml", ".zip", ".json"} {
		if len(name) > len(ext) && strings.EqualFold(name[len(name)-len(ext):], ext) {
			return name[:len(name)-len(ext)]
		}
	}
	return name
}

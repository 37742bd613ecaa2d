// Package status says of every translated text how sure it is: who has looked
// at it, and whether the Chinese text that it was made from is still the same.
//
// Contract: a Book has one line for each key of the catalogues. A translation
// is proposed (made, and read by nobody whose language it is), reviewed (by a
// reader whose language it is and who knows the trade) or official (an
// authority stands for it). With the word goes the SHA-256 of the Chinese text,
// NFC and trimmed, from which the translation was made. When that text is
// another one now the translation is stale: this is computed, and never
// written down. Chinese is the source and has no status.
//
// The package knows the catalogues as files of an fs.FS and a Book as a stream;
// it does not know folders, commands or pages, nor what the texts are about.
package status

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kouan/i18n"
)

// Status of a translation.
type Status string

// The statuses. Stale is computed.
const (
	Proposed Status = "proposed"
	Reviewed Status = "reviewed"
	Official Status = "official"
	Stale    Status = "stale"
)

// All are the statuses that a page or a filter may name.
var All = []Status{Proposed, Reviewed, Official, Stale}

// written are those that a book may hold.
var written = []Status{Proposed, Reviewed, Official}

// Hash of a source text.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(norm.NFC.String(text))))
	return hex.EncodeToString(sum[:])
}

// Said is what a book says of one translation.
type Said struct {
	Status Status
	Source string // hash of the text that it was made from
}

// Book is what is said of all translations, by key and language.
type Book struct {
	said map[string]map[i18n.Lang]Said
}

// Translations are the languages that a status is kept for.
func Translations() []i18n.Lang {
	return slices.DeleteFunc(i18n.Languages(), func(l i18n.Lang) bool { return l == i18n.ZhHans })
}

var columns = []string{"key", "source_sha256", "status", "except"}

// Read reads a book: a line for each key with the hash and status that all
// its translations share, and after them those of which something else is
// said: "ru=reviewed@HASH de=official@HASH".
func Read(r io.Reader) (*Book, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = len(columns)
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("read status of texts: %w", err)
	}
	if !slices.Equal(head, columns) {
		return nil, fmt.Errorf("read status of texts: the heading is %q, want %q", head, columns)
	}
	b := &Book{said: map[string]map[i18n.Lang]Said{}}
	for {
		row, err := in.Read()
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read status of texts: %w", err)
		}
		line, _ := in.FieldPos(0)
		if err := b.line(row); err != nil {
			return nil, fmt.Errorf("read status of texts: line %d: %w", line, err)
		}
	}
}

func (b *Book) line(row []string) error {
	key := row[0]
	if key == "" || b.said[key] != nil {
		return fmt.Errorf("key %q is empty or stands twice", key)
	}
	all, err := said(row[2] + "@" + row[1])
	if err != nil {
		return err
	}
	b.said[key] = map[i18n.Lang]Said{}
	for _, lang := range Translations() {
		b.said[key][lang] = all
	}
	for part := range strings.FieldsSeq(row[3]) {
		tag, rest, _ := strings.Cut(part, "=")
		lang, known := i18n.Parse(tag)
		if !known || lang == i18n.ZhHans {
			return fmt.Errorf("%q is no language of a translation", tag)
		}
		if b.said[key][lang], err = said(rest); err != nil {
			return err
		}
	}
	return nil
}

func said(text string) (Said, error) {
	word, hash, _ := strings.Cut(text, "@")
	sum, err := hex.DecodeString(hash)
	if err != nil || len(sum) != sha256.Size || !slices.Contains(written, Status(word)) {
		return Said{}, fmt.Errorf("%q: want one of %v, @ and a SHA-256", text, written)
	}
	return Said{Status(word), hash}, nil
}

// Write writes what Read reads, sorted by key.
func (b *Book) Write(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return fmt.Errorf("write status of texts: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(b.said)) {
		all := b.shared(key)
		var except []string
		for _, lang := range Translations() {
			if s := b.said[key][lang]; s != all {
				except = append(except, string(lang)+"="+string(s.Status)+"@"+s.Source)
			}
		}
		if err := out.Write([]string{key, all.Source, string(all.Status), strings.Join(except, " ")}); err != nil {
			return fmt.Errorf("write status of texts: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// shared is what is said of most translations of a key; of equals, the first.
func (b *Book) shared(key string) Said {
	count, best := map[Said]int{}, Said{}
	for _, lang := range Translations() {
		s := b.said[key][lang]
		if count[s]++; count[s] > count[best] {
			best = s
		}
	}
	return best
}

// ReadFile reads the book of a folder of catalogues.
func ReadFile(dir fs.FS) (*Book, error) {
	f, err := dir.Open(File)
	if err != nil {
		return nil, fmt.Errorf("read status of texts: %w", err)
	}
	b, err := Read(f)
	return b, errors.Join(err, f.Close())
}

package portadapters

import (
	"fmt"
	"mime"
)

// extensions are the endings of the files that carry a message to a terminal.
// Media types compare without regard to case, as mime.ParseMediaType returns
// them: application/EDIFACT is written so in RFC 1767.
var extensions = map[string]string{
	"application/xml":     ".xml",
	"application/edifact": ".edi",
	"application/json":    ".json",
}

// Extension is the ending of a file whose content has a media type; its
// parameters do not matter. A type that no terminal was told about is a
// permanent error, because a file with a guessed ending is not read.
func Extension(contentType string) (string, error) {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "", fmt.Errorf("content type %q: %w: %w", contentType, ErrPermanent, err)
	}
	ending, ok := extensions[media]
	if !ok {
		return "", fmt.Errorf("content type %q has no file ending: %w", contentType, ErrPermanent)
	}
	return ending, nil
}

// PlainFile is the name of the file that carries m alone: FileName and the
// ending of its content. Every error is permanent: a name that could leave
// its folder, content without an ending, and attachments, for which one plain
// file has no place.
func PlainFile(m *Message) (string, error) {
	if err := CheckName(m.FileName); err != nil {
		return "", err
	}
	ending, err := Extension(m.ContentType)
	if err != nil {
		return "", err
	}
	if len(m.Attachments) > 0 {
		return "", fmt.Errorf("%d attachments with a plain file: %w", len(m.Attachments), ErrPermanent)
	}
	return m.FileName + ending, nil
}

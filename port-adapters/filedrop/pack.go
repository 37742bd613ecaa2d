package filedrop

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"strings"

	portadapters "kouan/port-adapters"
)

// pack makes the name and the bytes of the file that carries m: a zip of
// <FileName>.xml and the attachments at its top level, or the bare XML. Every
// error is permanent.
func pack(m *portadapters.Message, bare bool) (string, []byte, error) {
	if err := portadapters.CheckName(m.FileName); err != nil {
		return "", nil, err
	}
	document := m.FileName + ".xml"
	if bare {
		if len(m.Attachments) > 0 {
			return "", nil, fmt.Errorf("%d attachments with a bare file: %w", len(m.Attachments), portadapters.ErrPermanent)
		}
		return document, m.Body, nil
	}
	taken := map[string]bool{strings.ToLower(document): true}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if err := store(w, document, m.Body); err != nil {
		return "", nil, err
	}
	for _, a := range m.Attachments {
		if err := portadapters.CheckName(a.Name); err != nil {
			return "", nil, err
		}
		key := strings.ToLower(a.Name)
		if taken[key] {
			return "", nil, fmt.Errorf("attachment %q twice: %w", a.Name, portadapters.ErrPermanent)
		}
		taken[key] = true
		if err := store(w, a.Name, a.Body); err != nil {
			return "", nil, err
		}
	}
	if err := w.Close(); err != nil {
		return "", nil, fmt.Errorf("zip %s: %w", m.FileName, err)
	}
	return m.FileName + ".zip", out.Bytes(), nil
}

// store adds an entry uncompressed, with a fixed time and its sizes in front:
// the same message makes the same bytes with every version of the compressor,
// and readers that refuse a data descriptor after stored data can read it.
func store(w *zip.Writer, name string, body []byte) error {
	const utf8Name = 0x800    // general purpose flag, bit 11
	const firstDay = 1<<5 | 1 // 1980-01-01, the earliest date of the format
	entry, err := w.CreateRaw(&zip.FileHeader{
		Name:               name,
		Method:             zip.Store,
		Flags:              utf8Name,
		ModifiedDate:       firstDay, //nolint:staticcheck // CreateRaw writes it as it stands and ignores Modified
		ReaderVersion:      20,
		CreatorVersion:     20,
		CRC32:              crc32.ChecksumIEEE(body),
		CompressedSize64:   uint64(len(body)),
		UncompressedSize64: uint64(len(body)),
	})
	if err == nil {
		_, err = entry.Write(body)
	}
	if err != nil {
		return fmt.Errorf("zip %s: %w", name, err)
	}
	return nil
}

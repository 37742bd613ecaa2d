// Package filedrop is the wire of those who share folders with us: the import
// client (报文导入客户端), a desktop program that takes files from a folder and
// puts answers into another, and terminals that do the same in two folders.
//
// Contract: Adapter puts one message as one complete file into OutBox, or
// finds that it is there, was taken, or was refused; Terminal does so with
// the out folder of a terminal. Scanner reports finished files of InBox or of
// a terminal's in folder and leaves them in place. None of them ever shows
// half a file.
//
// The package does not know what a file says, nor which files were read
// before a restart: the durable ledger by SHA-256 belongs to the caller.
package filedrop

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folders below <root>/<business> (envelopes.md section 2.1).
const (
	OutBox  = "OutBox"  // put files to be imported here
	SentBox = "SentBox" // the client moves taken files here
	FailBox = "FailBox" // files that it could not take
	InBox   = "InBox"   // responses and receipts
)

// DefaultBusiness is the folder of goods declarations. Sites spell it
// Deccus001 and DECCUS001 as well.
const DefaultBusiness = "DecCus001"

// Folder is the path of <root>/<business>/<box>, each part spelled as it
// stands on disk when it differs in case only. It must exist.
func Folder(root, business, box string) (string, error) {
	if business == "" {
		business = DefaultBusiness
	}
	dir := root
	for _, part := range []string{business, box} {
		name, err := spelled(dir, part)
		if err != nil {
			return "", err
		}
		dir = filepath.Join(dir, name)
	}
	return dir, nil
}

// spelled finds the one entry of dir that is name, exactly or without regard to case.
func spelled(dir, name string) (string, error) {
	if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.IsDir() {
		return name, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("find folder %s: %w", name, err)
	}
	found := ""
	for _, e := range entries {
		if !e.IsDir() || !strings.EqualFold(e.Name(), name) {
			continue
		}
		if found != "" {
			return "", fmt.Errorf("find folder %s: both %s and %s exist", name, found, e.Name())
		}
		found = e.Name()
	}
	if found == "" {
		return "", fmt.Errorf("find folder %s: %w", name, os.ErrNotExist)
	}
	return found, nil
}

// Package inbox takes in what others put into drop folders: it watches one
// folder per pump and hands every finished file to the desk, once.
//
// Contract: a file counts by the SHA-256 of its content, never by its name;
// only where the other side means something by a second copy (Pump.ByName) it
// counts by both, and again when it is written again.
// The desk writes the ledger row of a file in the same transaction as what
// the file changed, so a file is heard again only while the ledger says retry
// or nothing. A file that cannot be heard waits by itself and never blocks
// another. Files are neither moved nor changed nor deleted
// (envelopes.md section 2.4).
//
// The package does not know receipts, declarations, SQL or the layout of a folder.
package inbox

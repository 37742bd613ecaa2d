// Package feeds writes the published list of port charges for machines: CSV
// with its metadata (CSVW), JSON, a workbook, linked data, a feed of changes
// (Atom) and a map of the pages.
//
// Contract: each form is a pure function of its input, the same bytes for the
// same input. CSV, JSON and workbook hold the same rows in the same order
// under the same version. What is unknown has no figure anywhere; a figure is
// an exact decimal and carries the word that says how sure it is. Texts of
// the list that begin like a formula are neutralised where programs of tables
// would calculate them.
//
// The package does not know addresses by which it is asked, HTTP, databases
// or the clock.
package feeds

// Package search finds charges of the catalogue by what people type: a name in
// any of the seven languages or a part of it, a code, a legal text, who
// charges, what cargo.
//
// Contract: New reads a catalogue once; Find answers with codes of items, the
// best first, the same for the same query. One Chinese character finds, as
// does an inflected Russian word, a part of a German compound, full-width or
// Traditional writing, a code in any case. All words of a query must fit one
// charge; only when none fits them all do those that fit most come. A query
// of any length and content gets an answer and never an error.
//
// The package does not know pages, amounts or days.
package search

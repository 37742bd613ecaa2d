// Package tariffs is the catalogue of port charges (口岸收费目录清单) and the
// calculator that stands on it.
//
// Contract: a Catalogue is a set of dated rows, each with its legal basis and
// a word that says how sure its figure is. Quote is a pure function of a
// catalogue and a Call: each line of the answer names the row, the version
// and the steps by which it came about. What is not on file is unknown: it is
// never zero and never left out of a total in silence. Amounts are exact
// decimals until a line ends and whole fen after it.
//
// The tables beside this file are the rows that the project knows. An
// operator's own rows have the same columns.
//
// The package does not know databases, HTTP, pages or any language: reasons
// and steps leave it as data.
package tariffs

// Package complaint is the supervision of port charges by complaints
// (收费监督投诉): what may be done to a complaint in which state and by whom,
// until when each side has to act, what a complaint must say, which files may
// go with it, and the monthly figures.
//
// Contract: a complaint is the fold of its events; Admit says whether an act
// is possible now and, when it is not, what would be. Time limits are the
// operator's: none is taken from a law, and one that nobody set is marked as
// an own choice. A rate without a denominator and a limit on days whose
// calendar was not published are unknown, never zero.
//
// The package does not know databases, HTTP, pages, secrets or any language:
// it reads the days of State Council notices from the table beside it.
package complaint

// Package inspection is the domain of a customs inspection (查验): what
// customs orders, what a terminal is told, and where each box stands.
//
// Contract: an Order becomes a Notice with one number for life and versions
// 1, 2, …; everything that is heard about it is an Event. Fold turns versions
// and events, in whatever order they came, into an Overview: the state of
// each box, what is overdue and what a person must do. Admit says whether a
// new event may count, and if not what would be allowed. Nothing is assumed:
// silence is never acceptance, and a box is unlocked only by customs' release.
//
// Times come from the events; the clock is an argument. The package does not
// know databases, wires, message formats or any language. The rules are those
// of the notice page of the format notes; every number in them is a parameter
// of the terminal's Capability or of Limits, with its default beside it.
package inspection

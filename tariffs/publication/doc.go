// Package publication turns what an authority wants to change in the
// catalogue of port charges into the rows of its next edition, says what
// stands against publishing it, and tells two editions apart.
//
// Contract: everything here is a pure function of records. A row that changes
// becomes its next version and says which one it replaces; a row that does not
// change keeps its version, so that editions share what they have in common. A
// price that follows another ends it: no two prices of one cell hold on one
// day. What cannot be published is found as data (Finding), never mended in
// silence.
//
// The package does not know where editions are kept, who may publish, clocks,
// or any word shown to a user.
package publication

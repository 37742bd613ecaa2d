// Package outbox is the engine of the durable queue: it leases shards, claims
// what is due, delivers it through the adapter of its receiver, and has the
// desk record what became of it.
//
// Contract: every item that the store holds as waiting is delivered at least
// once, under one stable id, or becomes a dead letter with a reason; nothing
// is dropped in silence. What one receiver gets about one subject leaves in
// order, because the store hands out only the head of each line. Receivers do
// not disturb each other: each has its own bound, its own queue and its own
// breaker. A delivery starts only under a lease that outlives its deadline,
// so that one item is never on its way under two leases.
//
// The package does not know SQL, declarations, message formats or wires.
package outbox

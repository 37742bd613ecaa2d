// Package store holds all SQL of the program, for two dialects: SQLite and the
// MySQL protocol.
//
// Contract: Commit is the only way to write a fact. A Change is written whole
// or not at all, its audit entries with it, and Commit returns nil only after
// the database said that the COMMIT is durable. Concurrent changes share one
// durable commit; a change that cannot stand fails alone, with a typed error.
// Everything else that writes (leases, claims, heartbeats) passes through the
// same writer. Reads never block writes, and name the tenant wherever a row
// has one, so that a foreign row does not exist for the asker.
//
// The package knows rows, unique keys, leases and the hash chain. It does not
// know what a declaration means, who may do what, how a message is delivered,
// or any word shown to a user.
package store

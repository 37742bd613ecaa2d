// Package wcoxml reads and writes the WCO declaration (DEC) as XML: the
// profile hmrc-cds/submit of WCO Data Model 3.6, with its MetaData envelope.
//
// Contract: Parse turns bytes into a Declaration and faults, Write a
// Declaration into bytes and losses. Nothing is lost unseen in either
// direction: a leaf without a field of its own is kept as an extension with
// its place and attributes, a field without a WCO place is a Loss with its
// path. Which field stands where is the map of this package (map.csv), the
// order, occurrence, type and length of elements its layout (layout.csv);
// pairings that nobody has confirmed are not converted unless asked for.
//
// The package does not know schemas, other customs profiles, responses, files
// or who sends: a message of another profile is refused by name. It does not
// judge values by customs rules.
package wcoxml

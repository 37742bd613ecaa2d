package api

import "kouan/gateway/desk"

// Objection is one place that a receipt objects to.
type Objection struct {
	Code   string `json:"code,omitzero"`
	Path   string `json:"path,omitzero" doc:"Canonical path; absent when the declaration has no such place"`
	Place  string `json:"place" doc:"The same place in the document as you sent it, or the authority's own pointer"`
	Line   int    `json:"line,omitzero" doc:"From 1; absent when there is no place"`
	Column int    `json:"column,omitzero"`
	Text   string `json:"text,omitzero" doc:"What was written about it, as it came"`
}

func objections(found []desk.Objection) []Objection {
	var out []Objection
	for _, p := range found {
		out = append(out, Objection{Code: p.Code, Path: p.Path, Place: p.Place.Place, Line: p.Line, Column: p.Column, Text: p.Text})
	}
	return out
}

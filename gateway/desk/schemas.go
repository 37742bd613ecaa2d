package desk

import (
	"fmt"

	"kouan/declarations"
)

// Schemas judges a document by the schemas of the authority that it is for;
// judged is false for a document that they are not about.
type Schemas interface {
	Judge(doc []byte) (faults []declarations.Fault, judged bool, err error)
}

// schemaFaults judges a submission before it is read: what the authority's
// own schema refuses is told by that schema, and nothing else is looked at.
func (d *Desk) schemaFaults(body []byte) error {
	if d.Schemas == nil {
		return nil
	}
	faults, _, err := d.Schemas.Judge(body)
	switch {
	case err != nil:
		return fmt.Errorf("judge submission by its schema: %w", err)
	case declarations.Rejected(faults):
		return &FaultsError{faults}
	}
	return nil
}

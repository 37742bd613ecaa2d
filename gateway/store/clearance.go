package store

// Clearance is one submitted attempt as the figures of the port see it.
// AcceptedAt and ReleasedAt are what customs said in its receipts; 0 until
// then. Mode is empty for what was submitted before the table was there.
type Clearance struct {
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	Attempt       int    `db:"attempt"`
	Mode          string `db:"mode"`
	Office        string `db:"office"`
	Direction     string `db:"direction"`
	SubmittedAt   int64  `db:"submitted_at"`
	AcceptedAt    int64  `db:"accepted_at"`
	ReleasedAt    int64  `db:"released_at"`
}

const clearanceColumns = `tenant, declaration_id, attempt, mode, office, direction, submitted_at, accepted_at, released_at`

func (c *Clearance) add(r *rows) {
	r.add(160, c.Tenant, c.DeclarationID, c.Attempt, c.Mode, c.Office, c.Direction, c.SubmittedAt, c.AcceptedAt, c.ReleasedAt)
}

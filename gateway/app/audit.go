package app

import (
	"context"
	"errors"
	"strconv"

	"kouan/gateway/store"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"cli.usage.audit_verify"`
}

// auditVerify recomputes every hash of the audit log.
type auditVerify struct {
	Database `embed:""`
}

// Run exits 1 when a chain is broken, and says where. The anchor that it
// prints, kept elsewhere, shows a later exchange of the whole log.
func (cmd *auditVerify) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		bar := c.progress("cli.audit.progress")
		report, err := s.AuditVerify(ctx, bar.of)
		if err := errors.Join(err, bar.end()); err != nil {
			return err
		}
		for _, p := range report.Problems {
			if err := c.say("cli.audit.broken", arguments{"lane": strconv.Itoa(p.Lane), "seq": strconv.FormatInt(p.Seq, 10), "what": p.What}); err != nil {
				return err
			}
		}
		if len(report.Problems) > 0 {
			return faultyError{}
		}
		if err := c.say("cli.audit.ok", arguments{"rows": strconv.FormatInt(report.Rows, 10)}); err != nil {
			return err
		}
		return c.say("cli.audit.anchor", arguments{"anchor": report.Anchor})
	})
}

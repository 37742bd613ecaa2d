package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"kouan/gateway/auth"
	"kouan/gateway/store"
)

type partnerCommand struct {
	Add    partnerAdd    `cmd:"" help:"cli.usage.partner_add"`
	Key    partnerKey    `cmd:"" help:"cli.usage.partner_key"`
	Revoke partnerRevoke `cmd:"" help:"cli.usage.partner_revoke"`
	List   partnerList   `cmd:"" help:"cli.usage.partner_list"`
}

type partnerAdd struct {
	Database `embed:""`
	Name     string `help:"cli.flag.partner_name" required:""`
	Role     string `help:"cli.flag.role" required:"" placeholder:"ROLE"`
	ID       string `name:"id" help:"cli.flag.partner_id" placeholder:"ID"`
}

// Run makes a partner and prints its id.
func (cmd *partnerAdd) Run(ctx context.Context, c *console, common *Common) error {
	if !slices.Contains(auth.Partners, auth.Role(cmd.Role)) {
		return &usageError{key: "cli.error.role", args: arguments{"value": cmd.Role, "known": roleList()}}
	}
	id := cmd.ID
	if id == "" {
		id = c.newID()
	}
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		err := c.desk(s).AddPartner(ctx, operator, id, cmd.Name, auth.Role(cmd.Role))
		if store.IsConflict(err, "partner") {
			return &toldError{key: "cli.error.partner_exists", args: arguments{"id": id}, err: err}
		}
		if err != nil {
			return err
		}
		return c.print("%s\t%s\n", id, c.words.text("cli.partner.added", nil))
	})
}

func roleList() string {
	var names []string
	for _, r := range auth.Partners {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

type partnerKey struct {
	Database `embed:""`
	ID       string `arg:"" name:"id" help:"cli.arg.partner"`
}

// Run makes a key. The key itself goes to standard output alone on its line,
// once; the words around it go to the error stream.
func (cmd *partnerKey) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		id, key, err := c.desk(s).AddKey(ctx, operator, cmd.ID, c.random)
		if err != nil {
			return err
		}
		c.complain(c.words.text("cli.partner.key", nil) + " " + id)
		return c.print("%s\n", key)
	})
}

type partnerRevoke struct {
	Database `embed:""`
	KeyID    string `arg:"" name:"key-id" help:"cli.arg.key"`
}

// Run ends a key; a running gateway notices within a second.
func (cmd *partnerRevoke) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		if err := c.desk(s).RevokeKey(ctx, operator, cmd.KeyID); err != nil {
			return err
		}
		return c.say("cli.partner.revoked", arguments{"id": cmd.KeyID})
	})
}

type partnerList struct {
	Database `embed:""`
}

// Run lists partners with the public names of their keys.
func (cmd *partnerList) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		partners, err := s.Partners(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		_, err = fmt.Fprintln(table, "ID\tROLE\tNAME\tKEY\tSINCE\tREVOKED")
		for _, p := range partners {
			keys, listErr := s.Keys(ctx, p.ID)
			if err = errors.Join(err, listErr); err != nil {
				return err
			}
			if len(keys) == 0 {
				keys = []store.Key{{ID: "-"}}
			}
			for _, k := range keys {
				_, printErr := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", p.ID, p.Role, p.Name, k.ID, instant(k.CreatedAt), instant(k.RevokedAt))
				err = errors.Join(err, printErr)
			}
		}
		return errors.Join(err, table.Flush())
	})
}

package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// userCommand is about people who sign in by password. A password itself is
// never on a command line: the person chooses it by a link that works once.
type userCommand struct {
	Add      userAdd      `cmd:"" help:"cli.usage.user_add"`
	List     userList     `cmd:"" help:"cli.usage.user_list"`
	Password userPassword `cmd:"" help:"cli.usage.user_password"`
	Disable  userDisable  `cmd:"" help:"cli.usage.user_disable"`
	Sessions userSessions `cmd:"" help:"cli.usage.user_sessions"`
}

// publicBase stands on every command that prints a link.
type publicBase struct {
	PublicURL string `name:"public-url" help:"cli.flag.public_url" placeholder:"URL"`
}

// passwordLink is the address by which a person chooses a password. Without
// the public address it begins with the path.
func (b *publicBase) passwordLink(lang i18n.Lang, token string) string {
	return strings.TrimSuffix(b.PublicURL, "/") + "/" + string(lang) + "/passwords/" + token
}

type userAdd struct {
	Database   `embed:""`
	publicBase `embed:""`
	Name       string `help:"cli.flag.user_name" required:""`
	Display    string `help:"cli.flag.user_display" required:""`
	Role       string `help:"cli.flag.user_role" required:"" placeholder:"ROLE"`
	Body       string `help:"cli.flag.user_body" placeholder:"BODY"`
	Partner    string `help:"cli.flag.user_partner" placeholder:"ID"`
}

// Run makes a person. The link goes to standard output alone, this once; the
// words around it go to the error stream.
func (cmd *userAdd) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		token, err := c.desk(s).AddUser(ctx, operator, desk.NewUser{Name: cmd.Name, Display: cmd.Display, Role: auth.Role(cmd.Role), Body: cmd.Body, Partner: cmd.Partner})
		if err != nil {
			return c.userError(err)
		}
		c.complain(c.words.text("cli.user.link", nil))
		return c.print("%s\n", cmd.passwordLink(c.words.Lang(), token))
	})
}

// userError says faults in words.
func (c *console) userError(err error) error {
	var f *desk.FaultsError
	if !errors.As(err, &f) {
		return err
	}
	var lines []string
	for i := range f.Faults {
		lines = append(lines, f.Faults[i].Code+" "+c.words.Fault(f.Faults[i].Code, f.Faults[i].Args))
	}
	return &toldError{key: "cli.error.user", args: arguments{"reason": strings.Join(lines, "; ")}, err: err}
}

// unknownUser says that nobody has a name.
func unknownUser(name string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return &toldError{key: "cli.error.user_unknown", args: arguments{"name": name}, err: err}
	}
	return err
}

type userList struct {
	Database `embed:""`
}

// Run lists people; neither passwords nor their hashes.
func (cmd *userList) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		users, err := s.Users(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		_, err = fmt.Fprintln(table, "NAME\tROLE\tBODY\tSTATE\tDISPLAY\tSINCE\tPASSWORD SINCE")
		for _, u := range users {
			_, printErr := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", u.Name, u.Role, dash(u.Body), u.State, u.Display, instant(u.CreatedAt), instant(u.PasswordAt))
			err = errors.Join(err, printErr)
		}
		return errors.Join(err, table.Flush())
	})
}

type userPassword struct {
	Database   `embed:""`
	publicBase `embed:""`
	Name       string `arg:"" help:"cli.arg.user"`
}

// Run makes a new link; links from before end.
func (cmd *userPassword) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		token, err := c.desk(s).RenewUserLink(ctx, operator, cmd.Name)
		if err != nil {
			return unknownUser(cmd.Name, err)
		}
		c.complain(c.words.text("cli.user.link", nil))
		return c.print("%s\n", cmd.passwordLink(c.words.Lang(), token))
	})
}

type userDisable struct {
	Database `embed:""`
	Name     string `arg:"" help:"cli.arg.user"`
}

// Run keeps a person out; running gateways notice at once.
func (cmd *userDisable) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		if err := c.desk(s).DisableUser(ctx, operator, cmd.Name); err != nil {
			return unknownUser(cmd.Name, err)
		}
		return c.say("cli.user.disabled", arguments{"name": cmd.Name})
	})
}

type userSessions struct {
	Database `embed:""`
	Name     string `arg:"" help:"cli.arg.user"`
	End      bool   `help:"cli.flag.user_end"`
}

// Run lists a person's sessions, or ends all of them.
func (cmd *userSessions) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		if cmd.End {
			if err := c.desk(s).EndUserSessions(ctx, operator, cmd.Name); err != nil {
				return unknownUser(cmd.Name, err)
			}
			return c.say("cli.user.ended", arguments{"name": cmd.Name})
		}
		list, err := c.desk(s).UserSessions(ctx, cmd.Name)
		if err != nil {
			return unknownUser(cmd.Name, err)
		}
		table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		_, err = fmt.Fprintln(table, "SINCE\tLAST USE\tUNTIL\tSTATE")
		for i := range list {
			_, printErr := fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", instant(list[i].CreatedAt), instant(list[i].SeenAt), instant(list[i].ExpiresAt), sessionState(&list[i], c.clock()))
			err = errors.Join(err, printErr)
		}
		return errors.Join(err, table.Flush())
	})
}

func sessionState(s *store.UserSession, now time.Time) string {
	switch {
	case s.Why != "":
		return s.Why
	case desk.SessionOpen(s, now):
		return "open"
	}
	return "expired"
}

package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

type endpointCommand struct {
	Add     endpointAdd     `cmd:"" help:"cli.usage.endpoint_add"`
	List    endpointList    `cmd:"" help:"cli.usage.endpoint_list"`
	Disable endpointDisable `cmd:"" help:"cli.usage.endpoint_disable"`
	Enable  endpointEnable  `cmd:"" help:"cli.usage.endpoint_enable"`
	Delete  endpointDelete  `cmd:"" help:"cli.usage.endpoint_delete"`
	Rotate  endpointRotate  `cmd:"" help:"cli.usage.endpoint_rotate"`
	Key     endpointKey     `cmd:"" help:"cli.usage.endpoint_key"`
	Reseal  endpointReseal  `cmd:"" help:"cli.usage.endpoint_reseal"`
}

// sealedDesk stands on the commands that read or write secrets.
type sealedDesk struct {
	Database   `embed:""`
	secretsKey `embed:""`
}

// withDesk opens the database and a desk that can keep secrets.
func (cmd *sealedDesk) withDesk(ctx context.Context, c *console, common *Common, do func(*store.Store, *desk.Desk, *auth.Seal) error) error {
	seal, err := c.seal(cmd.file(c))
	if err != nil {
		return err
	}
	if seal == nil {
		return &toldError{key: "cli.error.secrets_none"}
	}
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		d := c.desk(s)
		d.Seal = seal
		return c.complainEndpoint(do(s, d, seal))
	})
}

// complainEndpoint puts what the desk says about endpoints into words.
func (c *console) complainEndpoint(err error) error {
	var faults *desk.FaultsError
	var refused *desk.EndpointError
	var list []declarations.Fault
	switch {
	case errors.As(err, &faults):
		list = faults.Faults
	case errors.As(err, &refused):
		list = []declarations.Fault{refused.Fault}
	default:
		return err
	}
	for i := range list {
		c.complain(strings.TrimSpace(list[i].Code + " " + list[i].Path + ": " + c.words.Fault(list[i].Code, list[i].Args)))
	}
	return faultyError{}
}

type endpointAdd struct {
	sealedDesk  `embed:""`
	allowHosts  `embed:""`
	Partner     string   `help:"cli.flag.endpoint_partner" required:"" placeholder:"ID"`
	Name        string   `help:"cli.flag.endpoint_name" required:""`
	Wire        string   `help:"cli.flag.endpoint_wire" default:"webhook" placeholder:"WIRE"`
	Format      string   `help:"cli.flag.endpoint_format" placeholder:"FORMAT"`
	Address     string   `help:"cli.flag.endpoint_address" placeholder:"ADDRESS"`
	Types       []string `help:"cli.flag.endpoint_types" placeholder:"TYPE"`
	Settings    string   `help:"cli.flag.endpoint_settings" placeholder:"FILE"`
	Credentials string   `help:"cli.flag.endpoint_credentials" placeholder:"FILE"`
}

// Run registers an endpoint for a partner. Its id, and for a webhook its
// secret, go to standard output, once.
func (cmd *endpointAdd) Run(ctx context.Context, c *console, common *Common) error {
	in := desk.NewEndpoint{Name: cmd.Name, Wire: cmd.Wire, Format: cmd.Format, Address: cmd.Address, Types: cmd.Types}
	if cmd.Settings != "" {
		body, err := os.ReadFile(cmd.Settings)
		if err != nil {
			return err
		}
		in.Settings = jsontext.Value(body)
		if err := in.Settings.Canonicalize(); err != nil {
			return &toldError{key: "cli.error.json_file", args: arguments{"file": cmd.Settings, "reason": err.Error()}, err: err}
		}
	}
	if cmd.Credentials != "" {
		body, err := os.ReadFile(cmd.Credentials)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(body, &in.Credentials); err != nil { // its words would show what stands in the file
			return &toldError{key: "cli.error.json_file", args: arguments{"file": cmd.Credentials, "reason": "{\"name\": \"text\", …}"}}
		}
	}
	return cmd.withDesk(ctx, c, common, func(s *store.Store, d *desk.Desk, _ *auth.Seal) error {
		wires := newEndpointWires(s, cmd.AllowHost, c, d.Logger)
		defer wires.close()
		wires.desk, d.Admit = d, admit(wires.guard)
		if err := wires.tryOut(&in); err != nil {
			return err
		}
		made, err := d.AddEndpointFor(ctx, operator, cmd.Partner, in)
		if err != nil {
			return err
		}
		c.complain(c.words.text("cli.endpoint.added", arguments{"name": made.Name, "partner": made.PartnerID}))
		return c.print("%s\n", strings.TrimSpace(made.ID+" "+made.Secret))
	})
}

type endpointList struct {
	Database `embed:""`
	Partner  string `help:"cli.flag.endpoint_partner" placeholder:"ID"`
}

// Run lists endpoints, deleted ones too, without their secrets.
func (cmd *endpointList) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		partners, err := s.Partners(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		_, err = fmt.Fprintln(table, "ID\tPARTNER\tNAME\tWIRE\tFORMAT\tSTATE\tREASON\tTYPES\tADDRESS")
		for _, p := range partners {
			if cmd.Partner != "" && p.ID != cmd.Partner {
				continue
			}
			rows, listErr := s.Endpoints(ctx, p.ID)
			if err = errors.Join(err, listErr); err != nil {
				return err
			}
			for i := range rows {
				e := &rows[i]
				_, printErr := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.PartnerID, e.Name, e.Wire, e.Format, e.State, orDash(e.Reason), e.Types, orDash(e.Address))
				err = errors.Join(err, printErr)
			}
		}
		return errors.Join(err, table.Flush())
	})
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

type endpointID struct {
	Database `embed:""`
	ID       string `arg:"" name:"id" help:"cli.arg.endpoint"`
}

func (cmd *endpointID) set(ctx context.Context, c *console, common *Common, state string) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		e, err := c.desk(s).SetEndpointStateFor(ctx, operator, cmd.ID, state)
		if err != nil {
			return c.complainEndpoint(err)
		}
		return c.say("cli.endpoint.state", arguments{"id": e.ID, "state": e.State})
	})
}

type endpointDisable struct {
	endpointID `embed:""`
}

// Run disables an endpoint; its messages are held.
func (cmd *endpointDisable) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.set(ctx, c, common, desk.EndpointDisabled)
}

type endpointEnable struct {
	endpointID `embed:""`
}

// Run enables an endpoint; what was held for it leaves.
func (cmd *endpointEnable) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.set(ctx, c, common, desk.EndpointActive)
}

type endpointDelete struct {
	endpointID `embed:""`
}

// Run ends an endpoint; what waits for it is cancelled and stays visible.
func (cmd *endpointDelete) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		if err := c.desk(s).DeleteEndpointFor(ctx, operator, cmd.ID); err != nil {
			return c.complainEndpoint(err)
		}
		return c.say("cli.endpoint.state", arguments{"id": cmd.ID, "state": desk.EndpointDeleted})
	})
}

type endpointRotate struct {
	sealedDesk `embed:""`
	ID         string        `arg:"" name:"id" help:"cli.arg.endpoint"`
	KeepOld    time.Duration `name:"keep-old" help:"cli.flag.keep_old" default:"24h"`
}

// Run makes a new signing secret and prints it, once.
func (cmd *endpointRotate) Run(ctx context.Context, c *console, common *Common) error {
	if cmd.KeepOld < 0 || cmd.KeepOld > desk.MaxOverlap {
		return &usageError{key: "cli.error.keep_old", args: arguments{"value": cmd.KeepOld.String(), "limit": desk.MaxOverlap.String()}}
	}
	return cmd.withDesk(ctx, c, common, func(_ *store.Store, d *desk.Desk, _ *auth.Seal) error {
		out, err := d.RotateEndpointFor(ctx, operator, cmd.ID, desk.Rotation{Overlap: cmd.KeepOld})
		if err != nil {
			return err
		}
		until := "-"
		if !out.OldUntil.IsZero() {
			until = out.OldUntil.Format(time.RFC3339)
		}
		c.complain(c.words.text("cli.endpoint.rotated", arguments{"until": until}))
		return c.print("%s\n", out.Secret)
	})
}

// endpointKey prints a new line for the file of keys.
type endpointKey struct{}

// Run prints the key alone, to be put on top of the file.
func (*endpointKey) Run(_ context.Context, c *console, _ *Common) error {
	key, err := auth.NewSealKey(c.random)
	if err != nil {
		return err
	}
	return c.print("%s\n", key)
}

type endpointReseal struct {
	sealedDesk `embed:""`
}

// Run seals all secrets anew with the newest key.
func (cmd *endpointReseal) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.withDesk(ctx, c, common, func(_ *store.Store, d *desk.Desk, seal *auth.Seal) error {
		n, err := d.ResealEndpoints(ctx, operator, seal.Newest)
		if err != nil {
			return err
		}
		bills, err := d.ResealFeeBills(ctx, operator, seal.Newest)
		if err != nil {
			return err
		}
		return c.say("cli.endpoint.resealed", arguments{"count": fmt.Sprint(n + bills)})
	})
}

package app

import (
	"context"
	"errors"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// demoPeople sign in by password: they answer complaints about charges.
var demoPeople = []struct {
	name, display string
	role          auth.Role
	body, partner string
}{
	{"port.authority", "口岸管理（示例）", auth.Authority, "", "authority"},
	{"pilot.station", "引航站（示例）", auth.Collector, "pilot station", ""},
}

// demoUsers makes the people as far as they are missing, and a link for each
// who has chosen no password so far. The links are printed and stand nowhere
// else: demo.json has the names only.
func (c *console) demoUsers(ctx context.Context, s *store.Store, f *demoFile) error {
	f.Users, f.links = map[string]string{}, map[string]string{}
	d := c.desk(s)
	for _, p := range demoPeople {
		f.Users[p.name] = string(p.role)
		u, err := s.UserByName(ctx, p.name)
		var token string
		switch {
		case errors.Is(err, store.ErrNotFound):
			token, err = d.AddUser(ctx, operator, desk.NewUser{Name: p.name, Display: p.display, Role: p.role, Body: p.body, Partner: p.partner})
		case err == nil && u.Password == "" && u.State == "active":
			token, err = d.RenewUserLink(ctx, operator, p.name)
		}
		if err != nil {
			return err
		}
		f.links[p.name] = token
	}
	return f.write()
}

// welcomePeople prints the links of people, this once.
func (c *console) welcomePeople(f *demoFile) error {
	base := publicBase{PublicURL: f.URL}
	said := false
	for _, p := range demoPeople {
		token := f.links[p.name]
		if token == "" {
			continue
		}
		if !said {
			if err := c.say("cli.demo.people", nil); err != nil {
				return err
			}
			said = true
		}
		if err := c.print("  %-14s %s\n", p.name, base.passwordLink(i18n.ZhHans, token)); err != nil {
			return err
		}
	}
	f.links = nil
	return nil
}

package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

func good() Config {
	cfg := Defaults()
	cfg.Channels = []Channel{
		{Name: "dxp", Wire: wireDXP, URL: "https://dxp.example/in", SenderID: "DXPENT0000000001", ReceiverID: "DXPEDCDEC0000001"},
		{Name: "files", Wire: wireFiledrop, Folder: "/srv/client"},
	}
	cfg.Routes = defaultRoutes(cfg.Channels)
	return cfg
}

func keys(err error) []string {
	var bad *configError
	if !errors.As(err, &bad) {
		return nil
	}
	var out []string
	for _, p := range bad.problems {
		out = append(out, p.key)
	}
	slices.Sort(out)
	return out
}

func TestValidateNamesEveryProblem(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*Config)
		want   []string
	}{
		"a complete configuration is good":     {func(*Config) {}, nil},
		"no database":                          {func(c *Config) { c.Database = "" }, []string{"cli.config.database"}},
		"an address without a port":            {func(c *Config) { c.Address = "127.0.0.1" }, []string{"cli.config.address"}},
		"plain HTTP to everybody":              {func(c *Config) { c.Address = ":8080" }, []string{"cli.config.plain"}},
		"plain HTTP behind a proxy is good":    {func(c *Config) { c.Address, c.BehindProxy = ":8080", true }, nil},
		"TLS to everybody is good":             {func(c *Config) { c.Address, c.TLSCert, c.TLSKey = ":8443", "c", "k" }, nil},
		"plain HTTP on loopback is good":       {func(c *Config) { c.Address = "[::1]:8080" }, nil},
		"a certificate without its key":        {func(c *Config) { c.TLSCert = "c" }, []string{"cli.config.tls_pair"}},
		"no channel, and nothing about routes": {func(c *Config) { c.Channels, c.Routes = nil, nil }, []string{"cli.config.no_channel"}},
		"a channel name twice":                 {func(c *Config) { c.Channels[1].Name = "dxp" }, []string{"cli.config.channel_twice"}},
		"an unknown wire":                      {func(c *Config) { c.Channels[1].Wire = "pigeon" }, []string{"cli.config.channel_wire"}},
		"fields of a wire": {func(c *Config) { c.Channels[0].SenderID, c.Channels[1].Folder = "", "" },
			[]string{"cli.config.channel_field", "cli.config.channel_field"}},
		"a password in an address": {func(c *Config) { c.Channels[0].URL = "https://u:p@dxp.example" }, []string{"cli.config.channel_url"}},
		"plain HTTP to customs":    {func(c *Config) { c.Channels[0].URL = "http://dxp.example" }, []string{"cli.config.channel_plain"}},
		"plain HTTP to a host that the operator named is good": {func(c *Config) {
			c.Channels[0].URL, c.Channels[0].Allow = "http://10.0.0.1:99/dxp", []string{"10.0.0.1"}
		}, nil},
		"a sandbox in production":       {func(c *Config) { c.Channels[0].Sandbox = true }, []string{"cli.config.channel_sandbox"}},
		"a sandbox in the demo is good": {func(c *Config) { c.Channels[0].Sandbox, c.Sandbox = true, true }, nil},
		"a route to nowhere":            {func(c *Config) { c.Routes[0].Channel = "moon" }, []string{"cli.config.route_channel"}},
		"an unknown profile":            {func(c *Config) { c.Routes[0].Profile = "x" }, []string{"cli.config.route_profile"}},
		"routes without a catch-all": {func(c *Config) { c.Routes[0].When.Direction = declarations.Import },
			[]string{"cli.config.routes"}},
		"everything at once": {func(c *Config) { c.Database, c.Address, c.Channels[0].Wire = "", ":1", "x" },
			[]string{"cli.config.channel_wire", "cli.config.database", "cli.config.plain"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := good()
			tc.change(&cfg)
			if diff := cmp.Diff(tc.want, keys(cfg.Validate())); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	t.Parallel()
	const hush = "geheim"
	values := []any{secret(hush), databaseURL("mysql://user:" + hush + "@host:3306/name"), databaseURL("mysql://user:" + hush + "@%zz"),
		struct{ Key secret }{hush}, Config{Database: "mysql://u:" + hush + "@h/n"}}
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	for _, v := range values {
		encoded, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		logger.Info("value", "v", v)
		for _, shown := range []string{fmt.Sprint(v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), fmt.Sprintf("%q", v), string(encoded), log.String()} {
			if strings.Contains(shown, hush) {
				t.Errorf("%T shows its secret: %s", v, shown)
			}
		}
	}
	if got := databaseURL("mysql://user:geheim@host:3306/name?tls=true").String(); got != "mysql://user@host:3306/name?tls=true" {
		t.Errorf("the rest of the address is gone: %s", got)
	}
}

func TestLoadChannelsIsStrict(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"misspelt member": `[{"name":"a","wire":"dxp","ulr":"https://x"}]`,
		"member twice":    `[{"name":"a","name":"b","wire":"dxp"}]`,
		"not a list":      `{"name":"a"}`,
		"something after": `[] []`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "channels.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var told *toldError
			if _, err := loadChannels(path); !errors.As(err, &told) {
				t.Errorf("got %v, want an error with words", err)
			}
		})
	}
}

package app

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/gateway/desk"
)

// Config is everything that a serving gateway is told.
type Config struct {
	Database    databaseURL
	Address     string // host:port of the API
	TLSCert     string // PEM files; both or none
	TLSKey      string
	BehindProxy bool // a proxy in front speaks TLS
	Channels    []Channel
	Routes      declarations.Table
	Pairs       clearance.Pairs                  // combined ports
	Schemas     string                           // folder of the authorities' schemas; empty: the built-in layout judges
	Sandbox     bool                             // the demo: channels may be a sandbox
	StopWithin  time.Duration                    // from the signal to the end of the process
	ScanEvery   time.Duration                    // of drop folders
	Rules       map[string]declarations.Severity // that the operator turned
	Codes       string                           // folder of code tables; empty: those built in
	CodesEvery  time.Duration                    // between looks at it
	SecretsKey  string                           // file of keys for the secrets of endpoints; empty: none can be registered
	AllowHosts  []string                         // hosts of endpoints that may be inside, or be called without encryption
}

// profile is the variant of the outgoing message unless a route names another.
const profile = desk.ProfileDecMessage

// Defaults is the configuration before anything was said.
func Defaults() Config {
	return Config{
		Database:   "sqlite:kouan.db",
		Address:    "127.0.0.1:8080",
		StopWithin: 20 * time.Second,
		ScanEvery:  time.Second,
		CodesEvery: codesEvery,
	}
}

// problem is one thing wrong with the configuration, as data.
type problem struct {
	key  string
	args arguments
}

// configError lists every problem at once, so that nobody mends one at a time.
type configError struct{ problems []problem }

func (e *configError) Error() string {
	return fmt.Sprintf("%d problems in the configuration", len(e.problems))
}

// Validate names every problem; the error is a *configError.
func (cfg *Config) Validate() error {
	var found []problem
	found = append(found, cfg.addressProblems()...)
	found = append(found, cfg.channelProblems()...)
	found = append(found, cfg.routeProblems()...)
	if cfg.Database == "" {
		found = append(found, problem{key: "cli.config.database"})
	}
	if len(found) > 0 {
		return &configError{found}
	}
	return nil
}

func (cfg *Config) addressProblems() []problem {
	host, _, err := net.SplitHostPort(cfg.Address)
	if err != nil {
		return []problem{{"cli.config.address", arguments{"address": cfg.Address}}}
	}
	if (cfg.TLSCert == "") != (cfg.TLSKey == "") {
		return []problem{{key: "cli.config.tls_pair"}}
	}
	if !loopback(host) && cfg.TLSCert == "" && !cfg.BehindProxy {
		return []problem{{"cli.config.plain", arguments{"address": cfg.Address}}}
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost"
}

func (cfg *Config) channelProblems() []problem {
	if len(cfg.Channels) == 0 {
		return []problem{{key: "cli.config.no_channel"}}
	}
	var found []problem
	seen := make(map[string]bool, len(cfg.Channels))
	for i := range cfg.Channels {
		ch := &cfg.Channels[i]
		found = append(found, ch.problems(ch.place(i))...)
		if seen[ch.Name] {
			found = append(found, problem{"cli.config.channel_twice", arguments{"channel": ch.Name}})
		}
		seen[ch.Name] = true
		if ch.Sandbox && !cfg.Sandbox {
			found = append(found, problem{"cli.config.channel_sandbox", arguments{"channel": ch.Name}})
		}
	}
	return found
}

// routeProblems: a route to nowhere would be found only by the first
// declaration that takes it.
func (cfg *Config) routeProblems() []problem {
	if len(cfg.Channels) == 0 {
		return nil // said already
	}
	var found []problem
	if err := cfg.Routes.Validate(); err != nil {
		found = append(found, problem{"cli.config.routes", arguments{"reason": oneLine(err)}})
	}
	known := make(map[string]bool, len(cfg.Channels))
	for i := range cfg.Channels {
		known[cfg.Channels[i].Name] = true
	}
	profiles := desk.Profiles()
	for _, r := range cfg.Routes {
		if !known[r.Channel] {
			found = append(found, problem{"cli.config.route_channel", arguments{"route": r.Name, "channel": r.Channel}})
		}
		if _, ok := profiles[r.Profile]; !ok {
			found = append(found, problem{"cli.config.route_profile", arguments{"route": r.Name, "profile": r.Profile,
				"known": strings.Join(slices.Sorted(maps.Keys(profiles)), ", ")}})
		}
	}
	return found
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// complainConfig prints every problem on a line of its own.
func (c *console) complainConfig(err error) error {
	var bad *configError
	if !errors.As(err, &bad) {
		return err
	}
	for _, p := range bad.problems {
		c.complain(c.words.text(p.key, p.args))
	}
	return faultyError{}
}

// defaultRoutes sends everything to the first channel.
func defaultRoutes(channels []Channel) declarations.Table {
	if len(channels) == 0 {
		return nil
	}
	return declarations.Table{{Name: "all", Channel: channels[0].Name, Profile: profile}}
}

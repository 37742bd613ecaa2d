package app

import (
	"strings"

	"github.com/alecthomas/kong"
)

// Common stands on every command.
type Common struct {
	Lang      string `help:"cli.usage.lang" placeholder:"LANG"`
	LogFormat string `help:"cli.flag.log_format" enum:"text,json" default:"text"`
	LogLevel  string `help:"cli.flag.log_level" enum:",debug,info,warn,error" default:"" placeholder:"LEVEL"`
}

// grammar is every command of the program. Help texts are keys of i18n.
type grammar struct {
	Common `embed:""`

	Demo     demoCommand     `cmd:"" help:"cli.usage.demo"`
	Serve    serveCommand    `cmd:"" help:"cli.usage.serve"`
	Check    checkCommand    `cmd:"" help:"cli.usage.check"`
	Convert  convertCommand  `cmd:"" help:"cli.usage.convert"`
	Submit   submitCommand   `cmd:"" help:"cli.usage.submit"`
	Template templateCommand `cmd:"" help:"cli.usage.template"`
	Rules    rulesCommand    `cmd:"" help:"cli.usage.rules"`
	Codes    codesCommand    `cmd:"" help:"cli.usage.codes"`
	Explain  explainCommand  `cmd:"" help:"cli.usage.explain"`
	Edifact  edifactCommand  `cmd:"" help:"cli.usage.edifact"`
	Partner  partnerCommand  `cmd:"" help:"cli.usage.partner"`
	Endpoint endpointCommand `cmd:"" help:"cli.usage.endpoint"`
	Outbox   outboxCommand   `cmd:"" help:"cli.usage.outbox"`
	Migrate  migrateCommand  `cmd:"" help:"cli.usage.migrate"`
	Doctor   doctorCommand   `cmd:"" help:"cli.usage.doctor"`
	Audit    auditCommand    `cmd:"" help:"cli.usage.audit"`
	Backup   backupCommand   `cmd:"" help:"cli.usage.backup"`
	Restore  restoreCommand  `cmd:"" help:"cli.usage.restore"`
	Sandbox  sandboxCommand  `cmd:"" help:"cli.usage.sandbox"`

	Fees feesCommand `cmd:"" help:"cli.usage.fees"`
	I18n i18nCommand `cmd:"" name:"i18n" help:"cli.usage.i18n"`

	User      userCommand      `cmd:"" help:"cli.usage.user"`
	Complaint complaintCommand `cmd:"" help:"cli.usage.complaint"`

	Terminal terminalCommand `cmd:"" help:"cli.usage.terminal"`
	Notice   noticeCommand   `cmd:"" help:"cli.usage.notice"`

	Coverage    coverageCommand    `cmd:"" help:"cli.usage.coverage"`
	Conformance conformanceCommand `cmd:"" help:"cli.usage.conformance"`
}

// translate puts words in place of the keys of a command and all below it.
func (c *console) translate(n *kong.Node) {
	n.Help = c.help(n.Help)
	n.Detail = c.help(n.Detail)
	for _, f := range n.Flags {
		f.Help = c.help(f.Help)
	}
	for _, p := range n.Positional {
		p.Help = c.help(p.Help)
	}
	for _, child := range n.Children {
		c.translate(child)
	}
}

func (c *console) help(key string) string {
	if !strings.HasPrefix(key, "cli.") {
		return key
	}
	return c.words.text(key, nil)
}

// languageFlag finds --lang before the grammar is read, because help and
// usage errors are already in the user's language.
func languageFlag(args []string) string {
	for i, a := range args {
		switch {
		case a == "--":
			return ""
		case strings.HasPrefix(a, "--lang="):
			return strings.TrimPrefix(a, "--lang=")
		case a == "--lang" && i+1 < len(args):
			return args[i+1]
		}
	}
	return ""
}

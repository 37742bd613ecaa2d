package app

import (
	"bytes"

	"kouan/declarations/intake"
)

// templateCommand writes an empty table to fill in.
type templateCommand struct {
	Format string `help:"cli.flag.template_format" enum:"xlsx,csv" default:"xlsx"`
	Kind   string `help:"cli.flag.template_kind" enum:"declaration" default:"declaration"`
	Out    string `help:"cli.flag.template_out" required:"" placeholder:"FILE"`
}

// Run names the columns in Chinese for a Chinese user and in English for all
// others; reading takes either.
func (cmd *templateCommand) Run(c *console) error {
	var out bytes.Buffer
	err := intake.Template(&out, intake.TemplateOptions{Format: intake.Format(cmd.Format), Chinese: c.words.Lang() == "zh-Hans",
		Words: func(key string) string { return c.words.text(key, nil) }})
	if err != nil {
		return err
	}
	if cmd.Out == "-" {
		return c.print("%s", out.Bytes())
	}
	if err := writeBytes(cmd.Out, 0o644, out.Bytes()); err != nil {
		return err
	}
	return c.say("cli.template.done", arguments{"file": cmd.Out})
}

package app

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress is a bar on the error stream when that is a terminal, and nothing
// otherwise. It remembers the first error of drawing.
type progress struct {
	bar *progressbar.ProgressBar
	err error
}

// progress begins a bar with a translated description.
func (c *console) progress(key string) *progress {
	f, ok := c.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &progress{}
	}
	return &progress{bar: progressbar.NewOptions64(-1, progressbar.OptionSetWriter(f),
		progressbar.OptionSetDescription(c.words.text(key, nil)), progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish())}
}

// of shows that done of total are finished.
func (p *progress) of(done, total int64) {
	if p.bar == nil || p.err != nil {
		return
	}
	if p.bar.GetMax64() != total {
		p.bar.ChangeMax64(total)
	}
	p.err = p.bar.Set64(done)
}

// end takes the bar away.
func (p *progress) end() error {
	if p.bar == nil {
		return nil
	}
	if p.err == nil {
		p.err = p.bar.Finish()
	}
	if p.err != nil {
		return fmt.Errorf("draw progress: %w", p.err)
	}
	return nil
}

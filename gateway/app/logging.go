package app

import (
	"fmt"
	"io"
	"log/slog"
)

// newLogger writes to the error stream. What is logged carries ids, states
// and durations; payloads, keys and personal data are never handed to it.
// usual is the level when the user chose none.
func newLogger(w io.Writer, common *Common, usual slog.Level) (*slog.Logger, error) {
	level := usual
	if common.LogLevel != "" {
		if err := level.UnmarshalText([]byte(common.LogLevel)); err != nil {
			return nil, fmt.Errorf("log level: %w", err)
		}
	}
	o := &slog.HandlerOptions{Level: level}
	if common.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o)), nil
	}
	return slog.New(slog.NewTextHandler(w, o)), nil
}

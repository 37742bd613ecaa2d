package app

import (
	"log/slog"
	"net/url"
	"strings"
)

const hidden = "***"

// secret is a text that is used and never shown: it prints, logs and marshals
// as ***.
type secret string

func (s secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the text from %#v.
func (s secret) GoString() string { return s.String() }

// LogValue hides the text from logs.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the text from encoders.
func (s secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// databaseURL is sqlite:PATH or mysql://user:password@host:port/name; it
// shows as the same address without its password.
type databaseURL string

func (d databaseURL) String() string {
	if !strings.HasPrefix(string(d), "mysql://") {
		return string(d)
	}
	u, err := url.Parse(string(d))
	if err != nil {
		return "mysql://" + hidden
	}
	if u.User != nil {
		u.User = url.User(u.User.Username()) // Redacted would show xxxxx, which looks like a password
	}
	return u.String()
}

// GoString hides the password from %#v.
func (d databaseURL) GoString() string { return d.String() }

// LogValue hides the password from logs.
func (d databaseURL) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalText hides the password from encoders.
func (d databaseURL) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

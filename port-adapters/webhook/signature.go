package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// SecretPrefix begins every signing secret in its text form.
const SecretPrefix = "whsec_"

// Length of a secret in bytes: 24 to 64 by the specification; ours have 32.
const (
	secretLength    = 32
	shortestSecret  = 24
	longestSecret   = 64
	signatureScheme = "v1," // HMAC-SHA-256
)

// Tolerance is how far the time of a signature may be from the receiver's
// clock (push-and-errors REQ-12).
const Tolerance = 5 * time.Minute

// Errors of Verify.
var (
	ErrHeaders   = errors.New("signature headers are missing or not readable")
	ErrTimestamp = errors.New("signature is too old or from the future")
	ErrSignature = errors.New("no signature matches")
)

// Secret is one key that signs. Until is when it stops; zero: never.
type Secret struct {
	Key   []byte
	Until time.Time
}

// NewSecret makes a secret of 256 random bits in its text form.
func NewSecret(random io.Reader) (string, error) {
	var b [secretLength]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("make a signing secret: %w", err)
	}
	return SecretPrefix + base64.StdEncoding.EncodeToString(b[:]), nil
}

// ParseSecret reads the text form, with or without its prefix.
func ParseSecret(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, SecretPrefix))
	if err != nil {
		return nil, errors.New("signing secret: not base64") // the error of the decoder counts bytes of the secret
	}
	if len(key) < shortestSecret || len(key) > longestSecret {
		return nil, fmt.Errorf("signing secret: %d bytes, want %d to %d", len(key), shortestSecret, longestSecret)
	}
	return key, nil
}

// Sign is the signature of one key: HMAC-SHA-256 over id.timestamp.body, with
// the name of the scheme before it.
func Sign(key []byte, id string, at time.Time, body []byte) string {
	return signatureScheme + base64.StdEncoding.EncodeToString(digest(key, id, strconv.FormatInt(at.Unix(), 10), body))
}

// SignAll is the header's value: one signature for each secret that is still
// valid, so that a receiver may change over at any moment of a rotation.
func SignAll(secrets []Secret, id string, at time.Time, body []byte) string {
	var all strings.Builder
	for _, s := range secrets {
		if !s.Until.IsZero() && !at.Before(s.Until) {
			continue
		}
		if all.Len() > 0 {
			all.WriteByte(' ')
		}
		all.WriteString(Sign(s.Key, id, at, body))
	}
	return all.String()
}

// Verify is the receiver's side: one of the signatures must match one of the
// keys, and the time must be within Tolerance of now. Every comparison takes
// the same time.
func Verify(keys [][]byte, h http.Header, body []byte, now time.Time) error {
	id, stamp, signatures := h.Get(HeaderID), h.Get(HeaderTimestamp), h.Get(HeaderSignature)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" || signatures == "" {
		return ErrHeaders
	}
	// Compared as seconds: an instant far away would overflow a duration.
	if limit := int64(Tolerance / time.Second); seconds < now.Unix()-limit || seconds > now.Unix()+limit {
		return ErrTimestamp
	}
	found := false
	for _, key := range keys {
		want := digest(key, id, stamp, body)
		for one := range strings.FieldsSeq(signatures) {
			text, ok := strings.CutPrefix(one, signatureScheme)
			if !ok {
				continue // another scheme, for receivers that know it
			}
			got, err := base64.StdEncoding.DecodeString(text)
			found = err == nil && hmac.Equal(got, want) || found
		}
	}
	if !found {
		return ErrSignature
	}
	return nil
}

func digest(key []byte, id, stamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

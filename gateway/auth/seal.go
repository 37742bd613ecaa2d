package auth

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Seal keeps secrets at rest: AES-256-GCM with a key that is not in the
// database. The first key seals, every key opens, so keys are changed by
// putting a new one on top, sealing everything anew, and dropping the old one.
//
// A sealed blob is: one byte form, eight bytes that name the key, twelve
// bytes nonce, the rest as GCM gives it. What a blob is about is bound into
// it, so that one row's secrets are of no use in another's.
type Seal struct {
	random io.Reader
	keys   []sealKey
}

type sealKey struct {
	name [8]byte
	mac  [sha256.Size]byte
	aead cipher.AEAD
}

const (
	sealForm   = 1
	sealKeyLen = 32
)

// Errors of Open.
var (
	ErrSealKey = errors.New("sealed with a key that is not here")
	ErrSealed  = errors.New("sealed bytes were changed, or are about something else")
)

// NewSeal reads a file of keys: one a line, 32 bytes in base64 (as openssl
// rand -base64 32 prints them), newest first; lines that begin with # and
// empty ones are passed over. Errors name the line and never what stands in it.
func NewSeal(file []byte, random io.Reader) (*Seal, error) {
	s := &Seal{random: random}
	seen := map[[8]byte]bool{}
	for i, line := range bytes.Split(file, []byte("\n")) {
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != sealKeyLen {
			return nil, fmt.Errorf("line %d: no key of %d bytes in base64", i+1, sealKeyLen)
		}
		k, err := newSealKey(key)
		switch {
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		case seen[k.name]:
			return nil, fmt.Errorf("line %d: the same key again", i+1)
		}
		seen[k.name] = true
		s.keys = append(s.keys, k)
	}
	if len(s.keys) == 0 {
		return nil, errors.New("no key")
	}
	return s, nil
}

// NewSealKey is a line for the file of keys: 256 random bits.
func NewSealKey(random io.Reader) (string, error) {
	var b [sealKeyLen]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(b[:]), nil
}

// newSealKey names a key by a hash of it, so that nobody has to think of a name.
func newSealKey(key []byte) (sealKey, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealKey{}, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return sealKey{}, err
	}
	k := sealKey{aead: aead}
	sum := sha256.Sum256(append([]byte("kouan seal key\n"), key...))
	copy(k.name[:], sum[:])
	k.mac = sha256.Sum256(append([]byte("kouan mac key\n"), key...))
	return k, nil
}

// Seal makes plain unreadable. about names what it belongs to.
func (s *Seal) Seal(plain []byte, about string) ([]byte, error) {
	k := &s.keys[0]
	blob := make([]byte, 1+len(k.name)+k.aead.NonceSize(), 1+len(k.name)+k.aead.NonceSize()+len(plain)+k.aead.Overhead())
	blob[0] = sealForm
	copy(blob[1:], k.name[:])
	nonce := blob[1+len(k.name):]
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return k.aead.Seal(blob, nonce, plain, bound(blob, about)), nil
}

// Open reads what Seal made with any of the keys.
func (s *Seal) Open(blob []byte, about string) ([]byte, error) {
	head := 1 + len(sealKey{}.name)
	if len(blob) < head || blob[0] != sealForm {
		return nil, ErrSealed
	}
	for i := range s.keys {
		k := &s.keys[i]
		if !bytes.Equal(k.name[:], blob[1:head]) {
			continue
		}
		if len(blob) < head+k.aead.NonceSize() {
			return nil, ErrSealed
		}
		plain, err := k.aead.Open(nil, blob[head:head+k.aead.NonceSize()], blob[head+k.aead.NonceSize():], bound(blob, about))
		if err != nil {
			return nil, ErrSealed
		}
		return plain, nil
	}
	return nil, ErrSealKey
}

// Mac names plain by a hash that only who has the key can make: for what may
// be recognised and not be read, such as addresses of callers. about keeps
// uses apart. After a change of the first key the names are others.
func (s *Seal) Mac(plain []byte, about string) []byte {
	h := hmac.New(sha256.New, s.keys[0].mac[:])
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(about)))) //nolint:gosec // a constant of the program
	h.Write([]byte(about))
	h.Write(plain)
	return h.Sum(nil)
}

// Newest reports whether a blob was sealed with the first key.
func (s *Seal) Newest(blob []byte) bool {
	k := &s.keys[0]
	return len(blob) > len(k.name) && bytes.Equal(blob[1:1+len(k.name)], k.name[:])
}

// bound is what GCM authenticates beside the bytes: form, key and owner.
func bound(blob []byte, about string) []byte {
	return append(bytes.Clone(blob[:1+len(sealKey{}.name)]), about...)
}

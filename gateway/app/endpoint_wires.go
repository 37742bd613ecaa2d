package app

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/crypto/ssh"

	"kouan/declarations"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/filedrop"
	"kouan/port-adapters/mail"
	"kouan/port-adapters/sftp"
	"kouan/port-adapters/webhook"
)

// schemaVersion is that of the JSON envelope; the other formats tell theirs inside.
const schemaVersion = "1.0"

// sftpSettings are the settings of an endpoint over SFTP; its address is
// host:port, its credentials password, or private_key with its passphrase.
type sftpSettings struct {
	User      string `json:"user"`
	HostKeys  string `json:"host_keys"` // lines of public key files or of known_hosts
	Directory string `json:"directory,omitzero"`
	Answers   string `json:"answers,omitzero"` // directory where the terminal acknowledges
}

// mailSettings are those of an endpoint over mail; its address is the list of
// recipients, its credentials user and password for the server.
type mailSettings struct {
	Server   string `json:"server"` // host:port that takes our letters
	From     string `json:"from"`
	Implicit bool   `json:"implicit_tls,omitzero"`
	Plain    bool   `json:"allow_plain,omitzero"` // the server does not offer encryption, and the operator knows
}

// build makes the wire of an endpoint, and what closes it; an error is
// temporary unless the row itself is wrong.
func (w *endpointWires) build(row *store.Endpoint) (portadapters.Adapter, func(), error) {
	secrets, err := w.desk.EndpointSecrets(row)
	if err != nil {
		return nil, nil, err
	}
	return w.make(row, &secrets)
}

func (w *endpointWires) make(row *store.Endpoint, secrets *desk.EndpointSecrets) (a portadapters.Adapter, done func(), err error) {
	switch row.Wire {
	case desk.WireWebhook:
		a, err = w.webhook(row, secrets)
	case desk.WireFiledrop:
		a, err = w.filedrop(row)
	case desk.WireSFTP:
		a, done, err = w.sftp(row, secrets)
	case desk.WireMail:
		a, err = w.mail(row, secrets)
	default:
		err = fmt.Errorf("nothing is sent over %s", row.Wire)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("endpoint %s: %w: %w", row.ID, portadapters.ErrPermanent, err)
	}
	return a, done, nil
}

func (w *endpointWires) webhook(row *store.Endpoint, secrets *desk.EndpointSecrets) (portadapters.Adapter, error) {
	a := &webhook.Adapter{Client: w.client, URL: row.Address, Clock: w.clock, NewID: w.newID}
	if row.Format == desk.FormatJSON {
		a.SchemaVersion = schemaVersion
	}
	for _, s := range secrets.Signing {
		key, err := webhook.ParseSecret(s.Secret)
		if err != nil {
			return nil, err
		}
		one := webhook.Secret{Key: key}
		if s.Until != 0 {
			one.Until = time.UnixMilli(s.Until)
		}
		a.Secrets = append(a.Secrets, one)
	}
	return a, nil
}

func (w *endpointWires) filedrop(row *store.Endpoint) (portadapters.Adapter, error) {
	if !filepath.IsAbs(row.Address) {
		return nil, errors.New("the folder is not absolute") // it would depend on where the gateway was started
	}
	return &filedrop.Terminal{Root: row.Address, Clock: w.clock}, nil
}

func (w *endpointWires) sftp(row *store.Endpoint, secrets *desk.EndpointSecrets) (portadapters.Adapter, func(), error) {
	var s sftpSettings
	if err := settings(row, &s); err != nil {
		return nil, nil, err
	}
	keys, faults := sftp.ReadHostKeys(s.HostKeys, row.Address)
	if err := wrong("host_keys", faults); err != nil {
		return nil, nil, err
	}
	host := &sftp.Host{Address: row.Address, User: s.User, Password: secrets.Credentials["password"], HostKeys: keys, Dial: w.named(row.Address)}
	if text := secrets.Credentials["private_key"]; text != "" {
		signer, err := privateKey(text, secrets.Credentials["passphrase"])
		if err != nil {
			return nil, nil, err
		}
		host.Signers = append(host.Signers, signer)
	}
	if s.User == "" || host.Password == "" && len(host.Signers) == 0 {
		return nil, nil, errors.New("user, and password or private_key, are needed")
	}
	return &sftp.Adapter{Host: host, Directory: s.Directory, Answers: s.Answers, Clock: w.clock}, host.Close, nil
}

// privateKey reads a key; what is wrong with it is told without its text.
func privateKey(text, passphrase string) (ssh.Signer, error) {
	var signer ssh.Signer
	var err error
	if passphrase == "" {
		signer, err = ssh.ParsePrivateKey([]byte(text))
	} else {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(text), []byte(passphrase))
	}
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return nil, errors.New("private_key needs its passphrase")
	case err != nil:
		return nil, errors.New("private_key is not readable")
	}
	return signer, nil
}

func (w *endpointWires) mail(row *store.Endpoint, secrets *desk.EndpointSecrets) (portadapters.Adapter, error) {
	var s mailSettings
	if err := settings(row, &s); err != nil {
		return nil, err
	}
	boxes, faults := mail.ReadAddresses(row.Address)
	if err := wrong("address", faults); err != nil {
		return nil, err
	}
	if _, err := mail.ParseMailbox(s.From); err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	host, _, err := net.SplitHostPort(s.Server)
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	a := &mail.Adapter{Address: s.Server, From: s.From, Implicit: s.Implicit, User: secrets.Credentials["user"], Password: secrets.Credentials["password"],
		Dial: w.named(s.Server), Clock: w.clock}
	for _, b := range boxes {
		a.To = append(a.To, b.String())
	}
	if s.Plain {
		a.PlainHost = host
	}
	return a, nil
}

// named is the way to a server that the operator named himself: it may stand
// inside, and so may nothing else.
func (w *endpointWires) named(server string) portadapters.DialFunc {
	return portadapters.Guard{Allow: append([]string{server}, w.guard.Allow...)}.Dialer()
}

// settings reads the settings of an endpoint strictly.
func settings(row *store.Endpoint, into any) error {
	if len(row.Settings) == 0 {
		return errors.New("settings are missing")
	}
	if err := json.Unmarshal(row.Settings, into, json.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}

// wrong names the first fault of a setting.
func wrong(name string, faults []declarations.Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s at line %d", name, faults[0].Code, max(1, faults[0].Line))
}

// tryOut makes the wire of an endpoint that is to be registered, so that a
// host key or a mailbox that cannot be read is told at once.
func (w *endpointWires) tryOut(in *desk.NewEndpoint) error {
	if in.Wire != desk.WireFiledrop && in.Wire != desk.WireSFTP && in.Wire != desk.WireMail {
		return nil // the desk reads those itself
	}
	row := store.Endpoint{ID: in.Name, Wire: in.Wire, Format: in.Format, Address: in.Address, Settings: in.Settings}
	_, done, err := w.make(&row, &desk.EndpointSecrets{Credentials: in.Credentials})
	if done != nil {
		done()
	}
	if err != nil {
		return &toldError{key: "cli.error.endpoint_wire", args: arguments{"wire": in.Wire, "reason": err.Error()}, err: err}
	}
	return nil
}

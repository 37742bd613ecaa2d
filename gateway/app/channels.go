package app

import (
	"fmt"
	"net"
	"net/url"
	"os"

	"github.com/go-json-experiment/json"
)

// The wires that a channel may have.
const (
	wireDXP      = "dxp"
	wireFiledrop = "filedrop"
)

// Channel is one way to customs. An operator keeps the list as JSON:
//
//	[{"name": "customs-dxp", "wire": "dxp", "url": "https://dxp.example/in",
//	  "sender_id": "DXPENT0000000001", "receiver_id": "DXPEDCDEC0000001"},
//	 {"name": "customs-filedrop", "wire": "filedrop", "folder": "/srv/client", "business": "DecCus001"}]
type Channel struct {
	Name string `json:"name"`
	Wire string `json:"wire"` // dxp or filedrop

	URL        string   `json:"url,omitzero"`         // dxp: where envelopes are posted
	SenderID   string   `json:"sender_id,omitzero"`   // dxp: DXPENT + number
	ReceiverID string   `json:"receiver_id,omitzero"` // dxp: DXPEDCDEC + 7 digits
	Allow      []string `json:"allow,omitempty"`      // dxp: host or host:port that may have a private address

	Folder   string `json:"folder,omitzero"`   // filedrop: root of the import client's folders
	Business string `json:"business,omitzero"` // filedrop: folder below it; empty: DecCus001
	Bare     bool   `json:"bare,omitzero"`     // filedrop: write .xml instead of .zip

	Sandbox bool `json:"sandbox,omitzero"` // plays customs; serve refuses it
}

// loadChannels reads the list strictly; what its rows say is judged by Validate.
func loadChannels(path string) ([]Channel, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var list []Channel
	if err := json.Unmarshal(body, &list, json.RejectUnknownMembers(true)); err != nil {
		return nil, &toldError{key: "cli.error.channels", args: arguments{"file": path, "reason": err.Error()}, err: err}
	}
	return list, nil
}

// problems of one channel; place names it to the operator.
func (ch *Channel) problems(place string) []problem {
	var found []problem
	need := func(name, value string) {
		if value == "" {
			found = append(found, problem{"cli.config.channel_field", arguments{"channel": place, "field": name}})
		}
	}
	need("name", ch.Name)
	switch ch.Wire {
	case wireDXP:
		need("url", ch.URL)
		need("sender_id", ch.SenderID)
		need("receiver_id", ch.ReceiverID)
		if ch.URL != "" {
			found = append(found, ch.addressProblems(place)...)
		}
	case wireFiledrop:
		need("folder", ch.Folder)
	default:
		found = append(found, problem{"cli.config.channel_wire", arguments{"channel": place, "wire": ch.Wire}})
	}
	return found
}

// addressProblems: declarations leave encrypted, unless the operator named
// the host himself.
func (ch *Channel) addressProblems(place string) []problem {
	u, err := url.Parse(ch.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return []problem{{"cli.config.channel_url", arguments{"channel": place}}}
	}
	if u.Scheme == "http" && !ch.allows(u.Host) {
		return []problem{{"cli.config.channel_plain", arguments{"channel": place, "host": u.Host}}}
	}
	return nil
}

func (ch *Channel) allows(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	for _, a := range ch.Allow {
		if a == hostport || a == host {
			return true
		}
	}
	return false
}

// place names row i of a list of channels.
func (ch *Channel) place(i int) string {
	if ch.Name != "" {
		return ch.Name
	}
	return fmt.Sprintf("#%d", i+1)
}

// Package customsxml is the standard message of a goods declaration
// (报关单导入报文, DecMessage) in both directions.
//
// Contract: Parse takes any envelope, namespace and child order that is known
// to occur and gives the declaration with every structural fault in one pass;
// Write gives the one strict form. Parse(Write(d)) is d, but for abolished
// fields, which are never written, and for country and currency codes from
// before August 2018, which are read as those of today. Other values are
// neither trimmed nor corrected.
//
// The package does not judge values (declarations does) and knows nothing of
// files, signatures or attachments.
package customsxml

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Rules of the rule table that are judged here.
const (
	codeRoot      = "DEC-0003" // V003: root and namespace; args: element, namespace
	codeVersion   = "DEC-0004" // V004: version attribute; args: version
	codeGroups    = "DEC-0005" // V005: one DecHead, a DecList, one DecSign; args: element
	codeOrder     = "DEC-0006" // V006: children in another order; args: element
	codeUnknown   = "DEC-0007" // V007: unknown element or attribute; args: element, kept (true, false)
	codeDuplicate = "DEC-0008" // V008: twice in one group; args: element
	codeEnvelope  = "DEC-0079" // V079: head of the envelope of 2017-2018; args: element, value
)

// codeNoMessage is the fault of an envelope of 2017-2018 that holds no DecMessage.
const codeNoMessage = "DEC-1020"

// Profile is one version of the message. A namespace does not identify it.
type Profile struct {
	Name      string
	Namespace string
	Version   string   // of the attribute Version
	Tolerated []string // namespaces that are read as well
}

// DecMessage48 is the version in use.
var DecMessage48 = Profile{
	Name:      "decmessage-4.8",
	Namespace: "http://www.chinaport.gov.cn/dec",
	Version:   "4.8",
	Tolerated: []string{"http://www.chinaport.gov.cn/dec_3_1"},
}

// Options choose how a message is written.
type Options struct {
	// EmptyElements writes every head, line, free text and signature element,
	// as the import client does, also when it has no value.
	EmptyElements bool
	// Empty are elements without a value that are written, as a message had them.
	Empty Blanks
	// EmptyGroups are groups without content that are written as an empty element.
	EmptyGroups []string
}

// Blanks are the elements of a message that stood there without a value: for
// each group, by its place (DecLists/DecList[1]), a bit for each of its fields.
type Blanks map[string][2]uint64

// Form is how a message was written by its author.
type Form struct {
	Envelope      string // DecMessage, or ImportMessage (2017-2018)
	Namespace     string
	Version       string   // value of Version or version, empty when absent
	EmptyElements bool     // most head elements without a value were written
	Empty         Blanks   // which elements without a value were written
	EmptyGroups   []string // groups that stood there as an empty element
}

// Options are those that write a message as its author wrote it.
func (f Form) Options() Options {
	return Options{Empty: f.Empty, EmptyGroups: f.EmptyGroups}
}

// Document is a message that was read.
type Document struct {
	Declaration declarations.Declaration
	Form        Form

	root, message *strictxml.Element
}

// Place is a place in the document as its author sees it.
type Place struct {
	Path         string // /DecMessage/DecLists/DecList[3]/CodeTS, rows counted from 1
	Line, Column int    // from 1; 0 when the document has no such place
}

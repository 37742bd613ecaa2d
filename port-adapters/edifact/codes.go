package edifact

import "kouan/declarations"

// Fault codes of EDIFACT. What each takes as arguments stands in the table.
const (
	CodeNoHeader       = "EDI-1001"
	CodeServiceChars   = "EDI-1002"
	CodeVersion        = "EDI-1003"
	CodeCharset        = "EDI-1004"
	CodeNoTrailer      = "EDI-1005"
	CodeEndsEarly      = "EDI-1006"
	CodeDangling       = "EDI-1007"
	CodeOutside        = "EDI-1008"
	CodeLimit          = "EDI-1009"
	CodeMixed          = "EDI-1010"
	CodeReference      = "EDI-1011"
	CodeCount          = "EDI-1012"
	CodeDuplicate      = "EDI-1013"
	CodeTwoTypes       = "EDI-1014"
	CodeEnvelope       = "EDI-1015"
	CodeNoMessage      = "EDI-1016"
	CodeTag            = "EDI-1017"
	CodeCharacter      = "EDI-1018"
	CodeLineBreak      = "EDI-1019"
	CodeOctets         = "EDI-1020"
	CodeTrailing       = "EDI-1021"
	CodeUnchecked      = "EDI-1022"
	CodeUnsupported    = "EDI-1023"
	CodeUnknownSegment = "EDI-1024"
	CodePosition       = "EDI-1025"
	CodeMissing        = "EDI-1026"
	CodeSegmentTwice   = "EDI-1027"
	CodeGroupTwice     = "EDI-1028"
	CodeElementMissing = "EDI-1029"
	CodeTooMany        = "EDI-1030"
	CodeTooLong        = "EDI-1031"
	CodeTooShort       = "EDI-1032"
	CodeNumeric        = "EDI-1033"
	CodeDecimal        = "EDI-1034"
	CodeDecimalPlace   = "EDI-1035"
	CodeRepetition     = "EDI-1036"
	CodeNotInList      = "EDI-1037"
	CodeBlank          = "EDI-1038"
	CodeBoxes          = "EDI-1039"
	CodeCheckDigit     = "EDI-1040"
	CodeUnknownSender  = "EDI-1041"
	CodeNotForUs       = "EDI-1042"
	CodeSentBefore     = "EDI-1043"
	CodeNoEnd          = "EDI-1044"
	CodeLetters        = "EDI-1045"
	CodeLeadingZero    = "EDI-1046"

	// of letters, and of what messages mean
	CodeNoForm      = "EDI-1060"
	CodeNoBox       = "EDI-1061"
	CodeLeftOut     = "EDI-1062"
	CodeUnsaid      = "EDI-1063"
	CodeMeaning     = "EDI-1064"
	CodeTime        = "EDI-1065"
	CodeNoTime      = "EDI-1066"
	CodeSentBack    = "EDI-1067"
	CodeUndecided   = "EDI-1068"
	CodeNoBoxNumber = "EDI-1069"
	CodeWithdrawn   = "EDI-1070"
	CodeQuarantined = "EDI-1071"
	CodeTest        = "EDI-1072"
	CodeExamination = "EDI-1073"
)

const (
	reject = declarations.Reject
	warn   = declarations.Warn
	off    = declarations.Off
)

// code is one kind of finding: its error code of list 0085, what it means in
// strict and in tolerant mode, and whether a tolerant reader still asks a
// person to look.
type code struct {
	error      int
	strict     declarations.Severity
	tolerant   declarations.Severity
	quarantine bool
	level      Level
}

// codes are all findings of the codec. A code that list 0085 does not know
// has the one next to it in meaning; 18 is "unspecified".
var codes = map[string]code{
	CodeNoHeader:       {error: 13, strict: reject, tolerant: reject},                 // messages without UNB
	CodeServiceChars:   {error: 22, strict: reject, tolerant: reject},                 // UNA; args: value
	CodeVersion:        {error: 2, strict: reject, tolerant: reject},                  // args: value
	CodeCharset:        {error: 46, strict: reject, tolerant: reject},                 // args: value
	CodeNoTrailer:      {error: 13, strict: reject, tolerant: warn},                   // UNZ
	CodeEndsEarly:      {error: 13, strict: reject, tolerant: reject},                 // inside a segment
	CodeNoEnd:          {error: 13, strict: reject, tolerant: reject},                 // message without UNT; args: tag
	CodeDangling:       {error: 22, strict: reject, tolerant: reject},                 // release character at the end
	CodeOutside:        {error: 33, strict: reject, tolerant: warn},                   // args: value
	CodeLimit:          {error: 18, strict: reject, tolerant: reject},                 // args: limit, unit
	CodeMixed:          {error: 30, strict: reject, tolerant: warn},                   //
	CodeReference:      {error: 28, strict: reject, tolerant: warn},                   // args: value, expected
	CodeCount:          {error: 29, strict: reject, tolerant: warn},                   // args: value, counted
	CodeDuplicate:      {error: 26, strict: reject, tolerant: reject},                 // args: value
	CodeTwoTypes:       {error: 31, strict: reject, tolerant: warn},                   // args: value, expected
	CodeEnvelope:       {error: 13, strict: reject, tolerant: reject},                 // element of the envelope is missing; args: name
	CodeNoMessage:      {error: 13, strict: reject, tolerant: warn},                   // nothing between UNB and UNZ
	CodeTag:            {error: 15, strict: reject, tolerant: reject},                 // args: value
	CodeCharacter:      {error: 21, strict: reject, tolerant: warn},                   // args: value, charset
	CodeLineBreak:      {error: 21, strict: reject, tolerant: warn},                   // inside a segment
	CodeOctets:         {error: 21, strict: reject, tolerant: warn},                   // args: charset
	CodeTrailing:       {error: 45, strict: reject, tolerant: off},                    // separator
	CodeBlank:          {error: 21, strict: reject, tolerant: warn},                   // blanks before a segment
	CodeUnsupported:    {error: 14, strict: reject, tolerant: reject},                 // args: type, version
	CodeUnknownSegment: {error: 15, strict: reject, tolerant: reject},                 // args: type, version
	CodePosition:       {error: 15, strict: reject, tolerant: reject},                 // args: expected
	CodeMissing:        {error: 13, strict: reject, tolerant: reject},                 // segment or group; args: expected
	CodeSegmentTwice:   {error: 35, strict: reject, tolerant: warn},                   // args: limit
	CodeGroupTwice:     {error: 36, strict: reject, tolerant: warn},                   // args: limit, group
	CodeElementMissing: {error: 13, strict: reject, tolerant: warn, quarantine: true}, // args: id
	CodeTooMany:        {error: 16, strict: reject, tolerant: warn},                   // element or component; args: limit
	CodeTooLong:        {error: 39, strict: reject, tolerant: warn},                   // args: id, limit, length
	CodeTooShort:       {error: 40, strict: reject, tolerant: warn},                   // args: id, limit, length
	CodeNumeric:        {error: 12, strict: reject, tolerant: warn},                   // args: id, value
	CodeLeadingZero:    {error: 12, strict: warn, tolerant: off},                      // in a value of no fixed length; args: id, value
	CodeLetters:        {error: 12, strict: reject, tolerant: warn},                   // digits in a value of letters; args: id, value
	CodeDecimal:        {error: 19, strict: reject, tolerant: reject},                 // both marks; args: id, value
	CodeDecimalPlace:   {error: 19, strict: reject, tolerant: warn},                   // args: id, value
	CodeRepetition:     {error: 35, strict: reject, tolerant: warn},                   // args: id, limit
	CodeNotInList:      {error: 12, strict: warn, tolerant: off},                      // args: id, value
	CodeUnchecked:      {error: 0, strict: warn, tolerant: warn, level: Business},     // no layout; args: type, version
	CodeBoxes:          {error: 0, strict: reject, tolerant: warn, level: Business},   // args: value, counted
	CodeCheckDigit:     {error: 0, strict: warn, tolerant: warn, level: Business},     // args: value
	CodeUnknownSender:  {error: 23, strict: reject, tolerant: reject},                 // of the recipient's register; args: value
	CodeNotForUs:       {error: 7, strict: reject, tolerant: reject},                  // args: value
	CodeSentBefore:     {error: 26, strict: reject, tolerant: reject},                 // args: value
	CodeNoForm:         {strict: reject, tolerant: reject, level: Business},           // the letter has no form in EDIFACT; args: type
	CodeNoBox:          {strict: reject, tolerant: reject, level: Business},           // break-bulk has no form in COHAOR; args: value
	CodeLeftOut:        {strict: warn, tolerant: warn, level: Business},               // a text that the repertoire does not have; args: name, value
	CodeUnsaid:         {strict: warn, tolerant: warn, level: Business},               // the profile asks for it, the notice does not tell; args: name
	CodeMeaning:        {strict: warn, tolerant: warn, level: Business},               // a code whose meaning here is not known; args: id, value
	CodeTime:           {strict: warn, tolerant: warn, level: Business},               // a time that cannot be read; args: value
	CodeNoTime:         {strict: warn, tolerant: warn, level: Business},               // a report without its time
	CodeSentBack:       {strict: warn, tolerant: warn, level: Business},               // the partner refused our interchange; args: value, error
	CodeUndecided:      {strict: warn, tolerant: warn, level: Business},               // an answer that does not say what was decided
	CodeNoBoxNumber:    {strict: warn, tolerant: warn, level: Business},               // a report about a box without its number
	CodeWithdrawn:      {strict: warn, tolerant: warn, level: Business},               // a cancelled order, to be taken back by a person; args: value
	CodeQuarantined:    {strict: warn, tolerant: warn, level: Business},               // a message is kept for a person
	CodeTest:           {strict: warn, tolerant: warn, level: Business},               // marked as a test: nothing of it is used
	CodeExamination:    {strict: warn, tolerant: warn, level: Business},               // customs tells that goods are to be examined; args: value
}

// severityOf is what a code means in the mode of the reader.
func severityOf(strict bool, name string) declarations.Severity {
	if strict {
		return codes[name].strict
	}
	return codes[name].tolerant
}

// found makes a finding of a code in the mode of the reader.
func found(strict bool, name string, pairs ...string) Finding {
	c := codes[name]
	f := Finding{Code: name, Error: c.error, Level: c.level, Severity: severityOf(strict, name), Quarantine: c.quarantine && !strict}
	if f.Level == "" {
		f.Level = Syntax
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[pairs[i]] = pairs[i+1]
	}
	return f
}

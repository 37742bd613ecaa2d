// Package rating is the online rating of charging bodies (收费主体网上评价): what a
// payer with a checked account may say about a body on it, and what may be
// shown of many ratings.
//
// Contract: whether the bill equals the catalogue is computed from the check
// and never asked; clarity and time to answer are asked; there are no free
// stars. Summarise is a pure function of ratings and a day: it looks at twelve
// months, and below Few ratings it tells the count and nothing else.
//
// The package does not know who rates, how a bill was checked, databases,
// pages or any language.
package rating

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kouan/tariffs"
)

// Few is the number below which nothing but the count is shown. It is our own
// threshold: no source sets one (formats/tariffs.md §11, unverified).
const Few = 10

// Months is the window of a summary, back from its day.
const Months = 12

// Clarity: the worst and the best that may be said.
const (
	LeastClear = 1
	MostClear  = 5
)

// MostWords bounds the words of a rating and of a reply, in characters.
const MostWords = 1000

// Answer is how long a body took to answer a question about its bill.
type Answer string

// The answers, the quickest first. NotAsked is of who asked nothing.
const (
	SameDay     Answer = "same_day"
	ThreeDays   Answer = "within_3_days"
	TenDays     Answer = "within_10_days"
	Longer      Answer = "longer"
	NotAnswered Answer = "not_answered"
	NotAsked    Answer = "not_asked"
)

// Answers are all answers.
var Answers = []Answer{SameDay, ThreeDays, TenDays, Longer, NotAnswered, NotAsked}

// Rating is what one payer says about one body on one checked bill.
type Rating struct {
	At       time.Time
	Standing tariffs.Standing // of the body's lines, from the check
	Clarity  int
	Answer   Answer
}

// Fault is something in a rating that cannot be used, as data.
type Fault struct {
	Path, Reason string // reason: bounds, choice, long
	Value, Known string
}

// Check finds what cannot be used in what was asked.
func Check(clarity int, answer Answer, words string) []Fault {
	var out []Fault
	if clarity < LeastClear || clarity > MostClear {
		out = append(out, Fault{Path: "clarity", Reason: "bounds", Value: strconv.Itoa(clarity)})
	}
	if !slices.Contains(Answers, answer) {
		var known strings.Builder
		for i, a := range Answers {
			if i > 0 {
				known.WriteString(", ")
			}
			known.WriteString(string(a))
		}
		out = append(out, Fault{Path: "answer", Reason: "choice", Value: string(answer), Known: known.String()})
	}
	if utf8.RuneCountInString(words) > MostWords {
		out = append(out, Fault{Path: "words", Reason: "long"})
	}
	return out
}

package edifact

// Verdict is what becomes of a message or an interchange.
type Verdict string

// The verdicts, from good to bad.
const (
	Accept             Verdict = "accept"
	AcceptWithFindings Verdict = "accept_with_findings"
	Quarantine         Verdict = "quarantine" // readable; a person looks before anything is done
	Reject             Verdict = "reject"
)

var ranks = map[Verdict]int{Accept: 0, AcceptWithFindings: 1, Quarantine: 2, Reject: 3}

func worse(a, b Verdict) Verdict {
	if ranks[b] > ranks[a] {
		return b
	}
	return a
}

func (j *judged) syntax() Verdict {
	switch {
	case j.rejects > 0:
		return Reject
	case j.quarantined:
		return Quarantine
	case j.warns > 0:
		return AcceptWithFindings
	}
	return Accept
}

func (j *judged) business() Verdict {
	switch {
	case j.refused:
		return Reject
	case j.doubted:
		return AcceptWithFindings
	}
	return Accept
}

// Verdict is what CONTRL answers: of the syntax alone.
func (m *Message) Verdict() Verdict { return m.syntax() }

// Content is what APERAK would answer from the checks of the codec (counts,
// check digits); the rules of the recipient come on top.
func (m *Message) Content() Verdict { return m.business() }

// Verdict is what CONTRL answers. A rejected message rejects a strict
// interchange; in tolerant mode its neighbours stand, unless none is left.
func (ic *Interchange) Verdict() Verdict {
	v, good := ic.syntax(), 0
	for _, m := range ic.Messages {
		mv := m.Verdict()
		if mv != Reject {
			good++
		} else if !ic.strict {
			mv = AcceptWithFindings
		}
		v = worse(v, mv)
	}
	if good == 0 && len(ic.Messages) > 0 {
		return Reject
	}
	return v
}

// Content is the worst of the messages that stand.
func (ic *Interchange) Content() Verdict {
	v := Accept
	for _, m := range ic.Messages {
		v = worse(v, m.Content())
	}
	return v
}

package edifact

// ReadAnswer reads an APERAK; false when the message is none. Decision is
// empty when neither the function nor the document code says what was decided.
func ReadAnswer(m *Message) (*Answer, bool) {
	if m.Type != typeAperak {
		return nil, false
	}
	a := &Answer{}
	document := ""
	walkGroups(m.Tree(), func(g *Group) {
		for i := range g.Segments {
			s := &g.Segments[i]
			switch tag := s.Tag(); {
			case tag == "BGM":
				document, a.Number, a.Decision = s.Value(1, 1), s.Value(2, 1), s.Value(3, 1)
			case tag == "DTM" && s.Value(1, 1) == "137":
				a.At, _ = readTime(s.Value(1, 2), s.Value(1, 3))
			case tag == "DOC":
				a.Document = s.Value(2, 1)
			case tag == "RFF" && s.Value(1, 1) == "ACW":
				a.Subject = s.Value(1, 2)
			case tag == "RFF" && s.Value(1, 1) == "ADO":
				a.Notice = s.Value(1, 2)
			case tag == "NAD" && s.Value(1, 1) == "MS":
				a.Sender = s.Value(2, 1)
			case tag == "NAD" && s.Value(1, 1) == "MR":
				a.Recipient = s.Value(2, 1)
			case tag == "ERC":
				a.Faults = append(a.Faults, AnswerFault{Code: s.Value(1, 1)})
			case tag == "FTX" && len(a.Faults) > 0:
				a.Faults[len(a.Faults)-1].Text = s.Value(4, 1)
			case tag == "RFF" && s.Value(1, 1) == "EQ" && len(a.Faults) > 0:
				a.Faults[len(a.Faults)-1].Box = s.Value(1, 2)
			}
		}
	})
	a.Decision = decided(document, a.Decision, len(a.Faults))
	return a, true
}

// decided reads the decision: the function says it; without one of the three
// functions the document code does. Codes 294 and 305 stand in the list of
// D.00B too, and say it by their reasons.
func decided(document, function string, faults int) string {
	switch function {
	case DecisionAccepted, DecisionRefused, DecisionAmended:
		return function
	}
	switch {
	case document == documentRefused, (document == "294" || document == "305") && faults > 0:
		return DecisionRefused
	case document == documentAccepted, document == "294", document == "305":
		return DecisionAccepted
	}
	return ""
}

// walkGroups visits a group and those inside it, in the order of the message.
func walkGroups(g *Group, visit func(*Group)) {
	visit(g)
	for _, inner := range g.Groups {
		walkGroups(inner, visit)
	}
}

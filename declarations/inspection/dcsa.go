package inspection

// Step is the word of DCSA for an event (equipment event codes of its OpenAPI
// event domain 3.2.0, notices.md section 8) with its classifier, ACT or PLN.
// ok is false for events that have none: a cancellation retracts an earlier
// event by its id. Only what a shipping line may know leads to a word: a lock
// is told once it is set, of a finish not the result.
func Step(e Event, box *Box) (code, classifier string, ok bool) {
	switch e.Kind {
	case Locked:
		if box == nil {
			return "", "", false
		}
		switch box.Method {
		case Machine:
			return "CUSS", "ACT", true // selected for scan
		case Manual, MachineThenHands:
			return "CUSI", "ACT", true // selected for inspection
		}
	case FollowUpOrdered:
		if box != nil && (box.Method == Manual || box.Method == MachineThenHands) {
			return "CUSI", "ACT", true
		}
	case Appointed, Postponed:
		return "INSP", "PLN", true
	case Finished:
		return "INSP", "ACT", true
	case Resealed:
		return "RSEA", "ACT", true
	case Released:
		return "CUSR", "ACT", true
	}
	return "", "", false
}

package clearance

import "strconv"

// Words gives the text of a key in one language.
type Words func(key string, args map[string]string) string

// Say puts the words of a language into the texts of an overview. Everything
// else is data and stays.
func (o *Overview) Say(words Words) {
	for i := range o.Stages {
		o.Stages[i].say(words)
	}
	o.Advance.Text = words("clearance.advance."+string(o.Advance.State), nil)
	o.Advance.Manifest.Text = words("clearance.manifest."+string(o.Advance.Manifest.State), nil)
	if o.Admission != nil {
		o.Admission.Port.say(words)
		o.Admission.Use.say(words)
	}
	if t := o.TwoStep; t != nil {
		t.Text = words("clearance.two_step."+string(t.State), nil)
		t.Deadline.Say(words)
	}
	if p := o.CombinedPort; p != nil {
		p.Departed.say(words)
		p.Arrived.say(words)
		key := "clearance.combined.unknown_pair"
		if p.Known {
			key = "clearance.combined.known_pair"
		}
		p.Text = words(key, map[string]string{"from": p.From, "to": p.To})
	}
	for i := range o.Papers {
		p := &o.Papers[i]
		p.Text = words("clearance.paper."+p.Rule+"."+p.State, p.args)
	}
	key := "clearance.ship_side.ready"
	if !o.ShipSide.Ready {
		key = "clearance.ship_side." + o.ShipSide.Reasons[0]
	}
	o.ShipSide.Text = words(key, nil)
}

// say names the stage, its state and what is particular.
func (s *Stage) say(words Words) {
	s.Text, s.StateText = words("clearance.stage."+s.Stage, nil), words("clearance.state."+string(s.State), nil)
	if s.Key != "" {
		s.KeyText = words("clearance.detail."+s.Key, nil)
	}
}

// Say puts the words of a language into the text of a deadline.
func (d *FilingDeadline) Say(words Words) {
	c := Countdown{Kind: FilingKind, State: d.State, Due: d.Due, DaysLeft: d.DaysLeft, source: d.Source, late: d.Late}
	c.Say(words)
	d.Text = c.Text
}

// Say puts the words of a language into the text of a deadline.
func (d *PaymentDeadline) Say(words Words) {
	c := Countdown{Kind: PaymentKind, State: d.State, Due: d.Due, DaysLeft: d.DaysLeft}
	c.Say(words)
	d.Text = c.Text
}

// Say puts the words of a language into the text of a deadline.
func (c *Countdown) Say(words Words) {
	args := map[string]string{"due": string(c.Due)}
	key := string(c.State)
	switch {
	case c.State == Met && c.late:
		key = "met_late"
	case c.State == Open && c.DaysLeft == nil:
		key = "no_day"
	case c.State == Open && c.source == EntryFromEstimate:
		key, args["days"] = "expected", strconv.Itoa(*c.DaysLeft)
	case c.State == Open:
		args["days"] = strconv.Itoa(*c.DaysLeft)
	case c.State == Overdue:
		args["days"] = strconv.Itoa(-*c.DaysLeft)
	}
	c.Text = words(countdownWords[c.Kind]+key, args)
}

// countdownWords begins the keys of each kind of deadline.
var countdownWords = map[string]string{FilingKind: "clearance.deadline.", PaymentKind: "clearance.payment."}

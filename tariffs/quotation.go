package tariffs

// Quotation is the answer to a Call: what a port call costs at most by the
// rows of a day, how sure that is, and how each line came about.
type Quotation struct {
	Engine      string  `json:"engine"`    // of the rules of computing
	Catalogue   string  `json:"catalogue"` // version of the rows
	On          Day     `json:"on"`        // day whose rows were used
	KnownOn     Day     `json:"known_on"`  // day on which it was asked
	Lines       []Line  `json:"lines"`
	Total       Total   `json:"total"`
	ByPayer     []Total `json:"by_payer"`
	ByCollector []Total `json:"by_collector"`
	Notes       []Note  `json:"notes,omitempty"`

	// Across are the days in the stay on which something begins to be charged
	// otherwise. The lines are those of the first day, which decides.
	Across []Across `json:"across,omitempty"`
}

// Engine is the version of the rules of computing; a quotation of another one
// is made again by that one only.
const Engine = "2"

// Line is one charge.
type Line struct {
	Item       string   `json:"item"`
	Component  string   `json:"component,omitzero"`
	Part       string   `json:"part,omitzero"` // in, out, import-20-laden …: what tells alike lines apart
	Collector  string   `json:"collector"`
	Payer      string   `json:"payer"`
	Regime     Regime   `json:"regime"`
	Quantity   string   `json:"quantity,omitzero"`
	Unit       string   `json:"unit,omitzero"`
	Rate       string   `json:"rate,omitzero"`
	Amount     *Fen     `json:"amount_fen,omitzero"`     // nil: unknown
	WholeYuan  *Fen     `json:"whole_yuan_fen,omitzero"` // the variant of R-AMOUNT-YUAN, when it is shown
	AtMost     bool     `json:"at_most,omitzero"`
	Row        string   `json:"row,omitzero"`
	RowVersion int      `json:"row_version,omitzero"`
	Instrument string   `json:"instrument,omitzero"`
	Article    string   `json:"article,omitzero"`
	Basis      string   `json:"basis_status,omitzero"` // of the instrument, when it is not simply in force
	Word       Word     `json:"verification,omitzero"` // the weakest of all that it stands on; empty: no figure was read
	Needs      []string `json:"needs,omitempty"`       // paths of the call that are missing
	Unknown    string   `json:"unknown,omitzero"`      // slug: why there is no amount
	About      []string `json:"about,omitempty"`       // what Unknown speaks of: the band that is not on file, the bodies to choose from
	Zero       string   `json:"zero_because,omitzero"` // slug: exempt, included, suspended, covered …
	Path       []Step   `json:"path"`
	Taints     []Taint  `json:"taints,omitempty"`
}

// Step is one step of the rule path.
type Step struct {
	Step       string `json:"step"`        // slug: round_up, minimum, tier, fixed_sum, factor, days, half_hours, cell, reading, round_fen …
	By         string `json:"by,omitzero"` // row, modifier or rounding rule
	In         string `json:"in,omitzero"`
	Out        string `json:"out,omitzero"`
	Instrument string `json:"instrument,omitzero"`
	Word       Word   `json:"verification,omitzero"`
}

// Taint is an input that makes a total indicative.
type Taint struct {
	By   string `json:"by"`
	Word Word   `json:"verification"`
}

// Total is a sum. Status plain: every figure was read in its instrument;
// indicative: some were not, Taints lists them; withheld: something is
// unknown, and AtLeast is only what is known; or nothing was asked for.
type Total struct {
	Of      string   `json:"of,omitzero"` // payer or collector
	Status  string   `json:"status"`
	Amount  *Fen     `json:"amount_fen,omitzero"`
	AtLeast Fen      `json:"at_least_fen"`
	Yuan    *Fen     `json:"whole_yuan_fen,omitzero"` // sum of the lines in whole yuan, when they are shown
	AtMost  bool     `json:"at_most,omitzero"`        // some line is a ceiling
	Taints  []Taint  `json:"taints,omitempty"`
	Unknown []string `json:"unknown,omitempty"` // items without an amount
}

// IsEmpty reports a total of no line at all: nothing that is charged was
// asked for, which costs not zero but nothing that we could know.
func (t *Total) IsEmpty() bool { return t.Amount == nil && len(t.Unknown) == 0 }

// The statuses of totals.
const (
	TotalPlain      = "plain"
	TotalIndicative = "indicative"
	TotalWithheld   = "withheld"
)

// Note is something that the reader must know about the whole quotation.
type Note struct {
	Note string `json:"note"` // slug
	By   string `json:"by,omitzero"`
}

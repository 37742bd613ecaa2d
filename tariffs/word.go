package tariffs

// Word says how sure a figure is. Every figure carries exactly one.
type Word string

// The words, from the surest.
const (
	OfficialText Word = "official_text" // the instrument's own wording was read
	Triangulated Word = "triangulated"  // only this value fits figures that were read
	Secondary    Word = "secondary"     // read in press, lists of carriers, pages of agents
	Unverified   Word = "unverified"    // recalled, assumed or in conflict
)

// Words are all words, from the surest.
var Words = []Word{OfficialText, Triangulated, Secondary, Unverified}

// Plain reports whether a total that stands on the figure may be given
// without a mark.
func (w Word) Plain() bool { return w == OfficialText }

// Surer reports whether a word says more than another.
func (w Word) Surer(than Word) bool { return rank(w) < rank(than) }

// weaker is the less sure of two words.
func weaker(a, b Word) Word {
	if rank(a) >= rank(b) {
		return a
	}
	return b
}

// rank of a word that is none is the weakest.
func rank(w Word) int {
	for i, known := range Words {
		if w == known {
			return i
		}
	}
	return len(Words)
}

// Weaker is the less sure of two words.
func (w Word) Weaker(o Word) Word { return weaker(w, o) }

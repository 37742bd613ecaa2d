package tariffs

// Codes of faults of a call and of an account.
const (
	CodeNumber    = "FEE-1001" // no plain number; args: value
	CodeChoice    = "FEE-1002" // none of the choices; args: value, known
	CodeBounds    = "FEE-1003" // a number out of bounds
	CodeOrder     = "FEE-1004" // times out of order, or a stay too long
	CodeDay       = "FEE-1005" // no day; args: value
	CodeNeeded    = "FEE-1006" // no day by which rates could be chosen
	CodeTerminal  = "FEE-1007" // terminal not in the catalogue; args: value
	CodeModifier  = "FEE-1008" // modifier not in the catalogue; args: value
	CodeInstant   = "FEE-1009" // no instant; args: value
	CodeLines     = "FEE-1010" // an account without lines, or with too many; args: limit
	CodeColumn    = "FEE-1011" // column of an account unknown or twice; args: name
	CodeNoColumn  = "FEE-1012" // column of an account missing; args: name
	CodeOtherCall = "FEE-1013" // rows of two accounts in one file; args: value, name
	CodeNoEffect  = "FEE-1317" // modifier that changes nothing when it is named; args: value, known
	CodeEitherOr  = "FEE-1318" // modifier whose condition excludes that of another one named; args: value, known
	CodeQuantity  = "FEE-1319" // no quantity of cargo or volume of a box; args: value, limit
	CodeTwoUnits  = "FEE-1014" // tonnes and cubic metres of the same cargo
	CodeNoSize    = "FEE-1015" // no ship is of no size
)

var codeOf = map[string]string{
	"number": CodeNumber, "choice": CodeChoice, "negative": CodeBounds, "order": CodeOrder, "day": CodeDay,
	"needed": CodeNeeded, "terminal": CodeTerminal, "modifier": CodeModifier,
	"no_effect": CodeNoEffect, "either_or": CodeEitherOr, "quantity": CodeQuantity, "two_quantities": CodeTwoUnits, "no_size": CodeNoSize,
}

// Code is the permanent code of the fault, which is the key of its words.
func (f *InputFault) Code() string { return codeOf[f.Reason] }

// Args are what its words may name.
func (f *InputFault) Args() map[string]string {
	args := map[string]string{}
	if f.Value != "" {
		args["value"] = f.Value
	}
	if f.Known != "" {
		args["known"] = f.Known
	}
	if f.Limit != "" {
		args["limit"] = f.Limit
	}
	return args
}

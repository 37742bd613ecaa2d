package declarations

// noCode stands for "this unit has no such code" (fight1991/my-project2.0).
const noCode = "NO"

var (
	agentAndSubmitterCredit = named(HeadFields, "AgentCodeScc", "CopCodeScc")
	ownerAndTraderCredit    = named(HeadFields, "OwnerCodeScc", "TradeCoScc")
	tenCharacterCodes       = named(HeadFields, "AgentCode", "TradeCode")
	ownerCode               = named(HeadFields, "OwnerCode")[0]
)

// V015: unified social credit codes; owner and trader may be NO.
func creditCodes(c *check) {
	visit(c, agentAndSubmitterCredit, c.d, func(c *check, f *spec, v string) {
		if v != "" && !CheckUSCC(v) {
			c.fault(c.path(f.path), f.element, "value", shown(v))
		}
	})
	visit(c, ownerAndTraderCredit, c.d, func(c *check, f *spec, v string) {
		if v != "" && v != noCode && !CheckUSCC(v) {
			c.fault(c.path(f.path), f.element, "value", shown(v))
		}
	})
}

// V016: customs registration codes of ten letters or digits; the owner's may
// have nine, or be NO.
func customsCodes(c *check) {
	visit(c, tenCharacterCodes, c.d, func(c *check, f *spec, v string) {
		if v != "" && !isCustomsCode(v, 10) {
			c.fault(c.path(f.path), f.element, "value", shown(v), "length", number(len(v)), "limit", "10")
		}
	})
	v := ownerCode.value(c.d)
	if v == "" || v == noCode || isCustomsCode(v, 9) || isCustomsCode(v, 10) {
		return
	}
	c.fault(ownerCode.path, ownerCode.element, "value", shown(v), "length", number(len(v)), "limit", "9, 10")
}

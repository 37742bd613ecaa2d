package sandbox

import (
	"strings"

	"kouan/declarations"
)

// step is one answer of a story. Times count in units of Customs.Delay from
// the moment that the message was taken.
type step struct {
	at    int    // when it is sent
	code  string // CHANNEL, or the code of an import response
	note  string
	dated int // when it happened, if not when it is sent

	// sameSecond dates it like the step before for half of the messages: real
	// customs writes P and R with one and the same second.
	sameSecond bool
}

// story is what customs does with a declaration.
type story struct {
	prefix  string // of the client reference
	steps   []step
	copies  int  // how often each answer is sent; 0: once
	late    bool // stored, and answered after the client's time-out
	refuses bool // the channel refuses a few times first
	later   string
}

var (
	imported = step{at: 1, code: declarations.CodeImported, note: "导入成功 stored"}
	declared = step{at: 2, code: "7", note: "申报到海关预录入系统成功 declared"}
	received = step{at: 3, code: "L", note: "海关入库成功 received"}
	reviewed = step{at: 4, code: "J", note: "通关无纸化审结 review finished"}
)

// stories are chosen by the beginning of the client reference (contract.md,
// "Words that others rely on"). The first is the story of every other reference.
var stories = []story{
	{prefix: "SBXREL", steps: release},
	{prefix: "SBXINS", steps: []step{imported, declared, received, reviewed,
		{at: 5, code: "C", note: "查验通知：请于示例场地配合查验 inspection"},
		{at: 8, code: "P", note: "海关已放行 released"},
		{at: 9, code: "R", note: "海关已结关 closed", sameSecond: true}}},
	{prefix: "SBXRET", later: "SBXREL", steps: []step{imported, declared, received,
		{at: 4, code: "E", note: "海关退单：示例原因，第1项商品规格型号申报要素不完整 returned: goods line 1, declaration elements incomplete"}}},
	{prefix: "SBXSUS", steps: []step{imported, declared, received,
		{at: 4, code: "H", note: "海关挂起，需手工申报 suspended"},
		{at: 7, code: "J", note: "通关无纸化审结 review finished"},
		{at: 8, code: "P", note: "海关已放行 released"},
		{at: 9, code: "R", note: "海关已结关 closed", sameSecond: true}}},
	{prefix: "SBXLOS", steps: release[1:]},
	{prefix: "SBXREV", steps: []step{imported, declared, received, reviewed,
		{at: 6, code: "R", note: "海关已结关 closed"},
		{at: 8, dated: 5, code: "P", note: "海关已放行 released"}}},
	{prefix: "SBXTWI", steps: release, copies: 2},
	{prefix: "SBXLAT", steps: release, late: true},
	{prefix: "SBXDWN", steps: release, refuses: true},
}

var release = []step{imported, declared, received, reviewed,
	{at: 5, code: "P", note: "海关已放行 released"},
	{at: 6, code: "R", note: "海关已结关 closed", sameSecond: true}}

// storyOf chooses by the reference and by how many messages came before under
// it. A document that is no declaration is not stored.
func storyOf(reference, unreadable string, before int) *story {
	if unreadable != "" {
		return &story{steps: []step{{at: 1, code: declarations.CodeImportFailed, note: "导入失败 not stored: " + unreadable}}}
	}
	prefix := reference[:min(6, len(reference))]
	for i := range stories {
		if !strings.EqualFold(stories[i].prefix, prefix) {
			continue
		}
		if before > 0 && stories[i].later != "" {
			return storyOf(stories[i].later, "", 0)
		}
		return &stories[i]
	}
	return &stories[0]
}

package wcoxml

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Beyond are the leaves of the message that the canonical fields do not say,
// or say less exactly, as warnings: whoever writes the declaration in another
// form loses them.
func (doc Document) Beyond(opt Options) []declarations.Fault {
	if doc.message == nil {
		return nil
	}
	bare := doc.Declaration
	bare.Extensions, bare.Items = nil, slices.Clone(bare.Items)
	for i := range bare.Items {
		bare.Items[i].Extensions = nil
	}
	b := beyond{reader: reader{codes: opt.tables(), unverified: opt.Unverified, dir: bare.Header.TradeDirection}, doc: &doc}
	b.compare(doc.message, compose(&bare, opt), "/MetaData/Declaration", nil)
	return b.faults
}

type beyond struct {
	reader
	doc    *Document
	faults []declarations.Fault
}

// compare looks for leaves that the composed message does not have; item is
// the line they stand in, nil outside.
func (b *beyond) compare(read, composed *element, path string, item *element) {
	for _, c := range read.children {
		at := path + "/" + c.node.Name
		if c.node.Repeats() {
			at += "[" + strconv.Itoa(c.nth) + "]"
		}
		var other *element
		if composed != nil {
			other = composed.find(c.node, c.nth)
		}
		switch {
		case c.node == itemNode():
			b.compare(c, other, at, c)
		case c.node.IsClass():
			b.compare(c, other, at, item)
		case (other == nil || !c.sameLeaf(other)) && !b.said(c, item):
			b.faults = append(b.faults, *finding(declarations.Warn, codeLoss, c.source, at,
				[]string{"reason", reasonNoField, "value", shown(c.node, c.text), "wco_path", c.node.Path()}))
		}
	}
}

// said reports whether a leaf that is not written as it was read still is in a
// canonical field: without it the fields are others, and its text is in them.
func (b *beyond) said(leaf, item *element) bool {
	text := trimmed(leaf.text)
	for _, a := range leaf.attrs {
		if !b.saidBeside(a) {
			return false
		}
	}
	d := &b.doc.Declaration
	switch _, _, lineBox := boxNodes(); {
	case leaf.node == lineBox.Child("ID"), leaf.node.Parent.Name == "TransportEquipment" && leaf.node.Name == "ID":
		return slices.ContainsFunc(d.Containers, func(c declarations.Container) bool {
			return c.Number == text && (item == nil || lists(c.ItemNumbers, item.word(itemNode().Child("SequenceNumeric"))))
		})
	case leaf.node.Name == "MarksNumbersID":
		return slices.Contains(strings.Split(d.Header.ShippingMarks, ";"), text)
	}
	with := b.fields(item)
	leaf.absent = true
	without := b.fields(item)
	leaf.absent = false
	return !reflect.DeepEqual(with, without) && holds(reflect.ValueOf(with), text)
}

// saidBeside reports whether the form can say an attribute: a unit that it
// knows, a currency, the format of a time.
func (b *beyond) saidBeside(a strictxml.Attr) bool {
	switch a.Local {
	case unitCode:
		_, known := unit.read(b.codes, a.Value)
		return known
	case currencyID:
		_, known := currencyCode(b.codes, a.Value)
		return known
	}
	return a.Local == formatCode
}

// fields reads the fields of a line, or those of the declaration alone.
func (b *beyond) fields(item *element) any {
	s := rules()
	if item == nil {
		var d declaration
		s.readHead(&b.reader, b.doc.message, &d)
		return d
	}
	var it declarations.Item
	s.readItem(&b.reader, item, &it)
	return it
}

// holds reports whether a value holds a text as one of its texts.
func holds(v reflect.Value, text string) bool {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if holds(v.Field(i), text) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if holds(v.Index(i), text) {
				return true
			}
		}
	case reflect.String:
		return v.String() == text
	}
	return false
}

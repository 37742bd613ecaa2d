package app

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"kouan/declarations"
	"kouan/declarations/customsxml"
	"kouan/declarations/strictxml"
)

// decMessageCoverage fills every element of DecMessage with a value of its
// own, writes the message, looks into what was written and reads it again.
func decMessageCoverage() ([]coverageRow, error) {
	d := declarations.Declaration{Header: declarations.Header{TradeDirection: declarations.Import}}
	elements := customsxml.Elements(&d)
	values := make([]string, len(elements))
	for i, e := range elements {
		values[i] = ownValue(e, i)
		e.Set(values[i])
	}
	message := customsxml.Write(&d, customsxml.Options{EmptyElements: true})
	tree, faults := strictxml.Read(message, strictxml.Limits{})
	if faults != nil {
		return nil, fmt.Errorf("measure coverage: written message is refused: %v", faults)
	}
	written := map[string]string{}
	leaves(tree, written)
	read, err := readElements(message, elements, values)
	if err != nil {
		return nil, err
	}
	judged := judgedElements()
	rows := []coverageRow{envelopeCoverage(tree, message)}
	for i, e := range elements {
		if rows[len(rows)-1].Group != e.Group {
			rows = append(rows, coverageRow{Message: "DecMessage", Group: e.Group})
		}
		row := coverageRow{Elements: 1}
		switch v, there := written[e.Group+"/"+e.Name]; {
		case there && v == values[i]:
			row.Written = 1
		case there && v == "" && e.Abolished:
			row.Empty = 1
		}
		if read[i] == values[i] {
			row.Read = 1
		}
		if judged[e.Path] {
			row.Validated = 1
		}
		rows[len(rows)-1].add(row)
	}
	return rows, nil
}

// ownValue is a value that no other element has. Elements that are read by
// their positions have one that the positions allow.
func ownValue(e customsxml.Element, i int) string {
	if e.Group == "DecHead" {
		switch e.Name {
		case "IEFlag":
			return "I"
		case "Type":
			return "CL6"
		case "PromiseItmes":
			return "01901"
		}
	}
	return fmt.Sprintf("v%04d", i)
}

// leaves collects the text of elements without children, under the name of their group.
func leaves(e *strictxml.Element, into map[string]string) {
	for _, c := range e.Children {
		if len(c.Children) == 0 {
			into[e.Local+"/"+c.Local] = c.Text
		}
		leaves(c, into)
	}
}

// readElements reads the message and gives the values that came back. Abolished
// elements are written empty, so their values are put into the message by hand.
func readElements(message []byte, elements []customsxml.Element, values []string) ([]string, error) {
	for i, e := range elements {
		if e.Abolished {
			message = bytes.Replace(message, []byte("<"+e.Name+"/>"), []byte("<"+e.Name+">"+values[i]+"</"+e.Name+">"), 1)
		}
	}
	doc, faults := customsxml.Parse(message)
	if declarations.Rejected(faults) {
		return nil, fmt.Errorf("measure coverage: written message is refused: %v", faults)
	}
	again := customsxml.Elements(&doc.Declaration)
	if len(again) != len(elements) {
		return nil, errors.New("measure coverage: the message read has other elements than the message written")
	}
	read := make([]string, len(again))
	for i, e := range again {
		read[i] = e.Value()
	}
	return read, nil
}

// judgedElements are the paths of the elements for which an empty, a malformed
// or an overlong value is refused or warned of.
func judgedElements() map[string]bool {
	d := declarations.Declaration{Header: declarations.Header{TradeDirection: declarations.Import}}
	elements := customsxml.Elements(&d)
	for _, e := range elements {
		if e.Group == "DecSign" && e.Name == "OperType" {
			e.Set("C") // declares, so all required elements are asked for
		}
	}
	judged := map[string]bool{}
	for _, f := range declarations.Validate(&d) {
		judged[f.Path] = true
	}
	for _, e := range elements {
		own := e.Value()
		for _, v := range []string{"x", "?9", strings.Repeat("x", 3_000)} {
			e.Set(v)
			for _, f := range declarations.Validate(&d) {
				judged[f.Path] = judged[f.Path] || f.Path == e.Path
			}
		}
		e.Set(own)
	}
	return judged
}

// envelopeCoverage is the one element of the interface that is an attribute.
func envelopeCoverage(tree *strictxml.Element, message []byte) coverageRow {
	row := coverageRow{Message: "DecMessage", Group: "DecMessage", Elements: 1}
	const other = "9.9"
	own := ""
	for _, a := range tree.Attrs {
		if a.Local == "Version" {
			own = a.Value
		}
	}
	if own == customsxml.DecMessage48.Version {
		row.Written = 1
	}
	doc, faults := customsxml.Parse(bytes.Replace(message, []byte(`Version="`+own+`"`), []byte(`Version="`+other+`"`), 1))
	if doc.Form.Version == other {
		row.Read = 1
	}
	if len(faults) > 0 {
		row.Validated = 1
	}
	return row
}

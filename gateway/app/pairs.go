package app

import (
	"os"

	"kouan/declarations/clearance"
)

// loadPairs reads an operator's table of combined ports.
func loadPairs(path string) (clearance.Pairs, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pairs, err := clearance.LoadPairs(body)
	if err != nil {
		return nil, &toldError{key: "cli.error.pairs", args: arguments{"file": path, "reason": oneLine(err)}, err: err}
	}
	return pairs, nil
}

package api

import (
	"flag"
	"testing"

	"go.uber.org/goleak"

	"kouan/integration-tests/program"
)

var update = flag.Bool("update", false, "write the goldens of this package anew")

func TestMain(m *testing.M) {
	flag.Parse()
	goleak.VerifyTestMain(served{m})
}

// served gives the tests a database server when they ask for one.
type served struct{ m *testing.M }

func (s served) Run() int { return program.Main(s.m) }

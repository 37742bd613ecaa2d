package kill9

import (
	"os"
	"testing"

	"kouan/integration-tests/program"
)

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

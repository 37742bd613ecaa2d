package intake

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/xuri/excelize/v2"

	"kouan/declarations"
)

const (
	tableRows   = 10_000
	maxResident = 250 << 20 // of a workbook of 10,000 rows
)

// bigWorkbook writes so many rows under 40 filled columns, two lines a
// declaration, each text its own.
func bigWorkbook(t testing.TB, rows int) string {
	t.Helper()
	d := Read(samples(t, "valid-01*.xml")["valid-01-import-one-line.xml"], XML)[0].Declaration
	header, line := Lines(&d, true)
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	var used []int
	for i, v := range line[0] {
		if v != "" && !strings.HasPrefix(header[i], "商品序号") {
			used = append(used, i)
		}
	}
	if len(used) < 40 {
		t.Fatalf("%d columns", len(used))
	}
	put := func(n int, of func(i int) string) {
		cells := make([]any, len(used))
		for k, i := range used {
			cells[k] = of(i)
		}
		if err := w.SetRow("A"+strconv.Itoa(n), cells); err != nil {
			t.Fatal(err)
		}
	}
	put(1, func(i int) string { return header[i] })
	for n := range rows {
		reference := fmt.Sprintf("BIG%08d", n/2)
		put(n+2, func(i int) string {
			switch header[i] {
			case "客户端报关单编号":
				return reference
			case "规格型号", "商品名称":
				return line[0][i] + " " + strconv.Itoa(n)
			}
			return line[0][i]
		})
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "big.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWorkbookStaysSmall reads a workbook of 10,000 rows, rules and all, in a
// process of its own and looks at the most memory that process ever had.
func TestWorkbookStaysSmall(t *testing.T) {
	if path := os.Getenv("KOUAN_TEST_WORKBOOK"); path != "" {
		readBig(t, path)
		return
	}
	if testing.Short() {
		t.Skip("writes a workbook of 10,000 rows")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWorkbookStaysSmall$", "-test.v")
	cmd.Env = append(os.Environ(), "KOUAN_TEST_WORKBOOK="+bigWorkbook(t, tableRows))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Skip("the system does not tell the memory of a process")
	}
	resident := usage.Maxrss << 10 // KiB on Linux
	t.Logf("%d rows, %d MB at most, %v", tableRows, resident>>20, cmd.ProcessState.UserTime())
	if resident > maxResident*raceFactor {
		t.Errorf("%d MB, want at most %d", resident>>20, maxResident*raceFactor>>20)
	}
	if !strings.Contains(string(out), fmt.Sprintf("read %d declarations", tableRows/2)) {
		t.Errorf("the child said %s", out)
	}
}

func readBig(t *testing.T, path string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for row, err := range Stream(f, info.Size(), XLSX, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if declarations.Rejected(row.Faults) || len(row.Declaration.Items) != 2 {
			t.Fatal(said(row.Faults))
		}
		row.Check()
		count++
	}
	t.Logf("read %d declarations", count)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

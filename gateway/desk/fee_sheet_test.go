package desk_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kouan/gateway/desk"
	"kouan/tariffs"
)

// A number of a workbook is what the workbook shows: fifteen digits, plain.
func TestAPriceInAWorkbookIsTheNumberThatIsShown(t *testing.T) {
	t.Parallel()
	heading := make([]any, len(tariffs.SheetColumns))
	for i, name := range tariffs.SheetColumns {
		heading[i] = name
	}
	at := slices.Index(tariffs.SheetColumns, "amount")
	rows := [][]any{heading}
	// as the file holds them; the last one is a text
	stored := []string{"0.30000000000000004", "4.0000000000000001E-3", "34", "1.0000000000000001E-5", "0.375", "123456789012345678", "1E+2000000", "0.40"}
	for range stored {
		row := make([]any, len(heading))
		row[0], row[1], row[at] = len(rows), "SHIFTING", "0.40"
		rows = append(rows, row)
	}
	body := sheet(t, func(f *excelize.File) {
		for i, number := range stored[:len(stored)-1] {
			name, err := excelize.CoordinatesToCellName(at+1, i+2)
			if err == nil {
				err = f.SetCellDefault("Sheet1", name, number)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}, rows...)
	read, _, faults, err := desk.ReadFeeSheet(body)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	var got []string
	for _, row := range read.Rows {
		got = append(got, row.Cells[at])
	}
	if diff := cmp.Diff([]string{"0.3", "0.004", "34", "0.00001", "0.375", "123456789012346000", "1E+2000000", "0.40"}, got); diff != "" {
		t.Errorf("amounts (-want +got):\n%s", diff)
	}
}

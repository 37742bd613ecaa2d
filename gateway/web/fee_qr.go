package web

import (
	"fmt"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// qrCode is a QR code as a drawing: one path of runs of dark modules.
type qrCode struct {
	Size int // with the quiet zone
	Path string
}

// quietZone is how many light modules a reader wants around (ISO/IEC 18004 section 6.3.8).
const quietZone = 4

// newQR draws an address. Level M bears a fold or a stamp on the paper.
func newQR(address string) (*qrCode, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				path.WriteString("M" + strconv.Itoa(x+quietZone) + " " + strconv.Itoa(y+quietZone) + "h" + strconv.Itoa(run) + "v1h-" + strconv.Itoa(run) + "z")
				x += run
			}
		}
	}
	return &qrCode{Size: code.Size + 2*quietZone, Path: path.String()}, nil
}

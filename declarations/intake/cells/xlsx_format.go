package cells

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// format is what the number format of a style means for us.
type format struct {
	date bool
	pad  int // "0000": how many digits are shown at least
}

// The built-in formats that show dates and times (ECMA-376 part 1, 18.8.30;
// 27 to 36 and 50 to 58 are dates in Chinese, Japanese and Korean versions).
func builtInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// readStyles keeps, for each style of cells, what its number format is.
func (w *workbook) readStyles(name string) error {
	custom := map[string]format{}
	inside := false
	return w.elements(name, func(el *token) error {
		switch string(el.local) {
		case "numFmt":
			custom[attribute(el, "numFmtId")] = formatOf(attribute(el, "formatCode"))
		case "cellXfs":
			inside = true
		case "cellStyles", "dxfs":
			inside = false
		case "xf":
			if !inside {
				return nil
			}
			id := attribute(el, "numFmtId")
			f, known := custom[id]
			if n, err := strconv.Atoi(id); !known && err == nil {
				f = format{date: builtInDate(n)}
			}
			w.formats = append(w.formats, f)
		}
		return nil
	})
}

// formatOf reads a format code: dates have y, m, d, h or s outside of quotes,
// brackets and escapes; a code of zeros alone shows zeros in front.
func formatOf(code string) format {
	if code != "" && strings.Trim(code, "0") == "" {
		return format{pad: len(code)}
	}
	first, _, _ := strings.Cut(code, ";")
	quoted, bracket := false, false
	for i := 0; i < len(first); i++ {
		switch c := first[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracket = !strings.HasPrefix(first[i:], "[h") && !strings.HasPrefix(first[i:], "[m") && !strings.HasPrefix(first[i:], "[s")
		case c == ']':
			bracket = false
		case bracket:
		case strings.IndexByte("yYmMdDhHsS", c) >= 0:
			return format{date: !strings.HasPrefix(strings.ToLower(first), "general")}
		}
	}
	return format{}
}

var (
	lastSerial = decimal.NewFromInt(2_958_466) // behind 9999-12-31
	hundredths = decimal.NewFromInt(24 * 60 * 60 * 100)
)

// dateOf is the day, and the time when there is one, of a serial number;
// empty for what is no day: the 29th of February 1900, which the system of
// 1900 counts and the calendar does not have, and what is outside of it.
func (w *workbook) dateOf(serial string) string {
	n, err := decimal.NewFromString(serial)
	if err != nil || len(serial) > 40 || n.IsNegative() || n.GreaterThanOrEqual(lastSerial) {
		return ""
	}
	days := n.Floor()
	ticks := n.Sub(days).Mul(hundredths).Round(0).IntPart()
	day := days.IntPart()
	if w.date904 {
		day += 1462
	} else if day == 60 || day == 0 {
		return ""
	} else if day < 60 {
		day++
	}
	at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(day)).Add(time.Duration(ticks) * 10 * time.Millisecond)
	if ticks == 0 {
		return at.Format("2006-01-02")
	}
	return at.Format("2006-01-02 15:04:05.00")
}

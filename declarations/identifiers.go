package declarations

import "strings"

// usccAlphabet has the values 0 to 30 of GB 32100-2015: digits and capital
// letters without I, O, S, V and Z.
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// CheckUSCC reports a unified social credit code (统一社会信用代码) of 18
// characters with the right check character: (31 − Σ value × weight mod 31)
// mod 31 (GB 32100-2015).
func CheckUSCC(code string) bool {
	if len(code) != 18 {
		return false
	}
	sum := 0
	for i, w := range usccWeights {
		v := strings.IndexByte(usccAlphabet, code[i])
		if v < 0 {
			return false
		}
		sum += v * w
	}
	return usccAlphabet[(31-sum%31)%31] == code[17]
}

// CheckContainer reports a container number of ISO 6346: four capital
// letters (owner code and equipment category U, J or Z) and seven digits, the
// last of them the check digit: Σ value × 2^position mod 11 mod 10, where
// letters are 10 to 38 without the multiples of 11.
func CheckContainer(id string) bool {
	if len(id) != 11 || !digits(id[4:]) {
		return false
	}
	if c := id[3]; c != 'U' && c != 'J' && c != 'Z' {
		return false
	}
	sum := 0
	for i := range 10 {
		v := int(id[i] - '0')
		if i < 4 {
			if id[i] < 'A' || id[i] > 'Z' {
				return false
			}
			v = int(id[i]-'A') + 10
			v += (v - 1) / 10 // steps over 11, 22 and 33
		}
		sum += v << i
	}
	return byte(sum%11%10) == id[10]-'0'
}

// CheckIMO reports the number of a ship: seven digits, the last of them
// Σ digit × (7 … 2) mod 10 (IMO resolution A.1117(30)).
func CheckIMO(n string) bool {
	if len(n) != 7 || !digits(n) {
		return false
	}
	sum := 0
	for i := range 6 {
		sum += int(n[i]-'0') * (7 - i)
	}
	return byte(sum%10) == n[6]-'0'
}

// isCustomsCode reports a customs registration code: length letters or digits.
func isCustomsCode(code string, length int) bool {
	if len(code) != length {
		return false
	}
	for i := range len(code) {
		c := code[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

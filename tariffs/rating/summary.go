package rating

import (
	"strconv"
	"time"

	"kouan/tariffs"
)

// Count is how many ratings say one thing.
type Count struct {
	Of string `json:"of"`
	N  int    `json:"count"`
}

// Summary is what may be shown of the ratings of a body. With TooFew only
// Count is set.
type Summary struct {
	From   tariffs.Day `json:"from"`
	Until  tariffs.Day `json:"until"`
	Count  int         `json:"count"`
	TooFew bool        `json:"too_few"`
	Few    int         `json:"threshold"`

	Standing []Count `json:"standing,omitempty"` // by tariffs.Standing
	Clarity  []Count `json:"clarity,omitempty"`  // 1 to 5
	Mean     string  `json:"clarity_mean,omitzero"`
	Answer   []Count `json:"answer,omitempty"`
	Share    string  `json:"equal_share,omitzero"` // percent of the ratings whose bill could be judged; empty: none could
}

// Since is the instant from which ratings count on a day: the same day a year
// before, at the port's midnight.
func Since(now time.Time) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, string(tariffs.DayOf(now)), port)
	if err != nil { // DayOf writes what ParseInLocation reads
		return now
	}
	return day.AddDate(0, -Months, 0)
}

// port is the time of the port's calendar.
var port = time.FixedZone("Asia/Shanghai", 8*60*60)

// Summarise counts the ratings of one body within the window that ends now.
// The order in which they are given does not matter.
func Summarise(ratings []Rating, now time.Time) Summary {
	from := Since(now)
	s := Summary{From: tariffs.DayOf(from), Until: tariffs.DayOf(now), Few: Few}
	standing, clarity, answer := map[string]int{}, map[string]int{}, map[string]int{}
	points := 0
	for i := range ratings {
		r := &ratings[i]
		if r.At.Before(from) || r.At.After(now) {
			continue
		}
		s.Count++
		standing[string(r.Standing)]++
		clarity[strconv.Itoa(r.Clarity)]++
		answer[string(r.Answer)]++
		points += r.Clarity
	}
	if s.TooFew = s.Count < Few; s.TooFew {
		return s
	}
	for _, of := range tariffs.Standings {
		s.Standing = append(s.Standing, Count{string(of), standing[string(of)]})
	}
	for n := LeastClear; n <= MostClear; n++ {
		of := strconv.Itoa(n)
		s.Clarity = append(s.Clarity, Count{of, clarity[of]})
	}
	for _, of := range Answers {
		s.Answer = append(s.Answer, Count{string(of), answer[string(of)]})
	}
	s.Mean = ratio(points, s.Count, 1)
	if judged := s.Count - standing[string(tariffs.StandsUnjudged)]; judged > 0 {
		s.Share = Percent(standing[string(tariffs.StandsEqual)], judged)
	}
	return s
}

// Percent is a part of a whole in percent with one decimal, half up; empty
// when there is no whole, which is not zero percent.
func Percent(part, whole int) string {
	if whole <= 0 {
		return ""
	}
	return ratio(100*part, whole, 1)
}

// ratio is a ÷ b with so many decimals, half up, by whole numbers.
func ratio(a, b, decimals int) string {
	scale := 1
	for range decimals {
		scale *= 10
	}
	n := (2*a*scale + b) / (2 * b)
	text := strconv.Itoa(n % scale)
	for len(text) < decimals {
		text = "0" + text
	}
	return strconv.Itoa(n/scale) + "." + text
}

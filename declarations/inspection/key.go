package inspection

import "strconv"

// followUpKey numbers the records of one box: the first is the box itself,
// the follow-up of it is /2, the follow-up of that is /3.
func followUpKey(parent, box string) string {
	n := 1
	if len(parent) > len(box) && parent[:len(box)] == box && parent[len(box)] == '/' {
		if k, err := strconv.Atoi(parent[len(box)+1:]); err == nil {
			n = k
		}
	}
	return box + "/" + strconv.Itoa(n+1)
}

package store

import (
	"context"
	"slices"
	"strings"
)

// manySlots is for the numbers of many declarations at once.
const manySlots = 64

const knownSubjects = `
SELECT DISTINCT subject
FROM facts
WHERE withdrawn_by = '' AND withdraws = '' AND subject IN `

// Two texts stay prepared, each as long as its slots.
var (
	knownOfOne  = knownSubjects + "(" + strings.Repeat("?, ", subjectSlots-1) + "?)"
	knownOfMany = knownSubjects + "(" + strings.Repeat("?, ", manySlots-1) + "?)"
)

// KnownSubjects are those of the numbers under which a fact stands.
func (s *Store) KnownSubjects(ctx context.Context, subjects ...string) ([]string, error) {
	var known []string
	for part := range slices.Chunk(subjects, manySlots) {
		query, slots := knownOfOne, subjectSlots
		if len(part) > subjectSlots {
			query, slots = knownOfMany, manySlots
		}
		args := make([]any, slots)
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		var found []string
		if err := s.all(ctx, &found, query, args...); err != nil {
			return nil, s.readError(err, "numbers of facts")
		}
		known = append(known, found...)
	}
	return known, nil
}

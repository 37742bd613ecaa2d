package store

import "context"

// TerminalMessageFilter narrows a list of what terminals and carriers sent;
// empty fields do not.
type TerminalMessageFilter struct {
	Source, State string
	Before        string // id of the last row of the page before
	Limit         int    // 0: 50, most 500
}

const (
	terminalMessagesInState = readTerminalMessage + `WHERE state = ? AND id < ? AND (? = '' OR source = ?)
ORDER BY id DESC
LIMIT ?`
	terminalMessagesOf = readTerminalMessage + `WHERE source = ? AND id < ?
ORDER BY id DESC
LIMIT ?`
	terminalMessagesOfAll = readTerminalMessage + `WHERE id < ?
ORDER BY id DESC
LIMIT ?`
)

// TerminalMessages lists what terminals and carriers sent, newest first, with
// the bytes.
func (s *Store) TerminalMessages(ctx context.Context, f TerminalMessageFilter) ([]TerminalMessage, error) {
	before := f.Before
	if before == "" {
		before = afterEveryID
	}
	query, args := terminalMessagesOfAll, []any{before}
	switch {
	case f.State != "":
		query, args = terminalMessagesInState, []any{f.State, before, f.Source, f.Source}
	case f.Source != "":
		query, args = terminalMessagesOf, []any{f.Source, before}
	}
	var rows []TerminalMessage
	err := s.all(ctx, &rows, query, append(args, bounded(f.Limit, 50, 500))...)
	return rows, s.readError(err, "list messages of terminals")
}

package store

import "context"

const inboxColumns = `channel, sha256, name, state, reason, tries, next_at, at`

func (f *InboxFile) add(r *rows) {
	r.add(512, f.Channel, f.SHA256, f.Name, f.State, f.Reason, f.Tries, f.NextAt, f.At)
}

// InboxFile reads what became of a file of this content in a channel.
func (s *Store) InboxFile(ctx context.Context, channel, sha string) (InboxFile, error) {
	var f InboxFile
	err := s.get(ctx, &f, `
SELECT channel, sha256, name, state, reason, tries, next_at, at
FROM inbox_files
WHERE channel = ? AND sha256 = ?`, channel, sha)
	return f, s.readError(err, "inbox file %s", sha)
}

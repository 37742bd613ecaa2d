package store

import (
	"context"
	"fmt"
)

// FeeRating is what the holder of a checked account says about a charging body
// on it. One account has one rating of a body, in however many files it came.
type FeeRating struct {
	ID        string `db:"id"`
	BillID    string `db:"bill_id"`
	Body      string `db:"body"`
	Identity  string `db:"identity"` // of the account
	Standing  string `db:"standing"` // equal, differs, asked, unjudged: from the check
	Clarity   int    `db:"clarity"`  // 1 to 5
	Answer    string `db:"answer"`
	Words     []byte `db:"words"` // UTF-8; may be empty
	CreatedAt int64  `db:"created_at"`
}

// FeeRatingReply is an answer to a rating by the body, or by the authority on
// its behalf. Number counts from 1; a taken one is a conflict on "fee_rating_reply".
type FeeRatingReply struct {
	RatingID  string `db:"rating_id"`
	Number    int    `db:"number"`
	Words     []byte `db:"words"`
	Partner   string `db:"partner"`
	Role      string `db:"role"` // authority, collector
	CreatedAt int64  `db:"created_at"`
}

const (
	feeRatingColumns      = `id, bill_id, body, identity, standing, clarity, answer, words, created_at`
	feeRatingReplyColumns = `rating_id, number, words, partner, role, created_at`
)

var (
	insertFeeRating      = newInsert("fee_ratings", feeRatingColumns)
	insertFeeRatingReply = newInsert("fee_rating_replies", feeRatingReplyColumns)
)

func (r *feeBillRows) gatherRatings(c *Change) {
	for i := range c.FeeRatings {
		x := &c.FeeRatings[i]
		r.ratings.add(len(x.Words)+512, x.ID, x.BillID, x.Body, x.Identity, x.Standing, x.Clarity, x.Answer, blob(x.Words), x.CreatedAt)
	}
	for i := range c.FeeRatingReplies {
		x := &c.FeeRatingReplies[i]
		r.replies.add(len(x.Words)+256, x.RatingID, x.Number, blob(x.Words), x.Partner, x.Role, x.CreatedAt)
	}
}

func (v *checker) feeRatings(c *Change) {
	for i := range c.FeeRatings {
		x := &c.FeeRatings[i]
		v.ids("fee_ratings", x.ID, x.BillID)
		v.text("fee_ratings.body", x.Body, 128)
		v.among("fee_ratings.standing", x.Standing, "equal", "differs", "asked", "unjudged")
		v.text("fee_ratings.answer", x.Answer, 24)
		if x.Clarity < 1 || x.Clarity > 5 {
			v.fail("fee_ratings.clarity %d is not within 1 and 5", x.Clarity)
		}
	}
	for i := range c.FeeRatingReplies {
		x := &c.FeeRatingReplies[i]
		v.ids("fee_rating_replies", x.RatingID, x.Partner)
		v.text("fee_rating_replies.role", x.Role, 32)
	}
}

// FeeRatings are the ratings of a body since an instant, newest first.
func (s *Store) FeeRatings(ctx context.Context, body string, since int64) ([]FeeRating, error) {
	var out []FeeRating
	err := s.all(ctx, &out, `
SELECT id, bill_id, body, identity, standing, clarity, answer, words, created_at
FROM fee_ratings
WHERE body = ? AND created_at >= ?
ORDER BY created_at DESC, id DESC`, body, since)
	return out, s.readError(err, "ratings of %s", body)
}

// FeeRatingsOfBill are those that the holder of an account gave.
func (s *Store) FeeRatingsOfBill(ctx context.Context, bill string) ([]FeeRating, error) {
	var out []FeeRating
	err := s.all(ctx, &out, `
SELECT id, bill_id, body, identity, standing, clarity, answer, words, created_at
FROM fee_ratings
WHERE bill_id = ?
ORDER BY body`, bill)
	return out, s.readError(err, "ratings of account %s", bill)
}

// FeeRating reads one.
func (s *Store) FeeRating(ctx context.Context, id string) (FeeRating, error) {
	var r FeeRating
	err := s.get(ctx, &r, `
SELECT id, bill_id, body, identity, standing, clarity, answer, words, created_at
FROM fee_ratings
WHERE id = ?`, id)
	return r, s.readError(err, "rating %s", id)
}

// FeeRatingReplies are the replies to the ratings of a body, in their order.
func (s *Store) FeeRatingReplies(ctx context.Context, body string, since int64) ([]FeeRatingReply, error) {
	var out []FeeRatingReply
	err := s.all(ctx, &out, `
SELECT p.rating_id, p.number, p.words, p.partner, p.role, p.created_at
FROM fee_rating_replies AS p
JOIN fee_ratings AS r ON r.id = p.rating_id
WHERE r.body = ? AND r.created_at >= ?
ORDER BY p.rating_id, p.number`, body, since)
	return out, s.readError(err, "replies to ratings of %s", body)
}

// FeeRatingHeard is how many replies a rating has.
func (s *Store) FeeRatingHeard(ctx context.Context, rating string) (int, error) {
	n := 0
	err := s.get(ctx, &n, `
SELECT COUNT(*)
FROM fee_rating_replies
WHERE rating_id = ?`, rating)
	if err != nil {
		return 0, s.readError(err, "replies to rating %s", rating)
	}
	return n, nil
}

var errNoRating = fmt.Errorf("rating of reply: %w", ErrNotFound)

// holdRatings keeps the ratings that replies are for: one that was withdrawn
// meanwhile takes no reply.
func (t tx) holdRatings(ctx context.Context, c *Change) error {
	for i := range c.FeeRatingReplies {
		if err := t.one(ctx, "fee_ratings", errNoRating, `
UPDATE fee_ratings
SET clarity = clarity
WHERE id = ?`, c.FeeRatingReplies[i].RatingID); err != nil {
			return err
		}
	}
	return nil
}

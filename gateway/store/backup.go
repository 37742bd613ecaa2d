package store

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/jmoiron/sqlx"
)

// A backup is gzip over lines of JSON: a header; for each table its name,
// columns and kinds, one array per row, and the number of rows; at the end
// SHA-256 over all lines before. It is the same for both databases.
type (
	backupHeader struct {
		Format int    `json:"kouan_backup"`
		Schema int64  `json:"schema"`
		From   string `json:"from"` // dialect, for the reader's information
		At     int64  `json:"at"`
		Rows   int64  `json:"rows"` // of all tables
	}
	tableHeader struct {
		Table   string `json:"table"`
		Columns string `json:"columns"`
		Kinds   string `json:"kinds"` // one letter a column: i integer, s text, b bytes in Base64
	}
	tableEnd struct {
		Rows int64 `json:"rows"`
	}
	backupEnd struct {
		SHA256 string `json:"sha256"`
	}
)

const backupFormat = 1

// stock is a table of the backup. Leases, owners and heartbeats are of the
// moment; of shards and lanes only the counters are kept.
type stock struct{ table, columns, order string }

var stocks = []stock{
	{"partners", partnerColumns, "id"},
	{"partner_keys", keyColumns, "id"},
	{"declarations", declarationColumns, "tenant, id"},
	{"documents", documentColumns, "tenant, declaration_id"},
	{"versions", versionColumns, "tenant, declaration_id, number"},
	{"version_documents", versionDocumentColumns, "tenant, declaration_id, sha"},
	{"requests", requestColumns, "id"},
	{"clearances", clearanceColumns, "tenant, declaration_id, attempt"},
	{"messages", messageColumns, "tenant, declaration_id, id"},
	{"events", eventColumns, "tenant, id"},
	{"receipts", receiptColumns, "id"},
	{"sequence_numbers", sequenceColumns, "seq_no"},
	{"outbox", outboxColumns, "id"},
	{"idempotency", idempotencyColumns, "tenant, idem_key"},
	{"uploads", uploadColumns, "tenant, id"},
	{"upload_parts", uploadPartColumns, "tenant, upload_id, number"},
	{"inbox_files", inboxColumns, "channel, sha256"},
	{"fact_documents", factDocumentColumns, "sha256"},
	{"facts", factColumns, "id"},
	{"fact_links", factLinkColumns, "fact_id, tenant, declaration_id"},
	{"fact_subjects", factSubjectColumns, "subject, tenant, declaration_id"},
	{"deadlines", deadlineColumns, "tenant, declaration_id, kind"},
	{"notices", noticeColumns, "id"},
	{"notice_versions", noticeVersionColumns, "notice_id, number"},
	{"notice_boxes", noticeBoxColumns, "notice_id, box"},
	{"notice_events", noticeEventColumns, "notice_id, id"},
	{"terminal_messages", terminalMessageColumns, "id"},
	{"capabilities", capabilityColumns, "terminal, class, valid_from"},
	{"place_aliases", placeAliasColumns, "alias"},
	{"box_places", boxPlaceColumns, "container"},
	{"endpoints", endpointColumns, "id"},
	{"pushes", pushColumns, "receiver, id"},
	{"receiver_sequences", lineColumns, "receiver, subject"},
	{"receiver_breakers", breakerColumns, "receiver"},
	{"attempts", attemptColumns, "item_id, number"},
	{"answer_links", answerLinkColumns, "hash"},
	{"fee_complaints", feeComplaintColumns, "id"},
	{"fee_complaint_events", feeComplaintEventColumns, "complaint_id, number"},
	{"fee_complaint_files", feeComplaintFileColumns, "complaint_id, number"},
	{"fee_complaint_parts", feeComplaintPartColumns, "complaint_id, file, number"},
	{"fee_limits", feeLimitColumns, "name"},
	{"users", userColumns, "id"},
	{"user_sessions", userSessionColumns, "hash"},
	{"user_links", userLinkColumns, "hash"},
	{"throttles", throttleColumns, "name"},
	{"stamps", stampColumns, "name"},
	{"fee_rows", feeRowColumns, "kind, row_key, version"},
	{"fee_editions", feeEditionColumns, "number"},
	{"fee_edition_rows", feeEditionRowColumns, "edition, position"},
	{"fee_sources", feeSourceColumns, "edition, number"},
	{"fee_quotes", feeQuoteColumns, "number"},
	{"fee_bills", feeBillColumns, "id"},
	{"fee_bill_shares", feeBillShareColumns, "bill_id, body, word"},
	{"fee_ratings", feeRatingColumns, "id"},
	{"fee_rating_replies", feeRatingReplyColumns, "rating_id, number"},
	{"fee_services", feeServiceColumns, "service_no, version"},
	{"audit", auditColumns, "lane, seq"},
	{"outbox_shards", "shard, epoch, claims", "shard"},
	{"audit_lanes", "lane, epoch, seq, hash", "lane"},
}

// columnNames are the names of a column list.
func columnNames(columns string) []string {
	names := strings.Split(columns, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// Backup writes everything, as it stood at one moment, while others go on
// writing. progress, which may be nil, is called now and then. A backup that
// ended with an error has no valid end and cannot be restored.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	current, _, err := s.SchemaVersion(ctx)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	b := &backup{sum: sha256.New(), progress: progress}
	b.to = bufio.NewWriterSize(io.MultiWriter(z, b.sum), 1<<20)
	err = s.snapshot(ctx, func(t *sqlx.Tx) error {
		if err := b.begin(ctx, t, backupHeader{Format: backupFormat, Schema: current, From: s.d.name, At: s.now()}); err != nil {
			return err
		}
		for _, st := range stocks {
			if err := b.table(ctx, t, st); err != nil {
				return fmt.Errorf("table %s: %w", st.table, err)
			}
		}
		return b.to.Flush()
	})
	if err != nil {
		return s.readError(err, "backup")
	}
	end, err := json.Marshal(backupEnd{SHA256: hex.EncodeToString(b.sum.Sum(nil))})
	if err == nil {
		_, err = z.Write(append(end, '\n'))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

type backup struct {
	to       *bufio.Writer
	sum      hash.Hash
	done     int64
	total    int64
	progress func(done, total int64)
}

func (b *backup) line(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := b.to.Write(line); err != nil {
		return err
	}
	return b.to.WriteByte('\n')
}

func (b *backup) begin(ctx context.Context, t *sqlx.Tx, h backupHeader) error {
	for _, st := range stocks {
		var n int64
		if err := t.GetContext(ctx, &n, `SELECT COUNT(*) FROM `+st.table); err != nil {
			return fmt.Errorf("count %s: %w", st.table, err)
		}
		h.Rows += n
	}
	b.total = h.Rows
	return b.line(h)
}

func (b *backup) table(ctx context.Context, t *sqlx.Tx, st stock) (err error) {
	rows, err := t.QueryxContext(ctx, `SELECT `+st.columns+` FROM `+st.table+` ORDER BY `+st.order)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	kinds, err := columnKinds(rows)
	if err != nil {
		return err
	}
	if err := b.line(tableHeader{Table: st.table, Columns: strings.Join(columnNames(st.columns), ","), Kinds: kinds}); err != nil {
		return err
	}
	n := int64(0)
	values := newValues(kinds)
	for ; rows.Next(); n++ {
		if err := rows.Scan(values.to...); err != nil {
			return err
		}
		if err := b.line(values.json()); err != nil {
			return err
		}
		if b.done++; b.progress != nil && (b.done%500 == 0 || b.done == b.total) {
			b.progress(b.done, b.total)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return b.line(tableEnd{Rows: n})
}

func columnKinds(rows *sqlx.Rows) (string, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return "", err
	}
	kinds := make([]byte, len(types))
	for i, t := range types {
		switch name := t.DatabaseTypeName(); {
		case strings.Contains(name, "INT"):
			kinds[i] = 'i'
		case strings.Contains(name, "BLOB"), strings.Contains(name, "BINARY"):
			kinds[i] = 'b'
		default:
			kinds[i] = 's'
		}
	}
	return string(kinds), nil
}

// values is one row between a database and a line of JSON.
type values struct {
	kinds string
	ints  []int64
	texts []sql.NullString // the only kind that may be NULL
	bytes [][]byte
	to    []any
}

func newValues(kinds string) *values {
	n := len(kinds)
	v := &values{kinds: kinds, ints: make([]int64, n), texts: make([]sql.NullString, n), bytes: make([][]byte, n), to: make([]any, n)}
	for i := range kinds {
		switch kinds[i] {
		case 'i':
			v.to[i] = &v.ints[i]
		case 'b':
			v.to[i] = &v.bytes[i]
		default:
			v.to[i] = &v.texts[i]
		}
	}
	return v
}

func (v *values) json() []any {
	out := make([]any, len(v.kinds))
	for i := range v.kinds {
		switch v.kinds[i] {
		case 'i':
			out[i] = v.ints[i]
		case 'b':
			out[i] = blob(v.bytes[i])
		default:
			if v.texts[i].Valid {
				out[i] = v.texts[i].String
			}
		}
	}
	return out
}

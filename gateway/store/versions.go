package store

import (
	"context"
	"errors"

	"github.com/pressly/goose/v3/database"
)

// versions is goose's view of schema_versions. The table has no generated
// ids, and recording a version twice is no error, so that a migration that
// was interrupted between its step and its record can simply run again.
type versions struct{ d *dialect }

var _ database.Store = versions{}

const createVersions = `
CREATE TABLE IF NOT EXISTS schema_versions (
  version BIGINT NOT NULL,
  PRIMARY KEY (version)
)`

func (versions) Tablename() string { return "schema_versions" }

func (versions) CreateVersionTable(ctx context.Context, db database.DBTxConn) error {
	_, err := db.ExecContext(ctx, createVersions)
	return err
}

func (v versions) Insert(ctx context.Context, db database.DBTxConn, req database.InsertRequest) error {
	_, err := db.ExecContext(ctx, `INSERT INTO schema_versions (version) VALUES (?)`, req.Version)
	if err != nil && v.d.classify(err).kind == faultConflict {
		return nil
	}
	return err
}

func (versions) Delete(ctx context.Context, db database.DBTxConn, version int64) error {
	_, err := db.ExecContext(ctx, `DELETE FROM schema_versions WHERE version = ?`, version)
	return err
}

func (v versions) GetMigration(ctx context.Context, db database.DBTxConn, version int64) (*database.GetMigrationResult, error) {
	all, err := v.ListMigrations(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if m.Version == version {
			return &database.GetMigrationResult{IsApplied: true}, nil
		}
	}
	return nil, database.ErrVersionNotFound
}

func (v versions) GetLatestVersion(ctx context.Context, db database.DBTxConn) (int64, error) {
	all, err := v.ListMigrations(ctx, db)
	if err != nil {
		return 0, err
	}
	return all[0].Version, nil
}

// ListMigrations is newest first. Version 0, the empty schema, is always
// there: a kill between CREATE TABLE and the first INSERT leaves no trap.
func (versions) ListMigrations(ctx context.Context, db database.DBTxConn) (all []*database.ListMigrationsResult, err error) {
	rows, err := db.QueryContext(ctx, `
SELECT version
FROM schema_versions
WHERE version > 0
ORDER BY version DESC`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		m := &database.ListMigrationsResult{IsApplied: true}
		if err := rows.Scan(&m.Version); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return append(all, &database.ListMigrationsResult{IsApplied: true}), rows.Err()
}

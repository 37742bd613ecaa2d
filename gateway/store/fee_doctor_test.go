package store

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kouan/tariffs"
)

func feeSHA(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// twoEditions are an edition in force, the one before it and a quotation.
func twoEditions(t *testing.T, s *Store) {
	t.Helper()
	for n := 1; n <= 2; n++ {
		body := []byte(`{"n":"` + strconv.Itoa(n) + `"}`)
		sum := tariffs.NewDigester()
		sum.Add("rates", "A", n, feeSHA(body))
		e := &FeeEdition{Number: n, State: "published", Base: n - 1, Digest: sum.Sum(), Rows: 1, DraftedBy: "a", DraftedAt: 1, CheckedBy: "b", CheckedAt: 1,
			PublishedBy: "a", PublishedAt: 1, EffectiveAt: int64(n) * 1000}
		f := &FeeChange{Edition: e, Holds: []FeeEditionRow{{Kind: "rates", Key: "A", Version: n}},
			Rows:    []FeeRow{{Kind: "rates", Key: "A", Version: n, Replaces: n - 1, SHA256: feeSHA(body), Body: body, RecordedAt: 1}},
			Sources: []FeeSource{{Edition: n, Number: 1, Name: "f", SHA256: feeSHA(body), Body: body}},
			Quotes:  []FeeQuote{{Number: "q" + strconv.Itoa(n), At: 1, Edition: n, Engine: "1", Request: body, SHA256: feeSHA(body), Body: body}}}
		if n == 2 {
			f.Publish = &FeeEdition{Number: 2, Base: 1, PublishedBy: "a", PublishedAt: 1, EffectiveAt: 2000}
			e.State, e.CheckedBy, e.CheckedAt, e.PublishedBy, e.PublishedAt, e.EffectiveAt = "draft", "", 0, "", 0, 0
			f.Check = &FeeEdition{Number: 2, CheckedBy: "b", CheckedAt: 1}
		}
		if err := s.Commit(t.Context(), Change{Fees: f}); err != nil {
			t.Fatal(err)
		}
	}
}

// What is broken behind the program's back is found by its code.
func TestDoctorSeesBrokenEditions(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		s := openTest(t, url, Options{})
		twoEditions(t, s)
		sound(t, s, 0)
		exec := raw(t, s)
		for _, c := range []struct{ code, broken, mended string }{
			{"fee-edition-last", `UPDATE fee_editions SET superseded_by = 0 WHERE number = 1`, `UPDATE fee_editions SET superseded_by = 2 WHERE number = 1`},
			{"fee-edition-order", `UPDATE fee_editions SET effective_at = 1 WHERE number = 2`, `UPDATE fee_editions SET effective_at = 2000 WHERE number = 2`},
			{"fee-edition-fork", `UPDATE fee_editions SET base = 0 WHERE number = 2`, `UPDATE fee_editions SET base = 1 WHERE number = 2`},
			{"fee-edition-gap", `UPDATE fee_edition_rows SET version = 3 WHERE edition = 1`, `UPDATE fee_edition_rows SET version = 1 WHERE edition = 1`},
			{"fee-edition-digest", `UPDATE fee_edition_rows SET version = 1 WHERE edition = 2`, `UPDATE fee_edition_rows SET version = 2 WHERE edition = 2`},
			{"fee-row-replaces", `UPDATE fee_rows SET version = 9 WHERE version = 1`, `UPDATE fee_rows SET version = 1 WHERE version = 9`},
			{"fee-row-digest", `UPDATE fee_rows SET body = 'x' WHERE version = 2`, `UPDATE fee_rows SET body = '{"n":"2"}' WHERE version = 2`},
			{"fee-source-digest", `UPDATE fee_sources SET sha256 = '00'`, ``},
			{"fee-quote-edition", `UPDATE fee_quotes SET edition = 7`, `UPDATE fee_quotes SET edition = 1`},
			{"fee-quote-digest", `UPDATE fee_quotes SET sha256 = '00'`, ``},
		} {
			exec(bytesIn(s, c.broken))
			findings, err := s.DoctorAll(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Code == c.code }) {
				t.Errorf("%s: doctor finds %v, want %s", c.broken, findings, c.code)
			}
			if c.mended != "" {
				exec(bytesIn(s, c.mended))
			}
		}
	})
}

// bytesIn writes a body as the column's type; SQLite tells texts from bytes.
func bytesIn(s *Store, query string) string {
	if s.d.name == "sqlite" {
		query = strings.Replace(query, "body = '", "body = CAST('", 1)
		if at := strings.Index(query, "' WHERE"); strings.Contains(query, "CAST(") {
			query = query[:at] + "' AS BLOB)" + query[at+1:]
		}
	}
	return query
}

// No statement of the package changes or deletes a row, what an edition holds,
// a file or a quotation; of an edition only its steps are written.
func TestNothingOfFeesIsWrittenOver(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			if !ok || text.Kind != token.STRING {
				return true
			}
			for _, table := range []string{"fee_rows", "fee_edition_rows", "fee_sources", "fee_quotes", "fee_editions"} {
				if strings.Contains(text.Value, "DELETE FROM "+table) || strings.Contains(text.Value, "REPLACE INTO "+table) ||
					strings.Contains(text.Value, "UPDATE "+table) && table != "fee_editions" {
					t.Errorf("%s changes %s: %s", name, table, text.Value)
				}
			}
			if strings.Contains(text.Value, "UPDATE fee_editions") {
				steps++
				for _, kept := range []string{"digest =", "row_count =", "drafted_by =", "note =", "SET base"} {
					if strings.Contains(text.Value, kept) {
						t.Errorf("%s changes %s of an edition", name, kept)
					}
				}
			}
			return true
		})
	}
	if steps != 6 {
		t.Errorf("%d steps of editions were looked at, want 6", steps)
	}
}

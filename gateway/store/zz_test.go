package store

import (
	"fmt"
	"testing"
	"time"
)

func TestZZBacklog(t *testing.T) {
	for _, url := range []string{"sqlite:" + t.TempDir() + "/k.db", MySQLForTests(t)} {
		s := openTest(t, url, Options{})
		n := 0
		for range 200 {
			var c Change
			for range 500 {
				n++
				r := []string{"dead", "live"}[n%2]
				c.Outbox = append(c.Outbox, OutboxItem{ID: fmt.Sprintf("m%07d", n), Receiver: r, Subject: fmt.Sprintf("d%d", n/8), Sequence: int64(n/2%4 + 1), Tenant: "t", DeclarationID: "d", MessageID: "m", CreatedAt: 5})
			}
			if err := s.Commit(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		if s.d.name == "mysql" {
			rows, err := s.rd.Queryx(`EXPLAIN ` + readOutbox + `AS o WHERE o.state = 'waiting' AND o.shard IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15) AND o.next_at <= 99 AND o.receiver NOT IN ('dead') AND ` + headOfLine + ` LIMIT 64`)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				m := map[string]any{}
				rows.MapScan(m)
				for k, v := range m {
					if b, ok := v.([]byte); ok {
						m[k] = string(b)
					}
				}
				t.Log(m)
			}
			rows.Close()
		}
		leases, err := s.Lease(t.Context(), "me", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		for _, skip := range [][]string{nil, {"dead"}, {"dead", "live"}} {
			start := time.Now()
			total := 0
			for range 20 {
				got, err := s.Claim(t.Context(), leases, skip, 64)
				if err != nil {
					t.Fatal(err)
				}
				total += len(got)
			}
			t.Log(s.d.name, "skip", skip, "per claim", time.Since(start)/20, "claimed", total)
		}
		start := time.Now()
		t.Log(s.NextDue(t.Context(), leases))
		t.Log("nextdue", time.Since(start))
		start = time.Now()
		t.Log(s.Backlog(t.Context()))
		t.Log("backlog", time.Since(start))
		start = time.Now()
		s.Ledger(t.Context())
		t.Log("ledger", time.Since(start))
	}
}

package store
import ("testing"; "strings")
func TestZZPlan(t *testing.T){
 s := openTest(t, "sqlite:" + t.TempDir() + "/k.db", Options{})
 for _, q := range []string{readOutbox + `AS o WHERE o.state = 'waiting' AND o.shard IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15) AND o.next_at <= 99 AND o.receiver NOT IN ('dead') AND ` + headOfLine + ` LIMIT 64`,
 listReceipts+`WHERE tenant = ? AND declaration_id = ?`, listDeclarations+`WHERE tenant = ? AND status = ? AND id < ?
ORDER BY id DESC
LIMIT ?`, readEvents+`WHERE tenant = ? AND declaration_id = ? ORDER BY id`, readEvents+`WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?`, readDeclaration+`WHERE reference = ? AND tenant = ?`, readLedger,
} {
 rows, err := s.rd.Queryx(`EXPLAIN QUERY PLAN `+strings.ReplaceAll(q, "?", "'1'"))
 if err != nil { t.Fatal(err) }
 for rows.Next() { var a,b,c int; var d string; rows.Scan(&a,&b,&c,&d); t.Log(d) }
 t.Log("--")
 rows.Close()
 }
}

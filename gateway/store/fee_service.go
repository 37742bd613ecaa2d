package store

import "context"

// FeeService is one version of what a third party offers (services.Service as
// JSON). Versions count from 1 and none is written over: the newest is the
// offer, the others are what was published before.
type FeeService struct {
	Number   string `db:"service_no"`
	Version  int    `db:"version"`
	Document []byte `db:"document"`
	SHA256   string `db:"sha256"` // of the document
	Actor    string `db:"actor"`
	At       int64  `db:"at"`
}

const feeServiceColumns = `service_no, version, document, sha256, actor, at`

var insertFeeService = newInsert("fee_services", feeServiceColumns)

func (f *FeeService) add(r *rows) {
	r.add(len(f.Document)+256, f.Number, f.Version, blob(f.Document), f.SHA256, f.Actor, f.At)
}

func (v *checker) feeServices(c *Change) {
	for i := range c.FeeServices {
		f := &c.FeeServices[i]
		v.text("fee_services.service_no", f.Number, 64)
		v.text("fee_services.sha256", f.SHA256, 64)
		v.text("fee_services.actor", f.Actor, 64)
	}
}

// feeServiceBytes is what the services of a change weigh.
func (c *Change) feeServiceBytes() int {
	n := 512 * len(c.FeeServices)
	for i := range c.FeeServices {
		n += len(c.FeeServices[i].Document)
	}
	return n
}

// FeeServices reads the newest version of every service, by number.
func (s *Store) FeeServices(ctx context.Context) ([]FeeService, error) {
	var rows []FeeService
	err := s.all(ctx, &rows, `
SELECT f.service_no, f.version, f.document, f.sha256, f.actor, f.at
FROM fee_services f
JOIN (SELECT service_no, MAX(version) AS newest FROM fee_services GROUP BY service_no) n ON n.service_no = f.service_no AND n.newest = f.version
ORDER BY f.service_no`)
	return rows, s.readError(err, "services of third parties")
}

// FeeServiceVersions reads every version of one service, the newest first;
// none is no error.
func (s *Store) FeeServiceVersions(ctx context.Context, number string) ([]FeeService, error) {
	var rows []FeeService
	err := s.all(ctx, &rows, `
SELECT service_no, version, document, sha256, actor, at
FROM fee_services
WHERE service_no = ?
ORDER BY version DESC`, number)
	return rows, s.readError(err, "versions of service %.80q", number)
}

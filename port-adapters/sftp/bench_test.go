package sftp

import (
	"sync/atomic"
	"testing"

	"kouan/port-adapters/adaptertest"
	"kouan/port-adapters/adaptertest/sshserver"
)

// BenchmarkDeliver measures whole deliveries of a small message over loopback,
// server included, with as many at once as there are connections.
func BenchmarkDeliver(b *testing.B) {
	for name, subsystem := range map[string]sshserver.Subsystem{"server=process": sshserver.InProcess, "server=openssh": sshserver.OpenSSH(b)} {
		b.Run(name, func(b *testing.B) {
			_, a := pair(b, subsystem)
			var n atomic.Int64
			b.SetParallelism(DefaultConnections)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := a.Deliver(b.Context(), adaptertest.Message(int(n.Add(1)))); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

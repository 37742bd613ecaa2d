package mail

import (
	"sync/atomic"
	"testing"
)

// BenchmarkDeliver measures whole deliveries over loopback: connection, TLS
// handshake, letter, server included.
func BenchmarkDeliver(b *testing.B) {
	s := newOffice(b)
	a := s.adapter()
	var n atomic.Int64
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := a.Deliver(b.Context(), notice(int(n.Add(1)))); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkLetter measures the writing of one letter.
func BenchmarkLetter(b *testing.B) {
	m := notice(1)
	r, err := sender.route()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := sender.letter(&m, r); err != nil {
			b.Fatal(err)
		}
	}
}

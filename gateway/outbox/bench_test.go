package outbox

import (
	"context"
	"fmt"
	"testing"

	portadapters "kouan/port-adapters"
)

type noop struct{}

func (noop) Deliver(context.Context, portadapters.Message) (portadapters.Receipt, error) {
	return portadapters.Receipt{}, nil
}

// BenchmarkEngine delivers b.N items through an adapter and a store that cost
// nothing durable: what is measured is the engine.
func BenchmarkEngine(b *testing.B) {
	for _, receivers := range []int{1, 50} {
		b.Run(fmt.Sprintf("receivers=%d", receivers), func(b *testing.B) {
			f := newFake()
			adapters := map[string]portadapters.Adapter{}
			for r := range receivers {
				adapters[fmt.Sprint("r", r)] = noop{}
			}
			for n := range b.N {
				f.put(fmt.Sprint("r", n%receivers), fmt.Sprint("d", n))
			}
			e := engine(f, "a", adapters)
			b.ReportAllocs()
			b.ResetTimer()
			stop := start(e)
			<-f.empty
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
			b.StopTimer()
			if err := stop(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

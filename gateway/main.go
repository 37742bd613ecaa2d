// Command gateway is the single window and port gateway: server, demo and
// tools in one program. Everything stands in package app; here is only what
// belongs to a process: arguments, environment, streams and signals.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"kouan/gateway/app"
)

func main() { os.Exit(run()) }

// run asks the program to stop at the first signal; a second one ends it at once.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	return app.Main(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
}

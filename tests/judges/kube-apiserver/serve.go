package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// serve runs both servers for another judge's program: it prints where they are and how to be let in,
// as one line of JSON, and ends them when its standard input ends.
func serve() error {
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer done()
	server, err := startServer()
	if err != nil {
		return err
	}
	defer server.stop()
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"host": server.config.Host, "token": token}); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		done()
	}()
	<-ctx.Done()
	return nil
}

package main

import (
	"context"
	"errors"
	"os"

	"formwork.dev/judges/apiclient"
	"formwork.dev/judges/kit"
)

// site is an API server with Cluster API before it, for the clusters that one cluster makes.
type site struct {
	*client
	stops []func() error
}

// open starts the API server, the manager and what stands in for the rest.
func open(m *managing) (*site, error) {
	s := &site{}
	if err := s.start(m); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *site) start(m *managing) error {
	folder, err := os.MkdirTemp(os.Getenv("JUDGE_SCRATCH"), "site-")
	if err != nil {
		return err
	}
	server, err := kit.StartAPIServer(folder)
	if err != nil {
		return err
	}
	s.later(func() error { server.Stop(); return nil })
	if s.client, err = connect(apiclient.Config(server)); err != nil {
		return err
	}
	hooks, err := newHooks(folder)
	if err != nil {
		return err
	}
	if err := errors.Join(s.define(m.machines(), hooks), hooks.register(s.client)); err != nil {
		return err
	}
	core, err := startManager(folder, server, hooks, m.gates["CoreProvider"])
	if err != nil {
		return err
	}
	s.later(func() error { core.stop(); return nil })
	ctx, cancel := context.WithCancel(context.Background())
	s.later(func() error { cancel(); return nil })
	if err := serveKubeadm(ctx, server, hooks, m.gates["ControlPlaneProvider"]); err != nil {
		return err
	}
	in, err := startStandIn(server, m.clusters)
	if err != nil {
		return err
	}
	s.later(in.stop)
	return nil
}

func (s *site) later(stop func() error) { s.stops = append(s.stops, stop) }

// close ends everything, the last first, and says what broke.
func (s *site) close() error {
	var errs []error
	for i := len(s.stops) - 1; i >= 0; i-- {
		errs = append(errs, s.stops[i]())
	}
	return errors.Join(errs...)
}

package main

import (
	"formwork.dev/judges/kit"
	"k8s.io/client-go/rest"
)

// configOf is the judge's own way into an API server.
func configOf(s *kit.APIServer) *rest.Config {
	return &rest.Config{
		Host: s.Host, BearerToken: s.Token, QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{Insecure: true}, // its certificate is made at its start, on loopback
	}
}

// Package digest is a stand-in: which algorithm artifacts are digested with.
package digest

import (
	"fmt"

	"github.com/opencontainers/go-digest"
)

// Canonical is the algorithm artifacts are digested with.
var Canonical = digest.SHA256

func AlgorithmForName(name string) (digest.Algorithm, error) {
	a := digest.Algorithm(name)
	if !a.Available() {
		return "", fmt.Errorf("digest algorithm %q is not available", name)
	}
	return a, nil
}

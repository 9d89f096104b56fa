// The judge for Talos 1.12: the shared one, built with the library of that version (see go.mod).
package main

import (
	"formwork.dev/judges/talos"

	// Named here so that this module, not the shared code, says which version it is.
	_ "github.com/siderolabs/talos/pkg/machinery/version"
)

func main() { talos.Main("1.12") }

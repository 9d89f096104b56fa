package kit

import (
	"io"
	"os"
	"os/exec"
	"time"
)

// Program is another program that ends with its input, so that it never outlives who asks it.
type Program struct {
	In  io.WriteCloser
	Out io.Reader

	process *exec.Cmd
}

// Start starts one; what it says beside its answers is said here.
func Start(process *exec.Cmd) (*Program, error) {
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	return &Program{In: in, Out: out, process: process}, nil
}

// Stop ends it, and says how it ended. It has twenty seconds.
func (p *Program) Stop() error {
	_ = p.In.Close()
	kill := time.AfterFunc(20*time.Second, func() { _ = p.process.Process.Kill() })
	defer kill.Stop()
	return p.process.Wait()
}

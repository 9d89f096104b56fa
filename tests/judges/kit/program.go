package kit

import (
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"time"
)

// Program is another program that speaks JSON and ends with its input, so that it never outlives who asks it.
type Program struct {
	In  *json.Encoder
	Out *json.Decoder

	process *exec.Cmd
	input   io.Closer
}

// Start starts one; what it says beside its answers is said here.
func Start(process *exec.Cmd) (*Program, error) {
	process.Stderr = os.Stderr
	input, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	return &Program{In: json.NewEncoder(input), Out: json.NewDecoder(output), process: process, input: input}, nil
}

// Stop ends it, and says how it ended. It has twenty seconds.
func (p *Program) Stop() error {
	_ = p.input.Close()
	kill := time.AfterFunc(20*time.Second, func() { _ = p.process.Process.Kill() })
	defer kill.Stop()
	return p.process.Wait()
}

// FreePorts finds ports on loopback that nothing listens on.
func FreePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// What happened to the units of a site, as the API server told it, in its order.
package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// moment is a unit as it was at some time.
type moment struct {
	at                      time.Time
	unit                    string
	status, reason, message string
	revision                string
	current                 bool
	applied                 int
}

type timeline struct {
	lock    sync.Mutex
	moments []moment
	stop    context.CancelFunc
}

// watchUnits begins to write down what happens to Kustomizations.
func watchUnits(c *client) *timeline {
	t := &timeline{}
	var ctx context.Context
	ctx, t.stop = context.WithCancel(context.Background())
	go func() {
		version := "0"
		for ctx.Err() == nil {
			watch, err := c.Dynamic.Resource(kustomizations).Watch(ctx, metav1.ListOptions{ResourceVersion: version})
			if err != nil {
				time.Sleep(200 * time.Millisecond)
				continue
			}
			for event := range watch.ResultChan() {
				if o, ok := event.Object.(*object); ok {
					version = o.GetResourceVersion()
					t.add(o)
				}
			}
		}
	}()
	return t
}

func (t *timeline) add(o *object) {
	m := moment{at: time.Now(), unit: o.GetNamespace() + "/" + o.GetName(), revision: text(o, "status", "lastAppliedRevision")}
	m.status, m.reason, m.message = condition(o, "Ready")
	m.current = isReady(o)
	entries, _ := at(o, "status", "inventory", "entries").([]any)
	m.applied = len(entries)
	t.lock.Lock()
	defer t.lock.Unlock()
	t.moments = append(t.moments, m)
}

// begin is the first moment; now, where there is none.
func (t *timeline) begin() time.Time {
	if all := t.since(time.Time{}); len(all) > 0 {
		return all[0].at
	}
	return time.Now()
}

// since are the moments from a time on; none where Flux was never there.
func (t *timeline) since(begin time.Time) []moment {
	if t == nil {
		return nil
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	i := slices.IndexFunc(t.moments, func(m moment) bool { return !m.at.Before(begin) })
	if i < 0 {
		return nil
	}
	return slices.Clone(t.moments[i:])
}

// failure is the first time that a unit was refused: not for what it waits for.
func failure(moments []moment, unit string) error {
	for _, m := range moments {
		if m.unit == unit && m.status == "False" && !waits(m.reason) {
			return fmt.Errorf("%s: %s", m.reason, m.message)
		}
	}
	return nil
}

// waits says whether a reason is one of waiting: for another unit, for the source, for health.
func waits(reason string) bool {
	return slices.Contains([]string{"DependencyNotReady", "ArtifactFailed", "Progressing", "ProgressingWithRetry", ""}, reason)
}

// order finds a unit that applied anything before what it needs was Ready.
func order(moments []moment, unit string, needs []string) error {
	ready := map[string]bool{}
	for _, m := range moments {
		name := strings.TrimPrefix(m.unit, "flux-system/")
		if m.current {
			ready[name] = true
		}
		if name != unit || m.applied == 0 && !m.current {
			continue
		}
		for _, need := range needs {
			if !ready[need] {
				return fmt.Errorf("it was applied before %s was Ready", need)
			}
		}
		return nil
	}
	return nil
}

// readyAt is when a unit was Ready for the first time.
func readyAt(moments []moment, unit string) time.Time {
	for _, m := range moments {
		if m.unit == "flux-system/"+unit && m.current {
			return m.at
		}
	}
	return time.Time{}
}

// The Prometheus judge: the API server takes any text as a rule's query and any map as Alertmanager's
// configuration. Prometheus refuses all rules of a file for one of them, Alertmanager does not start.
package main

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"

	"formwork.dev/judges/kit"
	alertmanager "github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// receivers is where a release of kube-prometheus-stack has the configuration of Alertmanager.
const receivers = "spec.values.alertmanager.config"

func main() {
	about := func() string {
		return fmt.Sprintf("Prometheus %s, Alertmanager %s",
			kit.Version("github.com/prometheus/prometheus"), kit.Version("github.com/prometheus/alertmanager"))
	}
	kit.Main(about, run)
}

func run(judge *kit.Judge) error {
	var rules, configurations []string
	for _, path := range judge.Paths {
		text, err := judge.Read(path)
		if err != nil {
			return err
		}
		docs, err := kit.ParseDocs(text)
		if err != nil {
			return err
		}
		for _, doc := range docs {
			one, err := kit.Docs{doc}.Text()
			if err != nil {
				return err
			}
			switch {
			case kit.Value(doc, "kind") == "PrometheusRule":
				if judge.Verdict(path, checkRules(one)) && len(docs) == 1 {
					rules = append(rules, path)
				}
			case kit.Value(doc, "kind") == "HelmRelease" && kit.Get(doc, receivers) != nil:
				if judge.Verdict(path, checkReceivers(one)) && len(docs) == 1 {
					configurations = append(configurations, path)
				}
			}
		}
	}
	if err := judge.Twins(rules, ruleMistakes, checkRules); err != nil {
		return err
	}
	return judge.Twins(configurations, receiverMistakes, checkReceivers)
}

// part is what a consumer gets of an object: Prometheus' operator writes the groups of a rule into a file, the chart
// writes the configuration of Alertmanager into a Secret.
func part(text []byte, path string) ([]byte, error) {
	docs, err := kit.ParseDocs(text)
	if err != nil {
		return nil, err
	}
	found := kit.Get(docs[0], path)
	if found == nil {
		return nil, fmt.Errorf("there is no %s", path)
	}
	return yaml.Marshal(found)
}

// checkRules does what `promtool check rules` does, its lints included.
func checkRules(text []byte) error {
	file, err := part(text, "spec")
	if err != nil {
		return err
	}
	read := parser.NewParser(parser.Options{})
	groups, errs := rulefmt.Parse(file, false, model.LegacyValidation, read, slog.New(slog.DiscardHandler))
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	seen := map[string]bool{}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			key := fmt.Sprint(rule.Alert, rule.Record, rule.Labels)
			if seen[key] {
				return fmt.Errorf("duplicate rule %s%s", rule.Alert, rule.Record)
			}
			seen[key] = true
		}
	}
	return nil
}

// checkReceivers does what `amtool check-config` does, and asks the router for every receiver: some alert must reach it.
func checkReceivers(text []byte) error {
	file, err := part(text, receivers)
	if err != nil {
		return err
	}
	config, err := alertmanager.Load(string(file))
	if err != nil {
		return err
	}
	routes := dispatch.NewRoute(config.Route, nil)
	reached := map[string]bool{}
	// The watchdog fires all the time and has a route of its own.
	for _, alert := range []model.LabelSet{
		{"alertname": "Watchdog", "severity": "none"},
		{"alertname": "Example", "severity": "critical"},
		{"alertname": "Example", "severity": "warning"},
		{"alertname": "Example", "severity": "info"},
	} {
		labels := model.LabelSet{"cluster": "example"}.Merge(alert)
		for _, route := range routes.Match(labels) {
			reached[route.RouteOpts.Receiver] = true
		}
	}
	for _, receiver := range config.Receivers {
		if sends(receiver) && !reached[receiver.Name] {
			return fmt.Errorf("no alert reaches %q", receiver.Name)
		}
	}
	return nil
}

// sends tells whether a receiver is more than a name.
func sends(receiver alertmanager.Receiver) bool {
	fields := reflect.ValueOf(receiver)
	for i := range fields.NumField() {
		if field := fields.Field(i); field.Kind() == reflect.Slice && field.Len() > 0 {
			return true
		}
	}
	return false
}

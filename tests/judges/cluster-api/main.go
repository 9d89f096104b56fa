// The Cluster API judge: a class is data full of paths and templates, and what is wrong in it shows only when a cluster is
// made of it. Here it is made of it, by Cluster API's own code, and counted.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cluster-api/feature"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "render" {
		if err := errors.Join(feature.MutableGates.Set("ClusterTopology=true"), render(os.Args[2])); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	kit.Main(func() string { return "Cluster API " + kit.Version("sigs.k8s.io/cluster-api") }, run)
}

// bundle is a cluster with its class and the class's templates.
type bundle struct {
	path string
	docs kit.Docs
}

func run(judge *kit.Judge) error {
	if err := feature.MutableGates.Set("ClusterTopology=true"); err != nil {
		return err
	}
	bundles, err := gather(judge)
	if err != nil {
		return err
	}
	done := map[string]bool{}
	for _, one := range bundles {
		if !judge.Verdict(one.path, check(one.docs)) {
			continue
		}
		for _, mistake := range mistakes {
			if done[mistake.Name] {
				continue
			}
			broken, err := one.docs.Copy()
			if err != nil {
				return err
			}
			if broken, err = mistake.Change(broken); err != nil {
				return err
			}
			if broken != nil {
				judge.Twin(one.path, mistake.Name, check(broken), mistake.Want)
				done[mistake.Name] = true
			}
		}
	}
	return nil
}

// gather finds each cluster and, in the tree of the cluster that makes it, its class and what that names.
func gather(judge *kit.Judge) ([]bundle, error) {
	type file struct {
		path string
		doc  kit.Docs
	}
	trees := map[string]map[string][]file{}
	var clusters []file
	for _, at := range judge.Paths {
		text, err := judge.Read(at)
		if err != nil {
			return nil, err
		}
		docs, err := kit.ParseDocs(text)
		if err != nil {
			return nil, err
		}
		tree := path.Dir(path.Dir(at))
		if trees[tree] == nil {
			trees[tree] = map[string][]file{}
		}
		for _, doc := range docs {
			one := file{at, kit.Docs{doc}}
			kind := kit.Value(doc, "kind")
			trees[tree][kind] = append(trees[tree][kind], one)
			if kind == "Cluster" {
				clusters = append(clusters, one)
			}
		}
	}
	var bundles []bundle
	for _, cluster := range clusters {
		tree := trees[path.Dir(path.Dir(cluster.path))]
		made := bundle{path: cluster.path, docs: cluster.doc}
		class := kit.Value(cluster.doc[0], "spec.topology.classRef.name")
		named := map[string]bool{}
		for _, one := range tree["ClusterClass"] {
			if kit.Value(one.doc[0], "metadata.name") == class {
				made.docs = append(made.docs, one.doc...)
				for _, ref := range references {
					named[kit.Value(one.doc[0], ref+".kind")+" "+kit.Value(one.doc[0], ref+".name")] = true
				}
			}
		}
		for kind, files := range tree {
			for _, one := range files {
				if named[kind+" "+kit.Value(one.doc[0], "metadata.name")] {
					made.docs = append(made.docs, one.doc...)
				}
			}
		}
		bundles = append(bundles, made)
	}
	return bundles, nil
}

// references are the paths at which a class names its templates.
var references = []string{
	"spec.infrastructure.templateRef",
	"spec.controlPlane.templateRef",
	"spec.controlPlane.machineInfrastructure.templateRef",
	"spec.workers.machineDeployments.0.bootstrap.templateRef",
	"spec.workers.machineDeployments.0.infrastructure.templateRef",
}

// check makes the cluster, and holds the result to what the cluster says it was promised.
func check(docs kit.Docs) error {
	objects, err := decode(docs)
	if err != nil {
		return err
	}
	desk, err := newDesk(objects)
	if err != nil {
		return err
	}
	text, version := desk.cluster.Annotations[promised], desk.cluster.Spec.Topology.Version
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	made, err := desk.plan(ctx)
	if err != nil {
		return err
	}
	return kept(text, version, made)
}

func decode(docs kit.Docs) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	for _, doc := range docs {
		text, err := kit.Docs{doc}.Text()
		if err != nil {
			return nil, err
		}
		json, err := yaml.YAMLToJSONStrict(text)
		if err != nil {
			return nil, err
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(json); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

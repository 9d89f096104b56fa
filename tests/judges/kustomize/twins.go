package main

import (
	"path"

	"formwork.dev/judges/kit"
	"go.yaml.in/yaml/v3"
)

// twins breaks the first good folder that lists a file, in memory, in each of these ways.
func twins(judge *kit.Judge, files map[string][]byte, good []string) error {
	whole := newTree(files)
	for _, folder := range good {
		name := path.Join(folder, file)
		var listed kustomization
		if err := yaml.Unmarshal(files[name], &listed); err != nil {
			return err
		}
		if len(listed.Resources) == 0 || files[path.Join(folder, listed.Resources[0])] == nil {
			continue
		}
		first := path.Join(folder, listed.Resources[0])
		object := string(files[first])

		listing := func(entry string) map[string][]byte {
			text, err := edit(files[name], entry)
			if err != nil {
				return nil
			}
			return map[string][]byte{name: text}
		}
		twin := func(what, want string, changes map[string][]byte) {
			judge.Twin(folder, what, whole.with(changes).check(folder), want)
		}

		twin("lists a file that is not there", "doesn't exist", listing("no-such-file.yaml"))
		copied := listing("again.yaml")
		copied[path.Join(folder, "again.yaml")] = files[first]
		twin("one object twice", "may not add resource with an already registered id", copied)
		twin("lists a file twice", "may not add resource with an already registered id", listing(path.Base(first)))
		twin("unlisted object", "is not listed", map[string][]byte{path.Join(folder, "extra.yaml"): files[first]})
		twin("unknown field in the kustomization", "unknown field", map[string][]byte{name: []byte(string(files[name]) + "\nresorces: []\n")})
		twin("object without a kind", "missing kind", map[string][]byte{first: []byte("apiVersion: v1\nmetadata: {name: x}\n")})
		twin("annotation that is no text", "of metadata.annotations is no text", map[string][]byte{
			first: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: x, annotations: {a: {b: c}}}\n")})
		twin("object that is no YAML", "yaml", map[string][]byte{first: []byte(object + "\n\t- [\n")})
		twin("no kustomization", "no "+file, map[string][]byte{name: nil})
		ownerTwin(judge, whole, folder, first, good)
		return nil
	}
	return nil
}

// ownerTwin puts an object of one unit into another one too.
func ownerTwin(judge *kit.Judge, whole *tree, folder, first string, good []string) {
	cluster := clusters([]string{folder})[0]
	for _, other := range good {
		if other == folder || clusters([]string{other})[0] != cluster || whole.within(other) {
			continue
		}
		name := path.Join(other, file)
		text, err := edit(whole.files[name], "stolen.yaml")
		if err != nil {
			continue
		}
		changed := whole.with(map[string][]byte{name: text, path.Join(other, "stolen.yaml"): whole.files[first]})
		judge.Twin(cluster, "one object in two units", changed.checkOwners(cluster, good), "is in ")
		return
	}
}

// edit adds an entry to the resources of a kustomization.
func edit(text []byte, entry string) ([]byte, error) {
	docs, err := kit.ParseDocs(text)
	if err != nil {
		return nil, err
	}
	resources := kit.Get(docs[0], "resources")
	resources.Content = append(resources.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: entry})
	return docs.Text()
}

package main

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"formwork.dev/judges/kit"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation"
)

// checkSecrets takes an opened file: each of its documents is a Secret, of the namespace that the file is named by.
func checkSecrets(name string, text []byte) error {
	docs, err := kit.ParseDocs(text)
	if err != nil {
		return err
	}
	for _, doc := range docs {
		one, err := kit.Docs{doc}.Text()
		if err != nil {
			return err
		}
		if kind := kit.Value(doc, "kind"); kind != "Secret" {
			return fmt.Errorf("a %s is not a Secret", kind)
		}
		secret, err := decode(one)
		if err != nil {
			return err
		}
		if err := checkNames(secret); err != nil {
			return err
		}
		if !strings.HasPrefix(path.Base(name), secret.Namespace+".") {
			return fmt.Errorf("the Secret is of the namespace %q", secret.Namespace)
		}
	}
	return nil
}

func decode(text []byte) (*core.Secret, error) {
	scheme := runtime.NewScheme()
	if err := core.AddToScheme(scheme); err != nil {
		return nil, err
	}
	options := json.SerializerOptions{Yaml: true, Strict: true}
	object, _, err := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, options).Decode(bytes.TrimSpace(text), nil, nil)
	if err != nil {
		return nil, err
	}
	secret, ok := object.(*core.Secret)
	if !ok {
		return nil, fmt.Errorf("%T is another Secret", object)
	}
	return secret, nil
}

// checkNames does what the API server does before it looks at a Secret's type.
func checkNames(secret *core.Secret) error {
	problems := validation.IsDNS1123Subdomain(secret.Name)
	problems = append(problems, validation.IsDNS1123Label(secret.Namespace)...)
	for key := range secret.Data {
		problems = append(problems, validation.IsConfigMapKey(key)...)
	}
	for key := range secret.StringData {
		problems = append(problems, validation.IsConfigMapKey(key)...)
	}
	if len(problems) > 0 {
		return fmt.Errorf("not a valid Secret: %s", strings.Join(problems, "; "))
	}
	return nil
}

// Package apiclient is how judges speak to an API server whose kinds come while they speak.
package apiclient

import (
	"sync"
	"time"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// Client reads and changes objects of any kind.
type Client struct {
	Dynamic dynamic.Interface

	lock  sync.Mutex
	kinds *restmapper.DeferredDiscoveryRESTMapper
}

// Config is a judge's own way into an API server.
func Config(s *kit.APIServer) *rest.Config {
	return &rest.Config{
		Host: s.Host, BearerToken: s.Token, QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{Insecure: true}, // its certificate is made at its start, on loopback
		WarningHandler:  rest.NoWarnings{},
	}
}

// Connect makes a client.
func Connect(config *rest.Config) (*Client, error) {
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	discover, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	kinds := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(discover))
	return &Client{Dynamic: objects, kinds: kinds}, nil
}

// Mapping is what the API server calls a kind; any version if none is named. It is asked again where it is not known.
func (c *Client) Mapping(kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	var versions []string
	if kind.Version != "" {
		versions = []string{kind.Version}
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	mapping, err := c.kinds.RESTMapping(kind.GroupKind(), versions...)
	if meta.IsNoMatchError(err) {
		c.kinds.Reset()
		mapping, err = c.kinds.RESTMapping(kind.GroupKind(), versions...)
	}
	return mapping, err
}

// Resource is where objects of a kind are: in all namespaces, if none is named.
func (c *Client) Resource(kind schema.GroupVersionKind, namespace string) (dynamic.ResourceInterface, error) {
	mapping, err := c.Mapping(kind)
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace && namespace != "" {
		return c.Dynamic.Resource(mapping.Resource).Namespace(namespace), nil
	}
	return c.Dynamic.Resource(mapping.Resource), nil
}

// Served waits until discovery has the kinds, a moment after their definitions.
func (c *Client) Served(kinds []schema.GroupKind, atMost time.Duration) error {
	for end := time.Now().Add(atMost); ; time.Sleep(100 * time.Millisecond) {
		var err error
		for _, kind := range kinds {
			if _, err = c.Mapping(kind.WithVersion("")); err != nil {
				break
			}
		}
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"formwork.dev/judges/apiclient"
	"formwork.dev/judges/kit"
	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	bootstrapv1beta1 "sigs.k8s.io/cluster-api/api/bootstrap/kubeadm/v1beta1"
	bootstrapv1 "sigs.k8s.io/cluster-api/api/bootstrap/kubeadm/v1beta2"
	controlplanev1beta1 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta1"
	controlplanev1 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta2"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
	bootstrap "sigs.k8s.io/cluster-api/bootstrap/kubeadm/webhooks/admission"
	controlplane "sigs.k8s.io/cluster-api/controlplane/kubeadm/webhooks/admission"
	"sigs.k8s.io/cluster-api/feature"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log"
	metrics "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
)

// serveKubeadm serves the webhooks of the kubeadm providers, the code that is in their managers, until ctx ends.
func serveKubeadm(ctx context.Context, s *kit.APIServer, h hooks, gates string) error {
	log.SetLogger(logr.Discard()) // what matters, an answer to the API server says
	if err := feature.MutableGates.Set(gates); err != nil {
		return err
	}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientgoscheme.AddToScheme, clusterv1.AddToScheme, bootstrapv1beta1.AddToScheme, bootstrapv1.AddToScheme,
		controlplanev1beta1.AddToScheme, controlplanev1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return err
		}
	}
	m, err := ctrl.NewManager(apiclient.Config(s), ctrl.Options{
		Scheme:        scheme,
		Metrics:       metrics.Options{BindAddress: "0"},
		WebhookServer: webhook.NewServer(webhook.Options{Host: "127.0.0.1", Port: h.kubeadm, CertDir: h.folder}),
	})
	if err != nil {
		return err
	}
	for _, hook := range []interface{ SetupWebhookWithManager(ctrl.Manager) error }{
		&bootstrap.KubeadmConfig{}, &bootstrap.KubeadmConfigTemplate{}, &controlplane.KubeadmControlPlane{},
		&controlplane.KubeadmControlPlaneTemplate{}, &controlplane.ScaleValidator{Client: m.GetClient()},
	} {
		if err := hook.SetupWebhookWithManager(m); err != nil {
			return err
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- m.Start(ctx) }()
	started := m.GetWebhookServer().StartedChecker()
	for range 900 {
		if started(nil) == nil {
			return nil
		}
		select {
		case err := <-ended:
			return fmt.Errorf("kubeadm's webhooks ended: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return errors.New("kubeadm's webhooks do not start")
}

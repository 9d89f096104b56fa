// Package config is a stand-in for the settings of the artifact store.
package config

import (
	"os"
	"time"

	"github.com/spf13/pflag"
)

type Options struct {
	StoragePath              string
	StorageAddress           string
	StorageAdvAddress        string
	ArtifactRetentionTTL     time.Duration
	ArtifactRetentionRecords int
	ArtifactDigestAlgo       string
}

func env(k, d string) string {
	if v := os.Getenv(k); v != "" {
		return v
	}
	return d
}

func (o *Options) BindFlags(fs *pflag.FlagSet) {
	fs.StringVar(&o.StoragePath, "storage-path", env("STORAGE_PATH", "/tmp/flux-storage"), "directory of the artifact store")
	fs.StringVar(&o.StorageAddress, "storage-addr", env("STORAGE_ADDR", "127.0.0.1:9790"), "address the artifact server listens on")
	fs.StringVar(&o.StorageAdvAddress, "storage-adv-addr", env("STORAGE_ADV_ADDR", ""), "host:port advertised in artifact URLs")
	fs.DurationVar(&o.ArtifactRetentionTTL, "artifact-retention-ttl", time.Minute, "unused by this store")
	fs.IntVar(&o.ArtifactRetentionRecords, "artifact-retention-records", 2, "unused by this store")
	fs.StringVar(&o.ArtifactDigestAlgo, "artifact-digest-algo", "sha256", "digest algorithm")
}

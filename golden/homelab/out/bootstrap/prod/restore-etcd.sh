#!/usr/bin/env bash
# formwork homelab sha256:c75a394c3a1d9e1132e6da599e9b758d (generated; edit platform.yaml)
# Takes the control plane of prod back to a snapshot of etcd, on machines that run Talos. What was written since is lost; what
# the repository says, Flux brings back.
#
#   restore-etcd.sh SNAPSHOT.db      a file that was taken as a snapshot
#   restore-etcd.sh newest           the newest in the bucket; rclone takes the key to it from RCLONE_CONFIG_S3_ACCESS_KEY_ID
#                                    and RCLONE_CONFIG_S3_SECRET_ACCESS_KEY
#
# It needs talosctl with a talosconfig of this cluster. It asks before it wipes anything, and can be run again.
set -euo pipefail

planes=(10.0.10.11 10.0.10.12 10.0.10.13)
first=${planes[0]}

say() { printf '%s\n' "$*"; }
die() { printf 'restore-etcd: %s\n' "$*" >&2; exit 1; }

[ $# -eq 1 ] || die "which snapshot? See the head of this file."
command -v talosctl >/dev/null || die "talosctl is missing"
snapshot=$1
if [ "$snapshot" = newest ]; then
  command -v rclone >/dev/null || die "rclone is missing"
  export RCLONE_CONFIG_S3_TYPE=s3 RCLONE_CONFIG_S3_PROVIDER=Other RCLONE_CONFIG_S3_REGION=us-east-1
  export RCLONE_CONFIG_S3_ENDPOINT=https://s3.example.org
  folder=s3:homelab-backup/prod/etcd
  name=$(rclone lsf --files-only --include '*.db' "$folder" | sort | tail -n 1)
  [ -n "$name" ] || die "there is no snapshot in $folder"
  snapshot=$(mktemp)
  say "fetching $name"
  rclone copyto "$folder/$name" "$snapshot"
fi
[ -f "$snapshot" ] || die "there is no file $snapshot"

# etcd ends a snapshot with the digest of all that comes before.
size=$(wc -c <"$snapshot")
[ "$size" -gt 32 ] || die "$snapshot is no snapshot"
sum=$(head -c "$((size - 32))" "$snapshot" | sha256sum | cut -d ' ' -f 1)
end=$(tail -c 32 "$snapshot" | od -A n -v -t x1 | tr -d ' \n')
[ "$sum" = "$end" ] || die "the snapshot is broken: its digest is $sum and it ends with $end"

say "This wipes etcd on every control plane of prod (${planes[*]}) and puts the snapshot in its place."
read -r -p "Write the name of the cluster to go on: " answer
[ "$answer" = prod ] || die "nothing was changed"

for plane in "${planes[@]}"; do
  say "resetting $plane"
  talosctl --endpoints "$plane" --nodes "$plane" reset --graceful=false --reboot --wait=false --system-labels-to-wipe EPHEMERAL ||
    say "  $plane does not answer: reset it by hand, or give it its config as at the first start"
done

# A control plane with an empty etcd waits: for the bootstrap, or for one that it can join.
say "waiting for $first"
until talosctl --endpoints "$first" --nodes "$first" service etcd 2>/dev/null | grep -q 'STATE *Preparing'; do sleep 5; done

say "restoring on $first"
talosctl --endpoints "$first" --nodes "$first" bootstrap --recover-from="$snapshot"

say "waiting for all 3 members"
until [ "$(talosctl --endpoints "$first" --nodes "$first" etcd members 2>/dev/null | grep -c 'https\?://')" -ge 3 ]; do sleep 5; done
say "done: \`flux reconcile kustomization flux-system --with-source\` brings what changed since"

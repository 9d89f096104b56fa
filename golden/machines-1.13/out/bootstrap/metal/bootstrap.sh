#!/usr/bin/env bash
# formwork machines sha256:a87e578ce36b913946e88f4c44efab50 (generated; edit platform.yaml)
# From nothing to a cluster that Flux keeps. Run it as often as you like: what is done stays as it is.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$here/../.." && pwd)

platform='machines'
cluster='metal'
tools=(talosctl kubectl helm)
steps=(machines etcd access namespaces install flux)
# Each machine: its name, its role, and the address of its configuration.
nodes=(
  'by-mac controlplane 10.0.10.11'
  'by-name controlplane 10.0.10.12'
  'by-selector controlplane 10.0.10.13'
  'bonded worker 10.0.10.21'
  'bridged worker 10.0.10.22'
  'dynamic worker'
  'board worker 10.0.10.24'
  'nasty worker 10.0.10.25'
)

kubeconfig=${CLUSTER_KUBECONFIG:-$HOME/.kube/$platform-$cluster.yaml}
dry_run=

say() { printf '%s\n' "$*"; }

fail() {
  printf 'bootstrap: %s\n' "$*" >&2
  exit 1
}

# run COMMAND...: shows it, and does it unless this is a dry run.
run() {
  say "  + $*"
  [ -n "$dry_run" ] || "$@"
}

# wait_for WHAT SECONDS COMMAND...: until the command succeeds.
wait_for() {
  local what=$1 left=$2
  shift 2
  [ -z "$dry_run" ] || return 0
  until "$@" >/dev/null 2>&1; do
    [ "$left" -gt 0 ] || fail "$what does not answer; look into it and run this again"
    sleep 5
    left=$((left - 5))
  done
}

# Where to get a tool.
home_of() {
  case $1 in
    git) say https://git-scm.com ;;
    helm) say https://helm.sh/docs/intro/install ;;
    kind) say https://kind.sigs.k8s.io ;;
    kubectl) say https://kubernetes.io/docs/tasks/tools ;;
    sops) say https://getsops.io ;;
    *) say https://www.talos.dev ;;
  esac
}

check_tools() {
  local tool missing=
  for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null 2>&1 || missing+="; $tool ($(home_of "$tool"))"
  done
  [ -z "$missing" ] || fail "these tools are missing: ${missing#; }"
}

# step NAME WHAT: says what comes, and whether it is to be done.
step() {
  [ "$1" != "$from" ] || from=
  [ -z "$from" ] || return 1
  say "$1: $2"
}

usage() {
  cat <<END
usage: bash bootstrap.sh [--from STEP] [--dry-run]

Brings up the cluster $cluster of the platform $platform, until Flux keeps it. It can
be run again at any time: what is done stays as it is.

  --from STEP   begin at a later step: ${steps[*]}
  --dry-run     show what would be done
  --help        show this

It reads from the environment:

  CLUSTER_KUBECONFIG   where access to the cluster is written
                       (now $kubeconfig)
END
  usage_more
}

usage_more() {
  cat <<'END'
  TALOS_SECRETS        folder with this cluster's controlplane.yaml, worker.yaml
                       and talosconfig
  ADDRESS_NODE         where a machine answers now, if that is not the address
                       of its configuration (in NODE, _ stands for - and .)
  SOPS_AGE_KEY_FILE    the age key that opens the sealed files
  CLUSTER_AGE_KEY_FILE the cluster's own age key, if it has one
END
}

# locate NAME STATED: sets `address`, where a machine answers.
locate() {
  local variable=ADDRESS_${1//[-.]/_}
  address=${!variable:-${2-}}
  [ -n "$address" ] || fail "the address of $1 is not stated: set $variable to where it answers now"
}

# via ADDRESS: sets `talos`, the command that speaks to the machine there.
via() { talos=(talosctl --talosconfig "$TALOS_SECRETS/talosconfig" --endpoints "$1" --nodes "$1"); }

on_machine() {
  via "$1"
  shift
  "${talos[@]}" "$@"
}

# What must be there before anything is touched.
check_more() {
  local entry name role stated file
  [ -n "${TALOS_SECRETS:-}" ] || fail "TALOS_SECRETS is not set: it names the folder with this cluster's secrets; docs/bootstrap.md says how to make it"
  [ -r "$TALOS_SECRETS/talosconfig" ] || fail "there is no $TALOS_SECRETS/talosconfig: it is the access to this cluster's machines"
  for entry in "${nodes[@]}"; do
    read -r name role stated <<<"$entry"
    locate "$name" "$stated"
    [ -r "$TALOS_SECRETS/$role.yaml" ] || fail "there is no $TALOS_SECRETS/$role.yaml: without its secrets no $role can join"
    file=$out/machines/$cluster/$name.yaml
    [ -r "$file" ] || fail "there is no $file: build it first"
  done
}

machines() {
  local entry name role stated
  for entry in "${nodes[@]}"; do
    read -r name role stated <<<"$entry"
    locate "$name" "$stated"
    if on_machine "$address" version >/dev/null 2>&1; then
      say "  $name has its configuration"
    else
      run talosctl apply-config --insecure --nodes "$address" --file "$out/machines/$cluster/$name.yaml" --config-patch "@$TALOS_SECRETS/$role.yaml"
    fi
  done
}

# Exactly one machine begins, once: a second beginning would be a second cluster. So all of them are asked first.
etcd() {
  local entry name role stated first=
  for entry in "${nodes[@]}"; do
    read -r name role stated <<<"$entry"
    [ "$role" = controlplane ] || continue
    locate "$name" "$stated"
    wait_for "$name ($address)" 900 on_machine "$address" version
    first=${first:-$address}
    if on_machine "$address" etcd members >/dev/null 2>&1; then
      say "  $name is a member of etcd"
      return 0
    fi
  done
  via "$first"
  run "${talos[@]}" bootstrap
  wait_for "etcd on $first" 600 on_machine "$first" etcd members
}

# The API answers long before nodes are Ready: they wait for the network that comes next.
access() {
  local entry name role stated
  if [ -r "$kubeconfig" ] && kubectl get --raw /readyz >/dev/null 2>&1; then
    say "  $kubeconfig works"
    return 0
  fi
  for entry in "${nodes[@]}"; do
    read -r name role stated <<<"$entry"
    [ "$role" = controlplane ] || continue
    locate "$name" "$stated"
    run mkdir -p "$(dirname "$kubeconfig")"
    via "$address"
    run "${talos[@]}" kubeconfig "$kubeconfig" --force --merge=false
    break
  done
  wait_for "the Kubernetes API" 900 kubectl get --raw /readyz
}

# kept UNIT: whether Flux reconciles it already. Then it is Flux's alone.
kept() {
  kubectl --namespace flux-system get kustomizations.kustomize.toolkit.fluxcd.io "$1" >/dev/null 2>&1 || return 1
  say "  $1 is kept by Flux"
}

apply() { run kubectl apply --server-side --force-conflicts "$@"; }

namespaces() {
  kept namespaces || apply --kustomize "$out/clusters/$cluster/namespaces"
}

# install_release UNIT RELEASE NAMESPACE TIMEOUT CHART...: with the name, version and values that Flux will find it with.
install_release() {
  local unit=$1 release=$2 namespace=$3 timeout=$4 status
  shift 4
  ! kept "$unit" || return 0
  status=$(helm status "$release" --namespace "$namespace" 2>/dev/null) || status=
  if grep -qx 'STATUS: deployed' <<<"$status"; then
    say "  $release is installed"
    return 0
  fi
  run helm upgrade --install "$release" "$@" --namespace "$namespace" --values "$here/values/$release.yaml" --wait --timeout "$timeout"
}

install() {
  install_release 'flux-operator' 'flux-operator' 'flux-system' '10m' 'oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator' '--version' '0.58.1'
}

flux() {
  kept 'flux-operator-config' || apply --filename "$out/"'clusters/metal/flux-operator-config/fluxinstance-flux.yaml'
  run kubectl --namespace flux-system wait fluxinstance/flux --for=condition=Ready --timeout=10m
}

from=${steps[0]}
while [ $# -gt 0 ]; do
  case $1 in
    --from)
      [ $# -ge 2 ] || fail "--from wants a step: ${steps[*]}"
      from=$2
      shift
      ;;
    --dry-run) dry_run=1 ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) fail "what is $1? --help shows what there is" ;;
  esac
  shift
done
[[ " ${steps[*]} " == *" $from "* ]] || fail "there is no step $from; there are: ${steps[*]}"

check_tools
check_more
export KUBECONFIG=$kubeconfig
[ -z "$dry_run" ] || say "nothing is done, only shown"

if step machines 'give each machine its configuration'; then machines; fi
if step etcd 'begin the cluster on one of them'; then etcd; fi
if step access 'get access to the Kubernetes API'; then access; fi
[ -n "$dry_run" ] || [ -r "$kubeconfig" ] || fail "there is no access to the cluster at $kubeconfig: begin at the step access"
if step namespaces 'make and label the namespaces'; then namespaces; fi
if step install 'install what must run before Flux can'; then install; fi
if step flux 'start Flux'; then flux; fi

say ""
say 'Flux follows https://git.example.org/me/platform.git from here on. To watch it:'
say "  export KUBECONFIG=$kubeconfig"
say "  kubectl --namespace flux-system get kustomizations"

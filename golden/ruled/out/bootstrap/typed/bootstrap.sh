#!/usr/bin/env bash
# formwork ruled sha256:ce764f18392eabd4555833326ce6d6a9 (generated; edit platform.yaml)
# From nothing to a cluster that Flux keeps. Run it as often as you like: what is done stays as it is.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$here/../.." && pwd)

platform='ruled'
cluster='typed'
tools=(kind kubectl helm)
steps=(machines access namespaces install flux)

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
  SOPS_AGE_KEY_FILE    the age key that opens the sealed files
  CLUSTER_AGE_KEY_FILE the cluster's own age key, if it has one
END
}

# What must be there before anything is touched.
check_more() {
  [ -r "$out/kind/$cluster.yaml" ] || fail "there is no $out/kind/$cluster.yaml: build it first"
}

# Paths in the configuration are relative to its folder.
machines() {
  local known
  known=$(kind get clusters 2>/dev/null) || fail "kind does not answer: is the container runtime running?"
  if grep -qxF "$cluster" <<<"$known"; then
    say "  the cluster $cluster is there"
    return 0
  fi
  cd "$out/kind"
  run mkdir -p "$(dirname "$kubeconfig")"
  run kind create cluster --name "$cluster" --config "$cluster.yaml" --kubeconfig "$kubeconfig"
  cd "$here"
}

# The API answers long before nodes are Ready: they wait for the network that comes next.
access() {
  if [ -r "$kubeconfig" ] && kubectl get --raw /readyz >/dev/null 2>&1; then
    say "  $kubeconfig works"
    return 0
  fi
  run mkdir -p "$(dirname "$kubeconfig")"
  run kind export kubeconfig --name "$cluster" --kubeconfig "$kubeconfig"
  wait_for "the Kubernetes API" 300 kubectl get --raw /readyz
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
  install_release 'cilium' 'cilium' 'kube-system' '10m' 'oci://quay.io/cilium/charts/cilium' '--version' '1.20.2'
  install_release 'flux-operator' 'flux-operator' 'flux-system' '10m' 'oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator' '--version' '0.58.1'
}

flux() {
  kept 'flux-operator-config' || apply --filename "$out/"'clusters/typed/flux-operator-config/fluxinstance-flux.yaml'
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

if step machines 'make the containers that are its machines'; then machines; fi
if step access 'get access to the Kubernetes API'; then access; fi
[ -n "$dry_run" ] || [ -r "$kubeconfig" ] || fail "there is no access to the cluster at $kubeconfig: begin at the step access"
if step namespaces 'make and label the namespaces'; then namespaces; fi
if step install 'install what must run before Flux can'; then install; fi
if step flux 'start Flux'; then flux; fi

say ""
say 'Flux follows https://git.example.org/ruled.git from here on. To watch it:'
say "  export KUBECONFIG=$kubeconfig"
say "  kubectl --namespace flux-system get kustomizations"

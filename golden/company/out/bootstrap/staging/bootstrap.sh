#!/usr/bin/env bash
# formwork company sha256:2f8ac5874033310675ae4c1c22fcd03d (generated; edit platform.yaml)
# From nothing to a cluster that Flux keeps. Run it as often as you like: what is done stays as it is.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$here/../.." && pwd)

platform='company'
cluster='staging'
tools=(kubectl sops)
steps=(access namespaces credentials)
manager='hub'

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

manager_kubeconfig=${MANAGER_KUBECONFIG:-$HOME/.kube/$platform-$manager.yaml}

usage_more() {
  cat <<END
  MANAGER_KUBECONFIG   access to the cluster $manager, which makes this one
                       (now $manager_kubeconfig)
  SOPS_AGE_KEY_FILE    the age key that opens the sealed files
  CLUSTER_AGE_KEY_FILE the cluster's own age key, if it has one
END
}

# What must be there before anything is touched.
check_more() {
  [ -r "$kubeconfig" ] || [ -r "$manager_kubeconfig" ] ||
    fail "there is no access to the cluster $manager at $manager_kubeconfig: set MANAGER_KUBECONFIG"
}

of_manager() { kubectl --kubeconfig "$manager_kubeconfig" --namespace clusters get secret "$cluster-kubeconfig" "$@"; }

# The manager has the access to what it makes. The API answers long before nodes are Ready.
access() {
  if [ -r "$kubeconfig" ] && kubectl get --raw /readyz >/dev/null 2>&1; then
    say "  $kubeconfig works"
    return 0
  fi
  wait_for "the first control plane of $cluster" 1800 of_manager
  say "  + the Secret $cluster-kubeconfig of $manager becomes $kubeconfig"
  [ -z "$dry_run" ] || return 0
  mkdir -p "$(dirname "$kubeconfig")"
  of_manager --output go-template='{{ .data.value | base64decode }}' >"$kubeconfig"
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

# has_secret NAME: whether Flux's namespace holds it. What is there is left as it is.
has_secret() {
  kubectl --namespace flux-system get secret "$1" >/dev/null 2>&1 || return 1
  say "  the Secret $1 is there"
}

# Flux opens sealed files with this key. Neither the key nor what it opens is ever an argument of a command.
age_key() {
  local key=${CLUSTER_AGE_KEY_FILE:-${SOPS_AGE_KEY_FILE:-}} secret
  ! has_secret sops-age || return 0
  [ -n "$key" ] || fail "SOPS_AGE_KEY_FILE is not set: it names the age key that opens this cluster's sealed files"
  [ -r "$key" ] || fail "there is no age key at $key"
  say "  + the age key of $key becomes the Secret sops-age"
  [ -z "$dry_run" ] || return 0
  secret=$(kubectl create secret generic sops-age --namespace flux-system --from-file=age.agekey="$key" --dry-run=client --output yaml)
  printf '%s\n' "$secret" | kubectl apply --server-side --force-conflicts --filename -
}

# sealed_secret NAME FILE: the credential by which Flux reads the repository.
sealed_secret() {
  local secret
  ! has_secret "$1" || return 0
  say "  + $2, opened, becomes the Secret $1"
  [ -z "$dry_run" ] || return 0
  secret=$(sops --decrypt "$out/clusters/$cluster/secrets/$2")
  printf '%s\n' "$secret" | kubectl apply --server-side --force-conflicts --filename -
}

credentials() {
  age_key
  sealed_secret 'flux-git' 'flux-system.flux-git.yaml'
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

if step access 'get access to the Kubernetes API'; then access; fi
[ -n "$dry_run" ] || [ -r "$kubeconfig" ] || fail "there is no access to the cluster at $kubeconfig: begin at the step access"
if step namespaces 'make and label the namespaces'; then namespaces; fi
if step credentials 'give Flux what it needs to read and to open'; then credentials; fi

say ""
say 'Flux follows https://github.com/example/company-platform.git from here on. To watch it:'
say "  export KUBECONFIG=$kubeconfig"
say "  kubectl --namespace flux-system get kustomizations"

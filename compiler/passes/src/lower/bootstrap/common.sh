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


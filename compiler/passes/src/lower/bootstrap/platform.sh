# kept UNIT: whether Flux reconciles it already. Then it is Flux's alone.
kept() {
  kubectl --namespace flux-system get kustomizations.kustomize.toolkit.fluxcd.io "$1" >/dev/null 2>&1 || return 1
  say "  $1 is kept by Flux"
}

apply() { run kubectl apply --server-side --force-conflicts "$@"; }

namespaces() {
  kept namespaces || apply --kustomize "$out/clusters/$cluster/namespaces"
}


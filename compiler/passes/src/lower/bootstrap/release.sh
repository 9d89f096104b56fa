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


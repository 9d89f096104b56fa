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


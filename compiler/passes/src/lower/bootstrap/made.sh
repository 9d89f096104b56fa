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


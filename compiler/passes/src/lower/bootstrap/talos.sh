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


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


# sealed_secret NAME FILE: the credential by which Flux reads the repository.
sealed_secret() {
  local secret
  ! has_secret "$1" || return 0
  say "  + $2, opened, becomes the Secret $1"
  [ -z "$dry_run" ] || return 0
  secret=$(sops --decrypt "$out/clusters/$cluster/secrets/$2")
  printf '%s\n' "$secret" | kubectl apply --server-side --force-conflicts --filename -
}


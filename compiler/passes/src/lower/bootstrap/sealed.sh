# sealed_secret NAME FILE: the credential by which Flux reads the repository.
sealed_secret() {
  ! has_secret "$1" || return 0
  say "  + $2, opened, becomes the Secret $1"
  [ -z "$dry_run" ] || return 0
  sops --decrypt "$out/clusters/$cluster/secrets/$2" | kubectl apply --server-side --force-conflicts --filename -
}


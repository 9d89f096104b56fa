# trusts NAME KEY: the host key that Flux will trust is the one that the spec states.
trusts() {
  local known
  [ -z "$dry_run" ] || return 0
  known=$(kubectl --namespace flux-system get secret "$1" --output go-template='{{ with index .data "known_hosts" }}{{ . | base64decode }}{{ end }}')
  grep -qF "$2" <<<"$known" || fail "the Secret $1 does not know the repository's host by the key of source.knownHosts: put it under known_hosts"
}


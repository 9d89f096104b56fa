# has_secret NAME: whether Flux's namespace holds it. What is there is left as it is.
has_secret() {
  kubectl --namespace flux-system get secret "$1" >/dev/null 2>&1 || return 1
  say "  the Secret $1 is there"
}


# stated_secret NAME FILE: a credential that is not sealed beside the spec must have been brought by hand.
stated_secret() {
  has_secret "$1" || [ -n "$dry_run" ] ||
    fail "Flux needs the Secret $1 to read the repository: seal it as $2 and build again, or create it in the namespace flux-system by hand"
}


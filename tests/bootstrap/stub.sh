#!/bin/sh
# Stands for one of the tools that the script calls: records the call and answers as the tool would.
name=${0##*/}
printf '%s %s\n' "$name" "$*" >>"$CALLS"
value_of() { # value_of FLAG ARGUMENT...: what stands after the flag
  flag=$1
  shift
  while [ $# -gt 1 ]; do
    [ "$1" = "$flag" ] && echo "$2" && return
    shift
  done
}
case "$name $*" in
  talosctl*" version") [ -e "$STATE/machine-$(value_of --nodes "$@")" ] ;;
  talosctl*apply-config*) touch "$STATE/machine-$(value_of --nodes "$@")" ;;
  talosctl*" etcd members") [ -e "$STATE/etcd" ] ;;
  talosctl*" bootstrap") touch "$STATE/etcd" "$STATE/api" ;;
  talosctl*" kubeconfig "*) touch "$(value_of kubeconfig "$@")" ;;
  "kind get clusters") cat "$STATE/kind" 2>/dev/null || true ;;
  kind*create*)
    value_of --name "$@" >>"$STATE/kind"
    touch "$STATE/api" "$(value_of --kubeconfig "$@")"
    ;;
  kubectl*"get --raw /readyz") [ -e "$STATE/api" ] ;;
  kubectl*get*kustomizations*) [ -e "$STATE/flux" ] ;;
  kubectl*"get secret "*known_hosts*) echo "$KNOWN_HOSTS" ;;
  kubectl*"get secret "*) [ -e "$STATE/secret-$(value_of secret "$@")" ] ;;
  kubectl*"create secret generic "*) echo "secret $(value_of generic "$@")" ;;
  kubectl*"apply "*"--filename -") while read -r _ secret; do touch "$STATE/secret-$secret"; done ;;
  kubectl*wait*) touch "$STATE/flux" ;;
  helm*status*) [ -e "$STATE/release-$2" ] && echo "STATUS: deployed" ;;
  helm*upgrade*) touch "$STATE/release-$3" ;;
  sops*--decrypt*) echo "secret flux-git" ;;
esac

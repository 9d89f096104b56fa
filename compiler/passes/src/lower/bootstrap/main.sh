from=${steps[0]}
while [ $# -gt 0 ]; do
  case $1 in
    --from)
      [ $# -ge 2 ] || fail "--from wants a step: ${steps[*]}"
      from=$2
      shift
      ;;
    --dry-run) dry_run=1 ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) fail "what is $1? --help shows what there is" ;;
  esac
  shift
done
[[ " ${steps[*]} " == *" $from "* ]] || fail "there is no step $from; there are: ${steps[*]}"

check_tools
check_more
export KUBECONFIG=$kubeconfig

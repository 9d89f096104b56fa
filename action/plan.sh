#!/usr/bin/env bash
# Checks the spec and the tree, and writes the plan. What they say becomes outputs: `status` is the exit code that the job
# should end with (0 good, 1 the spec is wrong, 2 the tree is stale, 3 a rule says no), `changed` whether a cluster changes.
# Only what can't be told in outputs fails this step.
set -euo pipefail
spec=()
[ -z "${SPEC:-}" ] || spec=("$SPEC")
base=${BASE:-}
status=0

# What is empty is not stated.
[ -z "${DENY:-}" ] || export FORMWORK_DENY=$DENY
[ -z "${BASELINE:-}" ] || export FORMWORK_BASELINE=$BASELINE

output() { echo "$1=$2" >> "$GITHUB_OUTPUT"; }

formwork check -o github "${spec[@]}" || status=$?
if [ "$status" = 0 ]; then
  formwork build --check "${spec[@]}" || status=$?
  if [ "$status" = 2 ]; then
    echo '::error title=stale tree::the built tree is not what the spec says: run formwork build, and commit what it changes'
  fi
fi
output status "$status"
case $status in
  0 | 2 | 3 | 4) ;;
  *) exit 0 ;;
esac

# The first push of a branch has no commit before it; a shallow clone has it not at hand.
if [ -z "$base" ] || [ -z "${base//0/}" ]; then
  echo '::notice title=no plan::there is nothing to compare with'
  exit 0
fi
if ! git cat-file -e "$base^{commit}" 2> /dev/null; then
  git fetch --quiet --no-tags --depth=1 origin "$base" || {
    echo "::warning title=no plan::the commit $base is not here: check out with fetch-depth 0"
    exit 0
  }
fi

# From exactly that commit on: what is checked out for a pull request is its merge with it.
plan=$RUNNER_TEMP/formwork-plan.md
code=0
formwork plan --base "$base.." -o markdown --exit-code "${spec[@]}" > "$plan" || code=$?
case $code in
  0) output changed false ;;
  2) output changed true ;;
  *)
    echo "::warning title=no plan::formwork plan ended with $code"
    exit 0
    ;;
esac
output plan-file "$plan"

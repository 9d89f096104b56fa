#!/usr/bin/env bash
# Keeps the plan as one comment on the pull request, found again by its first line. Where commenting is not wanted, there is no
# pull request, or GitHub says no (forks have a token that only reads), the plan goes to the job's summary.
set -euo pipefail
export MARKER="<!-- formwork plan ${SPEC:-platform.yaml} -->"
# GitHub takes no longer comment.
most=65000
body=$RUNNER_TEMP/formwork-comment.md

{
  echo "$MARKER"
  if [ "$(wc -c < "$PLAN_FILE")" -gt "$most" ]; then
    # Cut at the end of a line; a block that is open is closed.
    head -c "$most" "$PLAN_FILE" | sed '$d' > "$body.cut"
    cat "$body.cut"
    [ $(($(grep -c '^```' "$body.cut" || true) % 2)) = 0 ] || echo '```'
    printf '\nThe rest is too long for a comment.\n'
  else
    cat "$PLAN_FILE"
  fi
} > "$body"

summary() {
  echo "$1"
  cat "$body" >> "$GITHUB_STEP_SUMMARY"
}

comment() {
  local comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" id
  id=$(gh api --paginate "$comments" --jq '.[] | select(.user.type == "Bot" and (.body | startswith(env.MARKER))) | .id') || return
  id=${id%%$'\n'*}
  if [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$body" && echo "comment $id is renewed"
  elif [ "$CHANGED" = true ]; then
    gh api --silent --method POST "$comments" --field "body=@$body" && echo 'a comment is made'
  else
    echo 'nothing changes, and nothing was said before: no comment'
  fi
}

if [ "${COMMENT:-true}" != true ] || [ -z "${PULL_REQUEST:-}" ]; then
  summary 'the plan is in the summary of the job'
elif ! comment; then
  summary '::notice title=no comment::GitHub took no comment (a fork may only read): the plan is in the summary of the job'
fi

#!/usr/bin/env bash
# Ends the job: what was wrong has been said at its place.
set -euo pipefail

if [ "${STATUS:-1}" != 0 ]; then
  echo "formwork ended with ${STATUS:-no result}"
  exit 1
fi
if [ "${FAIL_ON_DIFF:-false}" = true ] && [ "${CHANGED:-}" = true ]; then
  echo '::error title=changes::this changes clusters, and fail-on-diff is set'
  exit 1
fi

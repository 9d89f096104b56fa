#!/usr/bin/env bash
# Puts formwork on PATH where it is not, or not in the version that is wanted.
set -euo pipefail
wanted=${WANTED:-}

if there=$(formwork --version 2> /dev/null); then
  if [ -z "$wanted" ] || [ "$there" = "formwork ${wanted#v}" ]; then
    echo "$there is there already"
    exit 0
  fi
fi
folder=${RUNNER_TOOL_CACHE:-$HOME}/formwork/${wanted:-newest}
if [ ! -x "$folder/bin/formwork" ]; then
  cargo install --quiet --locked --root "$folder" "formwork${wanted:+@${wanted#v}}"
fi
echo "$folder/bin" >> "$GITHUB_PATH"

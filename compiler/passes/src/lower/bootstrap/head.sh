#!/usr/bin/env bash
# From nothing to a cluster that Flux keeps. Run it as often as you like: what is done stays as it is.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$here/../.." && pwd)


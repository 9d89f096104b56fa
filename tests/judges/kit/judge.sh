# shellcheck shell=bash
# The frame of a judge's entry. Source it, define the four functions of the contract (README.md):
# about, reads, build and judge; end with `answer "$@"`.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)

# go_build [LINKER-FLAGS]: the Go module in this judge's folder, as the program "$JUDGE_HOME/judge".
go_build() {
  GOWORK=off go build -C "$here" -mod=readonly -trimpath -buildvcs=false -ldflags "-s -w ${1-}" \
    -o "$JUDGE_HOME/judge" .
}

# go_module MODULE@VERSION: the folder with its files. The checksum database of Go vouches for them.
go_module() {
  (cd "$JUDGE_HOME" && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p'
}

# What requirements.txt in this judge's folder pins, in "$JUDGE_HOME/venv".
python_build() {
  python3 -m venv "$JUDGE_HOME/venv"
  "$JUDGE_HOME/venv/bin/pip" install --quiet --no-input --disable-pip-version-check \
    --only-binary :all: --requirement "$here/requirements.txt"
}

# verdict accept|reject|leave|refused|missed SUBJECT [WHY]: one line, tabs between the fields.
verdict() {
  printf '%s\t%s\t%s\n' "$1" "$2" "$(tr -s '[:space:]' ' ' <<<"${3-}")"
}

answer() {
  case "${1-}" in
    about | reads | build) "$1" ;;
    judge) judge "${2:?the folder of a tree}" ;;
    *)
      echo "usage: $0 about | reads | build | judge TREE" >&2
      exit 2
      ;;
  esac
}

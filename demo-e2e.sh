#!/bin/sh
# The whole line in one command: installs and builds what is missing or out of date, then runs `orch demo` here, in the
# repository, with the arguments that were given.
set -eu
cd "$(dirname "$(readlink -f "$0")")"

say() { echo "demo-e2e: $*" >&2; }

# The tools that install orch; it runs on a Node that they bring along.
need_npm() {
  version=$(node --version 2>/dev/null) || version=
  major=${version#v}
  major=${major%%.*}
  if [ "${major:-0}" -lt 20 ]; then
    say "Node 20 or newer is needed to install orch; ${version:-none} was found on PATH."
  elif ! command -v npm >/dev/null; then
    say "npm is needed to install orch; none was found on PATH."
  else
    return 0
  fi
  exit 104
}

# npm writes this file last, so an install that was cut off counts as none.
installed=node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ -n "$(find package-lock.json -newer "$installed")" ]; then
  need_npm
  say 'installing with npm ci'
  npm ci --include=dev >&2
fi

if [ ! -f dist/main.js ] || [ -n "$(find src package.json tsconfig.json tsconfig.build.json -newer dist/main.js)" ]; then
  need_npm
  say 'building with npm run build'
  npm run --silent build >&2
fi

say "running orch demo${*:+ $*}"
exec bin/orch demo "$@"

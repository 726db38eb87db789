#!/bin/sh
# Brings the peers that `npm run bench` measures orch beside: bench/peers.sh [DIRECTORY]
# Debian's own (wrk, redis-benchmark, and nginx to answer them) come by apt where this is root; Go's and npm's go into the
# directory. What cannot be had is left out, and the table says so.
set -u
dir="${1:-${ORCH_BENCH_CACHE:-$HOME/.cache/orch-bench}}"
mkdir -p "$dir/bin" "$dir/npm"

had() { [ -x "$dir/bin/$1" ] || command -v "$1" >/dev/null 2>&1; }
tell() { printf '%-16s %s\n' "$1" "$2"; }

# RUNLEVEL=1 keeps Debian from starting the servers that it installs.
debian() {
  had "$1" || RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$2" >>"$dir/log" 2>&1
  had "$1" && tell "$1" here || tell "$1" 'not to be had by apt'
}

PATH="$PATH:/usr/local/go/bin"
go_tool() {
  had "$1" || GOBIN="$dir/bin" go install "$2" >>"$dir/log" 2>&1
  had "$1" && tell "$1" here || tell "$1" 'not to be had by go install'
}

npm_tool() {
  [ -x "$dir/npm/node_modules/.bin/$1" ] || npm install --prefix "$dir/npm" --no-audit --no-fund --ignore-scripts "$1" >>"$dir/log" 2>&1
  if [ -x "$dir/npm/node_modules/.bin/$1" ]; then tell "$1" here; else tell "$1" 'not to be had by npm'; fi
}

: >"$dir/log"
debian time time
debian wrk wrk
debian redis-benchmark redis-tools
debian redis-server redis-server
debian nginx nginx-light
go_tool vegeta github.com/tsenart/vegeta/v12@latest
go_tool k6 go.k6.io/k6@latest
npm_tool autocannon
npm_tool artillery
# It sends an event of each run even where it is told not to, and waits for that; without this package it does neither.
rm -rf "$dir/npm/node_modules/posthog-node"
tell log "$dir/log"

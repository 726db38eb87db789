#!/bin/bash
# A Toxiproxy server, which Debian does not package, built from the Go module proxy by the Go that is here, else by Debian's own:
# that one is too old for the current release, and gets the last one that it can build.
set -euo pipefail
command -v toxiproxy-server >/dev/null && exit 0

bash .ci/packages.sh go=golang-go
export GOTOOLCHAIN=local # No other Go is fetched.
minor=$(go env GOVERSION | sed -E 's/^go1\.([0-9]+).*/\1/')
version=$([ "$minor" -ge 23 ] && echo 2.12.0 || echo 2.5.0)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GOBIN=$work go install -ldflags "-s -w -X github.com/Shopify/toxiproxy/v2.Version=$version" \
  "github.com/Shopify/toxiproxy/v2/cmd/server@v$version"
install -D "$work/server" /usr/local/bin/toxiproxy-server
toxiproxy-server -version

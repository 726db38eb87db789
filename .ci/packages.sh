#!/bin/bash
# Installs the Debian package of each command that this machine lacks.
#
#     packages.sh COMMAND=PACKAGE…
set -euo pipefail

missing=()
for need in "$@"; do
  command -v "${need%%=*}" >/dev/null || missing+=("${need#*=}")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

# A package that starts its own service would take the ports of the nodes under test.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -qq -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3)
"${apt[@]}" update
"${apt[@]}" install -y --no-install-recommends "${missing[@]}" ca-certificates </dev/null

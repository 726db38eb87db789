#!/bin/bash
# Docker Compose v2 as a plugin of the docker client. Debian 12 only has v1, so it is taken out of the next release's
# package, from the mirror that this machine already uses; the plugin needs nothing but libc.
set -euo pipefail
docker compose version >/dev/null 2>&1 && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt downloads as a user of its own.
cd "$work"
mkdir -p lists/partial

# shellcheck disable=SC2016 # apt expands it.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
[ -n "$mirror" ] || { echo 'No Debian mirror is configured for apt.'; exit 1; }
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >sources.list

# A package list of its own: the machine's stays as it is.
apt=(apt-get -qq -o Acquire::Retries=3 -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State::Lists="$work/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
"${apt[@]}" update
"${apt[@]}" download docker-compose
dpkg -x docker-compose_*.deb package

install -D package/usr/libexec/docker/cli-plugins/docker-compose /usr/local/lib/docker/cli-plugins/docker-compose
docker compose version

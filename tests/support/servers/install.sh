#!/usr/bin/env bash
# Install the real servers of tests/live and tests/observing, the proxies before brokers, clocks that can be changed, kustomize, and the browser that judges the broker's pages, from Debian's packages.
# Does nothing where they are there already.
set -euo pipefail

packages=(redmine redmine-sqlite puma prometheus chromium haproxy nginx-light faketime kustomize)
installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for package in "${packages[@]}"; do installed "$package" || missing+=("$package"); done
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || { echo "the real servers and the browser come from Debian's packages (${missing[*]}), and there is no apt-get here" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "as root: apt-get install --no-install-recommends ${missing[*]}" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends "${missing[@]}"

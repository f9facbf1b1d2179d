#!/usr/bin/env bash
# Write the digest of the Dockerfile's base image into it: FROM python:3.13-slim becomes FROM python:3.13-slim@sha256:….
# It needs a Docker client (with buildx) that reaches the image's registry.
set -euo pipefail
cd "$(dirname "$0")"
file=${1:-Dockerfile}

image=$(sed -n 's/^FROM \([^ @]*\).*/\1/p' "$file" | sort -u)
if [ "$(printf '%s\n' "$image" | wc -l)" != 1 ] || [ -z "$image" ]; then
    echo "$file has to name exactly one base image; it names: ${image:-none}" >&2
    exit 1
fi
command -v docker >/dev/null || { echo "docker is not installed: it resolves the digest" >&2; exit 1; }
digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')
if ! [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
    echo "docker returned no digest for $image: ${digest:0:200}" >&2
    exit 1
fi
sed -i "s|^FROM $image\(@sha256:[0-9a-f]*\)\?|FROM $image@$digest|" "$file"
echo "$file: $image@$digest"

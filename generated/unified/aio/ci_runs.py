"""A run of a repository's CI workflow or pipeline. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import ci_runs as _sync

get = _sync.get.asynchronous
list = _sync.list.asynchronous

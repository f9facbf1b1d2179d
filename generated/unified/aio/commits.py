"""A commit of a repository. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import commits as _sync

get = _sync.get.asynchronous
list = _sync.list.asynchronous

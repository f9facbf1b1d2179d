"""A repository of source code. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import repositories as _sync

get = _sync.get.asynchronous
list = _sync.list.asynchronous

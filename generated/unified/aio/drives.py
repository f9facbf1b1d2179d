"""A drive that a team shares. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import drives as _sync

list = _sync.list.asynchronous

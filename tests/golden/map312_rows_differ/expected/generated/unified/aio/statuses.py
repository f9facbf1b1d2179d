"""A state of tasks. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import statuses as _sync

list = _sync.list.asynchronous

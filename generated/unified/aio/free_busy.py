"""When people and calendars are busy. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import free_busy as _sync

list = _sync.list.asynchronous

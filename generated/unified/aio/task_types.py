"""A kind of task. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import task_types as _sync

list = _sync.list.asynchronous

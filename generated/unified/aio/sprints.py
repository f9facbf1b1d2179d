"""A period or a version that tasks are planned for. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import sprints as _sync

list = _sync.list.asynchronous

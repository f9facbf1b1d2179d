"""A step that a task may take now. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import transitions as _sync

list = _sync.list.asynchronous

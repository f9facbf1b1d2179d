"""A field that the vendor's tasks have. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import task_fields as _sync

list = _sync.list.asynchronous

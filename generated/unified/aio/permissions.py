"""What somebody may do with a file. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import permissions as _sync

list = _sync.list.asynchronous
delete = _sync.delete.asynchronous
delete_many = _sync.delete_many.asynchronous

"""A remark on a task. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import comments as _sync

create = _sync.create.asynchronous
list = _sync.list.asynchronous
create_many = _sync.create_many.asynchronous

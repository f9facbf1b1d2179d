"""A branch of a repository. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import branches as _sync

create = _sync.create.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous
delete = _sync.delete.asynchronous
create_many = _sync.create_many.asynchronous
delete_many = _sync.delete_many.asynchronous

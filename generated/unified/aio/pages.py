"""A page of a wiki or a workspace. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import pages as _sync

get = _sync.get.asynchronous
list = _sync.list.asynchronous
search = _sync.search.asynchronous
create = _sync.create.asynchronous
update = _sync.update.asynchronous
move = _sync.move.asynchronous
delete = _sync.delete.asynchronous
create_many = _sync.create_many.asynchronous
update_many = _sync.update_many.asynchronous
move_many = _sync.move_many.asynchronous
delete_many = _sync.delete_many.asynchronous

"""An appointment in a calendar. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import events as _sync

create = _sync.create.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous
update = _sync.update.asynchronous
instances = _sync.instances.asynchronous
move = _sync.move.asynchronous
delete = _sync.delete.asynchronous
cancel = _sync.cancel.asynchronous
respond = _sync.respond.asynchronous
changes = _sync.changes.asynchronous
create_many = _sync.create_many.asynchronous
update_many = _sync.update_many.asynchronous
move_many = _sync.move_many.asynchronous
delete_many = _sync.delete_many.asynchronous
respond_many = _sync.respond_many.asynchronous

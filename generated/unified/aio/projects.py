"""What tasks belong to. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import projects as _sync

create = _sync.create.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous
update = _sync.update.asynchronous
archive = _sync.archive.asynchronous
unarchive = _sync.unarchive.asynchronous
create_many = _sync.create_many.asynchronous
update_many = _sync.update_many.asynchronous

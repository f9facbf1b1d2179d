"""A channel for messages. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import channels as _sync

create = _sync.create.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous
join = _sync.join.asynchronous
update = _sync.update.asynchronous
leave = _sync.leave.asynchronous
archive = _sync.archive.asynchronous
direct = _sync.direct.asynchronous
create_many = _sync.create_many.asynchronous
join_many = _sync.join_many.asynchronous
update_many = _sync.update_many.asynchronous
direct_many = _sync.direct_many.asynchronous

"""A folder of a mailbox, or a label. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import email_folders as _sync

list = _sync.list.asynchronous
get = _sync.get.asynchronous
create = _sync.create.asynchronous
update = _sync.update.asynchronous
delete = _sync.delete.asynchronous
create_many = _sync.create_many.asynchronous
update_many = _sync.update_many.asynchronous
delete_many = _sync.delete_many.asynchronous

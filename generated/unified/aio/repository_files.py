"""A file in a repository, at a branch, tag or commit. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import repository_files as _sync

get = _sync.get.asynchronous
download = _sync.download.asynchronous
list = _sync.list.asynchronous
create = _sync.create.asynchronous
update = _sync.update.asynchronous
delete = _sync.delete.asynchronous
create_many = _sync.create_many.asynchronous
update_many = _sync.update_many.asynchronous
delete_many = _sync.delete_many.asynchronous

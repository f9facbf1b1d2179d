"""A link that opens a file or a folder. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import shared_links as _sync

create = _sync.create.asynchronous
list = _sync.list.asynchronous
delete = _sync.delete.asynchronous
create_many = _sync.create_many.asynchronous
delete_many = _sync.delete_many.asynchronous

"""A person's review of a pull request. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import reviews as _sync

create = _sync.create.asynchronous
list = _sync.list.asynchronous
create_many = _sync.create_many.asynchronous

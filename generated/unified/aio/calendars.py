"""A calendar that holds events. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import calendars as _sync

create = _sync.create.asynchronous
list = _sync.list.asynchronous
get = _sync.get.asynchronous
create_many = _sync.create_many.asynchronous

"""A field of a table's rows, also called a column. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import table_fields as _sync

create = _sync.create.asynchronous
list = _sync.list.asynchronous
create_many = _sync.create_many.asynchronous

"""A public reply or an internal note on a ticket. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import ticket_replies as _sync

create = _sync.create.asynchronous
list = _sync.list.asynchronous
create_many = _sync.create_many.asynchronous

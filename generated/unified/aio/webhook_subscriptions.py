"""A registration by which a vendor sends webhooks to an address. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import webhook_subscriptions as _sync

create = _sync.create.asynchronous
list = _sync.list.asynchronous
update = _sync.update.asynchronous
delete = _sync.delete.asynchronous
create_many = _sync.create_many.asynchronous
update_many = _sync.update_many.asynchronous
delete_many = _sync.delete_many.asynchronous

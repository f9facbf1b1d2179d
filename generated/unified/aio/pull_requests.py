"""A proposal to merge one branch into another. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import pull_requests as _sync

create = _sync.create.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous
update = _sync.update.asynchronous
merge = _sync.merge.asynchronous
close = _sync.close.asynchronous
request_review = _sync.request_review.asynchronous
create_many = _sync.create_many.asynchronous
update_many = _sync.update_many.asynchronous

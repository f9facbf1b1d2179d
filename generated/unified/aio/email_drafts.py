"""An email that is not sent yet. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import email_drafts as _sync

list = _sync.list.asynchronous
get = _sync.get.asynchronous
create = _sync.create.asynchronous
reply = _sync.reply.asynchronous
update = _sync.update.asynchronous
send = _sync.send.asynchronous
delete = _sync.delete.asynchronous
create_many = _sync.create_many.asynchronous
reply_many = _sync.reply_many.asynchronous
update_many = _sync.update_many.asynchronous
delete_many = _sync.delete_many.asynchronous

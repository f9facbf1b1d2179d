"""Business that may come about. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import deals as _sync

create = _sync.create.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous
update = _sync.update.asynchronous
delete = _sync.delete.asynchronous
add_contact = _sync.add_contact.asynchronous
remove_contact = _sync.remove_contact.asynchronous
create_many = _sync.create_many.asynchronous
update_many = _sync.update_many.asynchronous
delete_many = _sync.delete_many.asynchronous
add_contact_many = _sync.add_contact_many.asynchronous
remove_contact_many = _sync.remove_contact_many.asynchronous

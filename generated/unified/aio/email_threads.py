"""A conversation of emails. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import email_threads as _sync

list = _sync.list.asynchronous
get = _sync.get.asynchronous
archive = _sync.archive.asynchronous
delete = _sync.delete.asynchronous
archive_many = _sync.archive_many.asynchronous
delete_many = _sync.delete_many.asynchronous

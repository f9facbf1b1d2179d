"""A person or app that tasks are assigned to. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import users as _sync

me = _sync.me.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous

"""A container of tables, such as a base, a workspace or a spreadsheet. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import workbooks as _sync

list = _sync.list.asynchronous
get = _sync.get.asynchronous
